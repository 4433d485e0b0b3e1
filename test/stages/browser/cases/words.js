// Plain words: the line of a first visit, the cards of the column heads, the clauses of the contract.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bar } from "../bars.js";
import { Server } from "../server.js";

const contract = new URL("../../../../contract/semantics.md", import.meta.url);

export const cases = [
  {
    name: "a first visit is told what a window, a signal and buy pressure are, until it closes the line",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("AAPL", "14:30", 100));
      const view = await browser.open(server.url);
      await view.wait("the line", async () => (await view.page.locator(".list .line").count()) === 1);
      const line = view.page.locator(".intro");
      for (const word of ["window", "signal", "Buy pressure"]) assert.ok((await line.innerText()).includes(word), word);
      await view.page.reload();
      await line.waitFor(); // only closing it counts
      await line.getByRole("button", { name: "Got it" }).click();
      assert.equal(await line.count(), 0);
      await view.page.reload();
      await view.wait("the list", async () => (await view.page.locator(".list .line").count()) === 1);
      assert.equal(await line.count(), 0, "remembered");
    },
  },
  {
    name: "every column head tells its formula, to the pointer and to the keys, and leads to the clause",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("AAPL", "14:30", 100));
      const view = await browser.open(server.url);
      await view.wait("the line", async () => (await view.page.locator(".list .line").count()) === 1);
      const tip = (view_name, column) => view.page.locator(`.${view_name} .heads .of-${column} .head-tip`);
      for (const [key, view_name] of [["1", "watch-view"], ["6", "signals-view"]]) {
        await view.page.keyboard.press(key);
        await view.page.locator(`.${view_name} .heads`).waitFor();
        const columns = await view.page.locator(`.${view_name} .heads .cell`).evaluateAll((cells) => cells.map((cell) => /of-([\w-]+)/.exec(cell.className)[1]));
        assert.ok(columns.length >= 8);
        for (const column of columns) assert.ok((await tip(view_name, column).textContent()).length > 20, column);
      }
      await view.page.keyboard.press("1");
      await view.page.locator(".heads .of-signal").hover();
      await tip("watch-view", "signal").waitFor({ state: "visible" });
      assert.match(await tip("watch-view", "signal").innerText(), /above 60 %[\s\S]*\(average close − lowest close\) ÷/);
      await view.page.mouse.move(5, 600);
      await tip("watch-view", "signal").waitFor({ state: "hidden" });
      // By keys alone: Tab goes from head to head, and through the link of each open card.
      await view.page.locator("#find").focus();
      await view.wait("the clause of the signal", async () => {
        await view.page.keyboard.press("Tab");
        await view.settle();
        return (await view.page.evaluate(() => document.activeElement.textContent)) === "Clause 4.5 of the contract";
      });
      assert.ok(await tip("watch-view", "signal").isVisible());
      await view.page.keyboard.press("Enter");
      const clause = view.page.locator('.words-view [data-clause="4.5"]');
      await clause.waitFor();
      await view.wait("it to be marked", async () => (await view.page.locator(".words-view .wanted").count()) === 1);
      assert.equal(new URL(view.page.url()).hash, "#/words/4.5");
      const written = /\*\*4\.5[\s\S]*?\n\n/.exec(readFileSync(contract, "utf8"))[0].replace(/[*`]/g, "").replace(/\s+/g, " ").trim();
      assert.equal((await clause.innerText()).replace(/\s+/g, " ").trim(), written, "the contract's own words");
    },
  },
];

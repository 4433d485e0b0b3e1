// The command palette: Ctrl K, typing, keys, and what axe says of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { bar } from "../bars.js";
import { Server } from "../server.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const cases = [
  {
    name: "Ctrl K opens the palette: symbols, views, ranges and actions by typing, also from a field",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("AAPL", "14:30", 100), bar("BTC/USD", "14:30", 50_000), bar("MSFT", "14:30", 200));
      const view = await browser.open(server.url);
      await view.wait("the lines", async () => (await view.page.locator(".list .line").count()) >= 3);
      const palette = view.page.locator("dialog.palette");
      const press = (...keys) => keys.reduce((before, key) => before.then(() => view.page.keyboard.press(key)), Promise.resolve());
      const type_and_go = async (text) => {
        await press("Control+k");
        await palette.waitFor({ state: "visible" });
        await view.page.keyboard.type(text);
        await press("Enter");
        await palette.waitFor({ state: "hidden" });
      };
      const hash = () => new URL(view.page.url()).hash;
      await type_and_go("usd");
      await view.wait("the symbol", async () => (await view.text(".symbol-name")) === "BTC/USD");
      await type_and_go("symbol: 15");
      assert.equal(hash(), "#/symbol/BTC%2FUSD?range=15m");
      await type_and_go("new york");
      assert.equal(await view.ask("zone"), "exchange");
      await type_and_go("watchl");
      await view.page.locator("#find").focus();
      await press("Control+k", "ArrowDown", "ArrowDown"); // watchlist, symbol, compare
      assert.equal(await palette.locator("[aria-selected=true] span").innerText(), "Compare");
      assert.equal(await palette.locator("input").getAttribute("aria-activedescendant"), await palette.locator("[aria-selected=true]").getAttribute("id"));
      await view.page.evaluate(axe);
      const { violations } = await view.page.evaluate(() => window.axe.run(document));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
      await press("Enter");
      await view.wait("compare", async () => hash().startsWith("#/compare"));
      await press("Control+k", "Escape");
      await palette.waitFor({ state: "hidden" });
      await press("?");
      await view.page.locator("dialog.help[open]").waitFor();
      assert.match(await view.text("dialog.help"), /Ctrl K/);
      await press("Escape");
      await type_and_go("list of keys");
      await view.page.locator("dialog.help[open]").waitFor();
    },
  },
];

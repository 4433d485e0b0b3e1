// The frame of the page: seven views with keys and addresses, help, time zones, and an accessibility check by axe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { bar } from "../bars.js";
import { views } from "../browser.js";
import { Server } from "../server.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const hash = (view) => new URL(view.page.url()).hash;

function violations(view) {
  return view.page.evaluate(async () =>
    (await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] })).violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`)),
  );
}

export const cases = [
  {
    name: "the keys 1 to 7 open the views, the browser's buttons go back, and nothing is taken from who types",
    async check(browser) {
      const server = await Server.start("--speed", "1");
      const view = await browser.open(server.url);
      await view.wait("live numbers", async () => (await view.lamp()) === "Running");
      for (const [i, name] of views.entries()) {
        await view.page.keyboard.press(String(i + 1));
        await view.wait(name, async () => (await view.page.locator("html").getAttribute("data-view")) === name);
        assert.equal(await view.page.locator("#views [aria-current=page]").getAttribute("data-view"), name);
      }
      await view.page.keyboard.press("5");
      await view.page.locator("#sql").fill("");
      await view.page.locator("#sql").press("1");
      assert.equal(await view.page.locator("#sql").inputValue(), "1");
      await view.page.goBack();
      await view.wait("the view before", async () => (await view.page.locator("html").getAttribute("data-view")) === "map");
      assert.deepEqual(view.complaints, []);
    },
  },
  {
    name: "j and k move, Enter opens, / finds, and ? tells all of it",
    async check(browser) {
      const server = await Server.start("--speed", "1");
      const view = await browser.open(server.url);
      await view.wait("five lines", async () => (await view.page.locator(".list .line").count()) === 5);
      const active = () => view.page.locator(".line.active").getAttribute("data-symbol");
      for (const key of ["j", "j", "j", "k"]) await view.page.keyboard.press(key);
      await view.wait("the second", async () => (await view.page.locator(".line.active").count()) === 1 && (await active()) === "AMZN");
      await view.page.keyboard.press("Enter");
      await view.wait("its page", async () => hash(view) === "#/symbol/AMZN");
      await view.page.keyboard.press("j");
      await view.wait("the next", async () => hash(view) === "#/symbol/GOOGL");
      await view.page.keyboard.press("?");
      const help = view.page.getByRole("dialog", { name: "Keys" });
      assert.match(await help.innerText(), /watchlist, symbol, compare, health, SQL/);
      await view.page.keyboard.press("Escape");
      await help.waitFor({ state: "hidden" });
      await view.page.keyboard.press("4");
      await view.page.keyboard.press("/");
      await view.wait("the field", async () => (await view.page.evaluate(() => document.activeElement.id)) === "find");
    },
  },
  {
    name: "times are written in the chosen zone, which is in the URL and kept for the next page",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("AAPL", "14:30", 100)); // 09:30 in New York; the window that it fills to the end ends at 09:31
      const view = await browser.open(server.compare);
      await view.wait("the badge", async () => (await view.badge("AAPL"))?.window.startsWith("to 14:31"));
      await view.page.selectOption("#zone", "exchange");
      await view.wait("New York", async () => (await view.badge("AAPL")).window.startsWith("to 09:31"));
      await view.wait("New York above the charts, too", async () => /09:26–09:31 New York/.test(await view.text("#readout")));
      assert.equal(hash(view), "#/compare?zone=exchange");
      await view.page.goto(`${server.url}/#/health`);
      await view.page.reload();
      await view.wait("the same zone", async () => /09:30:00 New York/.test(await view.text(".columns")));
    },
  },
  {
    name: "every state of every view is in the address: who opens it sees the same, and again after a reload",
    async check(browser) {
      const server = await Server.start("--speed", "1");
      const view = await browser.open(server.url);
      await view.wait("live numbers", async () => (await view.lamp()) === "Running");
      const text = (selector) => view.page.locator(selector).first().textContent();
      const pressed = (name) => view.page.getByRole("button", { name, exact: true }).getAttribute("aria-pressed");
      const sorted = (column) => view.page.locator(`.heads .of-${column}`).getAttribute("aria-sort");
      const states = {
        "#/watch?find=A&sort=volatility&down": async () => (await view.page.inputValue("#find")) === "A" && (await sorted("volatility")) === "descending" && (await text(".count")) === "3 of 5 symbols",
        "#/watch?sort=last&zone=local": async () => (await sorted("last")) === "ascending" && (await view.page.inputValue("#zone")) === "local",
        "#/symbol/TSLA?range=15m": async () => (await text(".symbol-name")) === "TSLA" && (await pressed("15 m")) === "true",
        "#/symbol/MSFT": async () => (await text(".symbol-name")) === "MSFT" && (await pressed("1 h")) === "true",
        "#/symbol/AMZN?range=day&zone=exchange": async () => (await pressed("Day")) === "true" && /New York$/.test(await text("dd[data-legend=Time]")),
        "#/symbol/AMZN?range=all&zone=utc": async () => (await pressed("All")) === "true" && /UTC$/.test(await text("dd[data-legend=Time]")),
        "#/compare?symbols=TSLA,AAPL&scale=price": async () => (await view.ask("chosen")).join() === "TSLA,AAPL" && (await pressed("Price")) === "true",
        "#/compare?symbols=GOOGL&scale=percent": async () => (await view.ask("chosen")).join() === "GOOGL" && (await pressed("% change")) === "true",
        "#/health?zone=exchange": async () => /New York/.test(await text(".columns")),
        "#/sql?q=SELECT%201%20AS%20one": async () => (await view.page.inputValue("#sql")) === "SELECT 1 AS one",
      };
      for (const [address, is_shown] of Object.entries(states)) {
        await view.page.goto(`${server.url}/${address}`);
        await view.wait(address, is_shown);
        await view.page.reload();
        await view.wait(`${address} after a reload`, is_shown);
        assert.equal(hash(view), address, "the address stays as it was");
      }
      for (let i = 0; i < 4; i++) await view.page.goBack();
      await view.wait("the one four steps back", async () => hash(view) === "#/symbol/AMZN?range=all&zone=utc" && (await states[hash(view)]()));
    },
  },
  ...["dark", "light"].map((scheme) => ({
    name: `axe finds nothing in what is empty, lost or laid over, ${scheme}`,
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.url, { scheme });
      const look = async (what) => {
        await view.settle();
        await view.page.evaluate(axe);
        assert.deepEqual(await violations(view), [], what);
      };
      await view.wait("the words", async () => (await view.text("#empty")).startsWith("No bars yet"));
      for (const name of views) {
        await view.open_view(name);
        await look(`${name} without a bar`);
        await view.page.evaluate(() => document.activeElement?.blur());
      }
      await view.page.keyboard.press("?");
      await look("the list of keys");
      await view.page.keyboard.press("Escape");
      await view.wait("it to close", async () => !(await view.page.locator("dialog").isVisible()));
      server.write("{ no json", bar("AAPL", "14:30", 100), bar("AAPL", "14:31", 101));
      await view.page.keyboard.press("4");
      await view.wait("the letter", async () => (await view.page.locator(".letters tbody tr").count()) === 1);
      await look("health with a rejected record");
      await view.page.keyboard.press("1");
      await view.wait("the line", async () => (await view.page.locator(".list .line").count()) === 1);
      await server.kill();
      await view.wait("the loss", async () => (await view.lamp()) === "Disconnected");
      for (const name of views) {
        await view.open_view(name);
        await look(`${name} when the server is gone`);
        await view.page.evaluate(() => document.activeElement?.blur());
      }
    },
  })),
  ...[["dark", 1440], ["light", 1440], ["dark", 390], ["light", 390]].map(([scheme, width]) => ({
    name: `axe finds nothing in any view, ${scheme}, ${width} pixels wide`,
    async check(browser) {
      const server = await Server.start();
      const view = await browser.open(server.url, { scheme, width, height: 844 });
      await view.wait("live numbers", async () => (await view.lamp()) === "Running");
      await view.page.evaluate(axe);
      for (const name of views) {
        await view.open_view(name);
        assert.deepEqual(await violations(view), [], name);
        assert.equal(await view.page.evaluate(() => document.documentElement.scrollWidth), width, `${name} sticks out`);
        await view.page.evaluate(() => document.activeElement?.blur());
      }
    },
  })),
];

// How the page is used: choosing symbols, the scale, the theme, the URL; many symbols.
import assert from "node:assert/strict";
import { Server } from "../server.js";

export const cases = [
  {
    name: "a press on a badge takes its symbol off the charts and puts it back with its whole past",
    async check(browser) {
      const server = await Server.start("--speed", "1");
      const view = await browser.open(server.compare);
      await view.wait("five symbols", async () => (await view.ask("chosen")).length === 5);
      const badge = view.page.locator(".badge[data-symbol=MSFT]");
      await badge.click();
      assert.deepEqual(await view.ask("chosen"), ["AAPL", "AMZN", "GOOGL", "TSLA"]);
      assert.equal(new URL(view.page.url()).hash, "#/compare?symbols=AAPL,AMZN,GOOGL,TSLA");
      await view.page.reload();
      await view.wait("the four", async () => (await view.badges()).filter(({ on_charts }) => on_charts).length === 4);
      await badge.click();
      assert.deepEqual(await view.ask("chosen"), ["AAPL", "AMZN", "GOOGL", "TSLA", "MSFT"]);
      await view.wait("its past", async () => (await view.ask("rows", "MSFT")).length === (await view.ask("rows", "AAPL")).length);
    },
  },
  {
    name: "price or % change: what is drawn is the average close, or its change since the left edge",
    async check(browser) {
      const server = await Server.start("--speed", "1");
      const view = await browser.open(`${server.url}/#/compare?symbols=AAPL,TSLA`);
      await view.wait_for_charts(100);
      // The page has a window slightly before it draws it.
      const look = () => view.page.evaluate(() => ({ rows: window.__tidemark.rows("AAPL"), drawn: window.__tidemark.drawn().average_close[0] }));
      await view.wait("changes", async () => {
        const { rows, drawn } = await look();
        const change = (rows.at(-1).avg_close / rows[0].avg_close - 1) * 100;
        return drawn.length === rows.length && drawn[0] === 0 && Math.abs(drawn.at(-1) - change) < 1e-9;
      });
      await view.page.getByRole("button", { name: "Price", exact: true }).click();
      await view.wait("prices", async () => {
        const { rows, drawn } = await look();
        return drawn.length === rows.length && drawn[0] === rows[0].avg_close && drawn.at(-1) === rows.at(-1).avg_close;
      });
      assert.equal(new URL(view.page.url()).hash, "#/compare?symbols=AAPL,TSLA&scale=price");
    },
  },
  {
    name: "hundreds of symbols: a screenful of badges, the others by search",
    async check(browser) {
      const symbols = Array.from({ length: 300 }, (_, i) => `T${String(i).padStart(3, "0")}`);
      const server = await Server.start("--symbols", symbols.join(","));
      const view = await browser.open(server.compare);
      await view.wait("the badges", async () => (await view.badges()).length === 24);
      await view.wait("word of the others", async () => (await view.text("#search-count")) === "24 of 300 symbols shown");
      await view.page.fill("#search", "t299");
      await view.wait("the wanted one", async () => (await view.badges()).length === 6);
      await view.page.locator(".badge[data-symbol=T299]").click();
      assert.ok((await view.ask("chosen")).includes("T299"));
      await view.wait("its past", async () => (await view.ask("rows", "T299")).length > 100);
    },
  },
  {
    name: "the theme follows the system until somebody chooses, and the choice stays",
    async check(browser) {
      const server = await Server.start("--speed", "1");
      const view = await browser.open(server.compare, { scheme: "light" });
      const ground = () => view.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await ground();
      await view.page.emulateMedia({ colorScheme: "dark" });
      await view.wait("the dark theme", async () => (await ground()) !== light);
      await view.page.getByRole("button", { name: "Switch to the light theme" }).click();
      assert.equal(await ground(), light);
      await view.page.reload();
      assert.equal(await ground(), light);
    },
  },
  {
    name: "nothing is asked of anybody but the server, and the browser has nothing to complain about",
    async check(browser) {
      const server = await Server.start();
      const view = await browser.open(server.compare);
      await view.wait("live numbers", async () => (await view.lamp()) === "Running");
      const sequence = await view.ask("sequence");
      await view.wait("newer ones", async () => (await view.ask("sequence")) > sequence + 1);
      const hosts = new Set(view.requests.map((url) => new URL(url).host));
      assert.deepEqual([...hosts], [`localhost:${server.port}`]);
      assert.deepEqual(view.complaints, []);
    },
  },
];

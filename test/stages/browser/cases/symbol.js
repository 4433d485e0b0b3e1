// The page of a symbol: candles of its bars, windows over them, exact numbers under the crosshair.
import assert from "node:assert/strict";
import { at, bar, plus } from "../bars.js";
import { Server } from "../server.js";

async function legend(view) {
  const values = await view.page.locator(".candle-legend dd").evaluateAll((all) => all.map((one) => [one.dataset.legend, one.textContent.replaceAll("\u202f", " ")]));
  return Object.fromEntries(values);
}

export const cases = [
  {
    name: "candles and windows of a symbol are those of the server, exact under the crosshair",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let minute = 0; minute < 5; minute++)
        server.write(bar("AAPL", plus("14:30", minute), 100 + minute, { open: 99.5 + minute, high: 105.123456789, low: 99, volume: 1000 + minute }));
      const view = await browser.open(`${server.url}/#/symbol/AAPL`);
      await view.wait("five candles", async () => (await view.ask("candles"))?.candles === 5);
      await view.wait("their windows", async () => (await legend(view)).Volatility === "1.5811");
      const shown = await legend(view);
      assert.deepEqual(
        [shown.Time, shown.Open, shown.High, shown.Low, shown.Close, shown.Volume],
        ["2026-03-02 14:34:00 UTC", "103.50", "105.123456789", "99.00", "104.00", "1,004"],
      );
      // The window that ends with this bar: closes 100 … 104.
      assert.deepEqual([shown["Avg close"], shown["High of closes"], shown["Low of closes"], shown["Buy pressure"], shown.Volatility], ["102.0000", "104.0000", "100.0000", "100 %", "1.5811"]);
      assert.match(shown.Window, /5 bars · still open/);
      await view.page.locator(".candles").focus();
      for (const key of ["Home", "ArrowRight", "ArrowRight"]) await view.page.keyboard.press(key);
      await view.wait("the third bar", async () => (await legend(view)).Close === "102.00");
      await view.page.keyboard.press("Escape");
      await view.wait("the newest", async () => (await legend(view)).Close === "104.00");
      server.write(bar("AAPL", "14:34", 101, { high: 106 }));
      await view.wait("the correction", async () => (await legend(view)).Close === "101.00");
      assert.equal((await view.ask("candles")).candles, 5);
      server.write(bar("AAPL", "14:35", 102));
      await view.wait("the next candle", async () => (await view.ask("candles")).candles === 6);
      assert.deepEqual((await view.ask("bars", "AAPL")).map(({ time }) => time), [0, 1, 2, 3, 4, 5].map((minute) => at(plus("14:30", minute))));
    },
  },
  {
    name: "the ranges show what they say, in the URL, and the newest stays in sight",
    async check(browser) {
      const server = await Server.start("--speed", "240");
      const view = await browser.open(`${server.url}/#/symbol/AAPL?range=15m`);
      const width = async () => {
        const { visible } = await view.ask("candles");
        return visible ? visible.to - visible.from : 0;  // null between two ranges
      };
      await view.wait("candles", async () => (await view.ask("candles"))?.candles > 100);
      await view.wait("a quarter of an hour", async () => (await width()) > 15 && (await width()) < 26);
      await view.page.getByRole("button", { name: "1 h" }).click();
      await view.wait("an hour", async () => (await width()) > 60 && (await width()) < 72);
      assert.equal(new URL(view.page.url()).hash, "#/symbol/AAPL");
      const before = await view.ask("candles");
      await view.wait("more candles, and the newest in sight", async () => {
        const { candles, points, visible } = await view.ask("candles");
        return candles > before.candles + 5 && visible?.to >= points.length - 1;
      });
      await view.page.getByRole("button", { name: "All" }).click();
      await view.wait("everything", async () => (await width()) > 120);
      assert.deepEqual(view.complaints, []);
    },
  },
  {
    name: "a symbol with a bar now and then: windows of one bar have no volatility, and the page says so",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("THIN", "14:00", 10), bar("THIN", "15:00", 11), bar("THIN", "16:30", 12));
      const view = await browser.open(`${server.url}/#/symbol/THIN`);
      await view.wait("three candles", async () => (await view.ask("candles"))?.candles === 3);
      await view.wait("the window", async () => (await legend(view)).Window.includes("1 bar ·"));
      assert.equal((await legend(view)).Volatility, "–");
      assert.deepEqual(view.complaints, []);
    },
  },
  {
    name: "a symbol of which nobody knows anything is said to be one, until its first bar comes",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("AAPL", "14:30", 100));
      const view = await browser.open(`${server.url}/#/symbol/NEW`);
      await view.wait("the words", async () => /^No bar of NEW has come/.test(await view.text("#empty")));
      assert.equal(await view.page.locator(".candles").isVisible(), false);
      server.write(bar("NEW", "14:30", 10), bar("NEW", "14:31", 11));
      await view.wait("its candles", async () => (await view.ask("candles"))?.candles === 2 && (await view.page.locator(".candles").isVisible()));
      assert.equal(await view.page.locator("#empty").isVisible(), false);
    },
  },
  {
    name: "where windows have no volatility, and where there are none, the symbol's lines have a gap",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (const [from, minutes] of [["14:00", [...Array(10).keys()]], ["14:30", [0]], ["14:40", [...Array(10).keys()]], ["15:00", [0, 4]]])
        for (const minute of minutes) server.write(bar("AAPL", plus(from, minute), 100 + (minute % 3)));
      server.end_input();
      const view = await browser.open(`${server.url}/#/symbol/AAPL?range=all`);
      await view.wait("its windows", async () => (await view.ask("candles"))?.points.filter(({ row }) => row?.status === "final").length === 38);
      await view.settle();
      const { points } = await view.ask("candles");
      assert.equal(points[37].row.window_end, "2026-03-02 15:05:00");
      assert.deepEqual(points.flatMap(({ row }, i) => (row.volatility === null ? [i] : [])), [0, 13, 14, 15, 16, 17, 18, 19, 32, 33, 34, 35, 36]);
      // The share of the columns between two points that contain the line.
      const share = async (name, from, to) => {
        const { visible } = await view.ask("candles");
        const columns = await view.candle_ink(...{ pressure: [1, 5], volatility: [2, 6] }[name]);
        const column = (index) => Math.round(((index - visible.from) / (visible.to - visible.from)) * columns.length);
        const part = columns.slice(column(from), column(to));
        return part.filter(Boolean).length / part.length;
      };
      await view.wait("the first line", async () => (await share("volatility", 1.5, 11.5)) > 0.95);
      assert.ok((await share("volatility", 20.5, 30.5)) > 0.95, "a line through the second volatilities");
      assert.equal(await share("volatility", 12.7, 19.3), 0, "no line through windows of a lone bar");
      assert.equal(await share("volatility", 31.7, 36.3), 0);
      const dot = await share("volatility", 36.5, 37.5);
      assert.ok(dot > 0.05 && dot < 0.6, "the value without neighbours is a point");
      assert.ok((await share("pressure", 14.5, 17.5)) > 0.95, "a line through the windows of the lone bar");
      for (const gap of [13, 18, 32]) assert.ok((await share("pressure", gap + 0.3, gap + 0.7)) < 0.3, "no line where there are no windows");
    },
  },
  {
    name: "bars that memory has forgotten come from the lake",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      // 1,500 minutes from Monday noon on: memory keeps 1,440.
      const time = (minute) => new Date(Date.UTC(2026, 2, 2, 12, minute)).toISOString().replace(".000", "");
      server.write(...Array.from({ length: 1500 }, (_, minute) => bar("AAPL", "12:00", 100 + (minute % 7), { timestamp: time(minute) })));
      const view = await browser.open(server.url);
      await server.wait_for_lake(1500);
      assert.equal((await server.get("/api/v1/bars?symbol=AAPL")).bars.length, 1440);
      // The first answer is a refusal. The page shows it and retries after a while; a server that is busy (429) it asks again without a word.
      const refusal = { status: 403, contentType: "application/json", body: JSON.stringify({ error: { message: "nobody may ask" } }) };
      let refused = 0;
      await view.page.route("**/api/v1/history?*", (route) => (refused++ === 0 ? route.fulfill(refusal) : route.continue()));
      await view.page.goto(`${server.url}/#/symbol/AAPL?range=all`);
      await view.wait("the refusal", async () => /not to be had: nobody may ask/.test(await view.text(".symbol-view")));
      await view.wait("all candles, and no word of it", async () => {
        return (await view.ask("candles"))?.candles === 1500 && !/not to be had/.test(await view.text(".symbol-view"));
      });
    },
  },
  {
    name: "six tabs with six symbols are all full, with every bar and window of the lake and nothing refused, while the console is busy",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      const time = (minute) => new Date(Date.UTC(2026, 2, 2, 12, minute)).toISOString().replace(".000", "");
      const symbols = ["A", "B", "C", "D", "E", "F"];
      for (let minute = 0; minute < 2100; minute++) server.write(...symbols.map((symbol, i) => bar(symbol, "12:00", 100 + i + (minute % 7), { timestamp: time(minute) })));
      server.end_input();
      await server.wait_for_lake(2100 * symbols.length);
      const busy = new AbortController();
      const question = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ sql: "SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b" }) };
      for (let slot = 0; slot < 2; slot++) void fetch(`${server.url}/api/v1/query`, { ...question, signal: busy.signal }).catch(() => {});
      const tabs = await Promise.all(symbols.map((symbol) => browser.open(`${server.url}/#/symbol/${symbol}?range=all`)));
      for (const [i, tab] of tabs.entries()) {
        await tab.wait(`all bars and windows of ${symbols[i]}`, async () => {
          const shown = await tab.ask("candles");
          return shown?.candles === 2100 && shown.points.filter(({ row }) => row).length === 2100;
        });
        const pages = new Set(tab.requests.filter((url) => url.includes("/api/v1/history?")));
        assert.equal(pages.size, 2, [...pages].join("\n"));
        // The closes of the day before are asked of the console, which is busy.
        const answers = await tab.page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/api/v1/history?")).map(({ responseStatus }) => responseStatus));
        assert.deepEqual([...new Set(answers)], [200]);
        assert.doesNotMatch(await tab.text(".symbol-view"), /not to be had/);
      }
      busy.abort();
    },
  },
  {
    name: "a page that is left open keeps the windows that came while it was",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--delay", "0s");
      const time = (minute) => new Date(Date.UTC(2026, 2, 2, 12, minute)).toISOString().replace(".000", "");
      const minutes = (from, to) => Array.from({ length: to - from }, (_, at) => bar("AAPL", "12:00", 100 + (at % 7), { timestamp: time(from + at) }));
      server.write(...minutes(0, 10));
      const view = await browser.open(`${server.url}/#/symbol/AAPL?range=all`);
      const windows = async (count) => (await view.ask("candles"))?.points.filter(({ row }) => row).length >= count;
      await view.wait("the first windows", () => windows(10));
      for (let from = 10; from < 310; from += 100) {
        server.write(...minutes(from, from + 100));
        await view.wait("more of them", () => windows(from + 100));
      }
      assert.equal((await view.ask("rows", "AAPL")).length, 240, "the store has forgotten some");
    },
  },
  {
    name: "after a restart of the server the candles are there again",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("AAPL", "14:30", 100), bar("AAPL", "14:31", 101));
      const view = await browser.open(`${server.url}/#/symbol/AAPL`);
      await view.wait("two candles", async () => (await view.ask("candles"))?.candles === 2);
      const epoch = await view.ask("epoch");
      await server.kill();
      await server.start();
      await view.wait("the new life", async () => (await view.ask("epoch")) !== epoch);
      server.write(bar("AAPL", "14:32", 102));
      await view.wait("three candles", async () => (await view.ask("candles")).candles === 3);
    },
  },
];

// What a reader must not have to check twice: one number of a symbol everywhere, a zoom that stays, a crosshair that
// agrees with its legend, lines that begin together, and why a signal is what it is.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";
import { wait_for } from "../wait.js";

const iso = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16);
const legend = (view, name) => view.text(`[data-legend="${name}"]`);

// The times at the edges of what is in sight.
async function edges(view) {
  const { points, visible } = await view.ask("candles");
  if (!visible) return null;
  const at = (index) => iso(points[Math.max(0, Math.min(points.length - 1, index))].time);
  return `${at(Math.ceil(visible.from))} ${at(Math.floor(visible.to))}`;
}

async function of_minutes(from, minutes, symbols = ["AAPL"]) {
  const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
  for (let minute = 0; minute < minutes; minute++) server.write(...symbols.map((symbol) => bar(symbol, plus(from, minute), 100 + (minute % 7))));
  return server;
}

export const cases = [
  {
    name: "one row stands for a symbol in every view and in the API, in the evening, for thin symbols, whatever was opened before",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("THIN", "18:00", 10), bar("THIN", "20:30", 11));
      for (let minute = 0; minute < 10; minute++) server.write(...["AAPL", "MSFT"].map((symbol) => bar(symbol, plus("20:50", minute), 100 + (minute % 7))));
      server.write(bar("AAPL", "21:20", 104), bar("AAPL", "21:21", 104));
      // MSFT's last bar is of 20:59; by AAPL's at 21:21 all of its windows are final, up to the one until 21:04.
      const right = { AAPL: "2026-03-02 21:22:00", MSFT: "2026-03-02 21:00:00", THIN: "2026-03-02 20:31:00" };
      const in_api = async () => Object.fromEntries((await server.get("/api/v1/symbols")).symbols.map(({ symbol, trend }) => [symbol, trend.window_end]));
      await wait_for("the rows", async () => JSON.stringify(await in_api()) === JSON.stringify(right));
      const check = async (view) => {
        for (const symbol of Object.keys(right)) assert.equal((await view.ask("current", symbol)).window_end, right[symbol], symbol);
      };
      const fresh = await browser.open(`${server.url}/#/symbol/MSFT`);
      await fresh.wait("its numbers", async () => (await fresh.ask("current", "THIN")) !== null);
      await check(fresh);
      for (const symbol of ["THIN", "AAPL"]) {
        await fresh.page.goto(`${server.url}/#/symbol/${symbol}`);
        await fresh.wait("its candles", async () => (await fresh.text(".symbol-name")) === symbol);
        await check(fresh);
      }
      await fresh.open_view("compare");
      await fresh.wait("the badges", async () => (await fresh.badges()).length === 3);
      for (const { symbol, window_end } of await fresh.badges()) assert.equal(window_end, right[symbol], symbol);
      // Of a page that watches one symbol only, the others come with few windows.
      const other = await browser.open(`${server.url}/#/compare?symbols=THIN`);
      await other.wait("the badges", async () => (await other.badges()).length === 3);
      for (const { symbol, window_end } of await other.badges()) assert.equal(window_end, right[symbol], symbol);
    },
  },
  {
    name: "keys zoom and move the chart, the crosshair stays on its minute, and a reload shows the same part",
    async check(browser) {
      const server = await of_minutes("12:00", 300);
      const view = await browser.open(`${server.url}/#/symbol/AAPL?range=all`);
      await view.wait("candles", async () => (await view.ask("candles"))?.candles === 300);
      await view.wait("the first bar", async () => {
        await view.page.locator(".candles").focus(); // again, if the chart was made anew with what the lake has
        await view.page.keyboard.press("Home");
        return (await legend(view, "Time")).startsWith("2026-03-02 12:00:00");
      });
      for (const key of ["+", "+", "+"]) await view.page.keyboard.press(key);
      await view.page.keyboard.press("PageDown");
      await view.wait("the part in the URL", async () => /from=2026-03-02T1\d:\d\dZ&to=/.test(view.page.url()));
      await view.settle();
      const seen = await edges(view);
      server.write(bar("AAPL", "17:00", 101));
      await view.wait("the next candle", async () => (await view.ask("candles")).candles === 301);
      assert.match(await legend(view, "Time"), /12:00:00/, "the crosshair is where the keys put it");
      assert.equal(await edges(view), seen, "and so is the part in sight");
      await view.page.reload();
      await view.wait("the same part", async () => (await view.ask("candles"))?.visible && (await edges(view)) === seen);
      await view.page.getByRole("button", { name: "15 m" }).click();
      await view.wait("the newest quarter of an hour", async () => (await edges(view)).endsWith("17:00"));
      assert.equal(new URL(view.page.url()).hash, "#/symbol/AAPL?range=15m");
    },
  },
  {
    name: "the ribbon has the signal of every window, hollow while it is provisional, and its card says why and what would turn it",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      // 100 … 104: the average 102 is in the middle of the range.
      for (let minute = 0; minute < 5; minute++) server.write(bar("AAPL", plus("14:30", minute), 100 + minute));
      const view = await browser.open(`${server.url}/#/symbol/AAPL`);
      await view.wait("its windows", async () => (await view.ask("candles"))?.marks.runs.at(-1)?.to === 4);
      const { points, marks } = await view.ask("candles");
      const signals = marks.runs.flatMap(({ signal, is_final, from, to }) => Array.from({ length: to - from + 1 }, () => `${signal} ${is_final}`));
      assert.deepEqual(signals, points.map(({ row }) => `${row.trend_signal} ${row.status === "final"}`));
      await view.page.locator(".candles").focus();
      await view.page.keyboard.press("End");
      const card = view.page.locator(".why");
      await card.waitFor();
      const text = (await card.innerText()).replaceAll("\u202f", " ");
      assert.match(text, /NEUTRAL/);
      assert.match(text, /2026-03-02 14:30 to 14:35 UTC · provisional/);
      assert.match(text, /Average 102\.0000 at 50 % of the closes' range 100\.0000 … 104\.0000\./);
      assert.match(text, /5 bars · buy pressure 0 % · VWAP deviation ±0\.00 %/);
      assert.match(text, /Bullish above an average of 102\.4000, bearish below 101\.6000\./);
      await view.page.keyboard.press("Escape");
      await card.waitFor({ state: "hidden" });
      // The pointer on the ribbon, at the foot of the candles' pane.
      const pane = await view.page.locator(".candles tr:nth-child(1) td:nth-child(2)").boundingBox();
      await view.page.mouse.move(pane.x + pane.width * 0.3, pane.y + pane.height - 8);
      await card.waitFor();
      await view.page.mouse.move(pane.x + pane.width * 0.3, pane.y + pane.height / 2);
      await card.waitFor({ state: "hidden" });
    },
  },
  {
    name: "compared lines begin at one left edge, over the chosen range, with what memory has forgotten from the lake",
    async check(browser) {
      const server = await of_minutes("10:00", 100, ["OLD"]);
      for (let minute = 100; minute < 400; minute++) server.write(...["OLD", "NEW"].map((symbol) => bar(symbol, plus("10:00", minute), 50 + (minute % 5))));
      server.end_input();
      await server.wait_for_lake(700);
      const view = await browser.open(`${server.url}/#/compare?symbols=OLD,NEW&scale=percent`);
      const first = async () => iso((await view.ask("times"))[0] ?? 0);
      const last = async () => iso((await view.ask("times")).at(-1) ?? 0);
      const lines = async () => (await view.ask("drawn"))?.average_close ?? [];
      await view.wait("the charts", async () => (await lines()).length === 2 && (await lines())[0].length > 200);
      const begin_at_zero = async () => (await lines()).every((line) => line[0] === 0);
      assert.ok(await begin_at_zero());
      await view.page.getByRole("button", { name: "1 h" }).click();
      await view.wait("an hour", async () => (await view.ask("times")).length <= 66 && (await begin_at_zero()));
      assert.match(view.page.url(), /range=1h/);
      await view.page.getByRole("button", { name: "All" }).click();
      // NEW begins at 11:40; its first window ends a minute later. Memory has the newest 240.
      await view.wait("everything since both are there", async () => (await first()) === "2026-03-02T11:41" && (await begin_at_zero()) && (await lines())[0].length >= 300);
      assert.match(view.page.url(), /range=all/);
      await view.page.getByRole("button", { name: "Own" }).click();
      await view.page.getByLabel("From, UTC").fill("2026-03-02T12:00");
      await view.page.getByLabel("To, UTC").fill("2026-03-02T13:00");
      await view.page.getByRole("button", { name: "Show", exact: true }).click();
      await view.wait("the hour of one's own", async () => (await first()) === "2026-03-02T12:00" && (await last()) === "2026-03-02T13:00" && (await begin_at_zero()));
      assert.match(view.page.url(), /from=2026-03-02T12:00Z&to=2026-03-02T13:00Z/);
      await view.page.reload();
      await view.wait("the same after a reload", async () => (await first()) === "2026-03-02T12:00" && (await last()) === "2026-03-02T13:00");
      assert.deepEqual(view.complaints, []);
    },
  },
  {
    name: "the keyboard's focus and crosshair stay on the chart when the lake answers",
    async check(browser) {
      const server = await of_minutes("12:00", 300);
      await server.wait_for_lake(300);
      const view = await browser.open(server.url);
      let answer = null;
      await view.page.route("**/api/v1/history?*", async (route) => {
        await new Promise((resolve) => (answer = resolve));
        await route.continue();
      });
      await view.page.goto(`${server.url}/#/symbol/AAPL?range=all`);
      await view.wait("candles", async () => (await view.ask("candles"))?.candles === 300 && answer !== null);
      await view.page.locator(".candles").focus();
      await view.page.keyboard.press("Home");
      await view.wait("the first bar", async () => (await legend(view, "Time")).startsWith("2026-03-02 12:00:00"));
      const windows = async () => (await view.ask("candles")).points.filter(({ row }) => row).length;
      const before = await windows();
      answer();
      await view.wait("the windows of the lake", async () => (await windows()) > before);
      await view.settle();
      assert.ok(await view.page.evaluate(() => document.activeElement?.classList.contains("candles")), "the focus");
      assert.match(await legend(view, "Time"), /12:00:00/);
    },
  },
  {
    name: "a price of 0.000012 has all of its places on the axis and in the legend",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let minute = 0; minute < 5; minute++) server.write(bar("TINY", plus("14:30", minute), Number((0.000012 + (minute % 2) * 1e-6).toFixed(6))));
      const view = await browser.open(`${server.url}/#/symbol/TINY`);
      await view.wait("its candles", async () => (await view.ask("candles"))?.candles === 5);
      assert.equal((await view.ask("candles")).price_label, "0.000012");
      await view.wait("the legend", async () => (await legend(view, "Close")) === "0.000012");
      await view.wait("its window", async () => (await legend(view, "High of closes")) === "0.00001300");
    },
  },
];

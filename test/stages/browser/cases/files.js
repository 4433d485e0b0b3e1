// Downloads of what is shown: the visible lines in their order, with every digit as the server writes it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

// The file that `deed` downloads: its name, its header, and its lines as { column: text }.
async function saved(view, deed) {
  const [download] = await Promise.all([view.page.waitForEvent("download"), deed()]);
  const [header, ...lines] = readFileSync(await download.path(), "utf8").trimEnd().split("\r\n").map((line) => line.split(","));
  return { name: download.suggestedFilename(), header, lines: lines.map((line) => Object.fromEntries(line.map((text, i) => [header[i], text]))) };
}

// An answer of the server with numbers as their original text, as in CSV.
async function texts(server, path) {
  const answer = await fetch(server.url + path);
  return JSON.parse(await answer.text(), (_, value, { source }) => (typeof value === "number" ? source : value));
}

const pick = (row, names) => Object.fromEntries(names.map((name) => [name, row[name] ?? ""]));
const bars_of = async (server, symbol) => (await texts(server, `/api/v1/bars?symbol=${encodeURIComponent(symbol)}`)).bars.map((values) =>
  Object.fromEntries(["symbol", "timestamp", "open", "high", "low", "close", "volume"].map((name, i) => [name, values[i]])));
const windows_of = async (server, symbol) => (await texts(server, `/api/v1/trends?symbol=${encodeURIComponent(symbol)}&limit=1000`)).trends;

const press = (view) => () => view.page.keyboard.press("e");
const button = (view) => () => view.page.getByRole("button", { name: "CSV" }).click();

export const cases = [
  {
    name: "the watchlist as a file: as it is filtered and sorted, with the digits of the server",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let minute = 0; minute < 6; minute++)
        server.write(bar("AAA", plus("14:30", minute), 30 + minute), bar("ABB", plus("14:30", minute), 10.123456789), bar("CCC", plus("14:30", minute), 20));
      server.write(bar("ALONE", "14:35", 7));
      const view = await browser.open(`${server.url}/#/watch?find=a&sort=last&down`);
      await view.wait("its lines", async () => (await view.page.locator(".list .line:not([hidden])").count()) === 3 && (await view.ask("rows", "ALONE")).length === 5);
      await view.wait("word of the last bar", async () => (await view.ask("status")).account.read === 19);
      const { name, lines } = await saved(view, press(view));
      assert.equal(name, "watchlist-a-by-last-20260302T1435Z.csv");
      assert.deepEqual(lines.map(({ symbol }) => symbol), ["AAA", "ABB", "ALONE"]);
      for (const line of lines) {
        const last = (await bars_of(server, line.symbol)).at(-1);
        assert.deepEqual([line.last, line.last_bar], [last.close, last.timestamp]);
        const row = (await windows_of(server, line.symbol)).find(({ window_end }) => window_end === line.window_end);
        const names = ["trend_signal", "buy_pressure", "volatility"];
        assert.deepEqual(pick(line, names), pick(row, names));
      }
      assert.deepEqual([lines[1].last, lines[2].volatility, lines[0].change], ["10.123456789", "", ""], "every digit, and nothing where there is nothing");
      assert.deepEqual((await saved(view, button(view))).lines, lines);
    },
  },
  {
    name: "a symbol as a file: the bars in sight with their windows, and no others",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let minute = 0; minute < 40; minute++) server.write(bar("BTC/USD", plus("14:00", minute), 100 + minute / 7, { open: 100, high: 123.000000001, low: 99, volume: 0.00012345 + minute }));
      server.end_input();
      const view = await browser.open(`${server.url}/#/symbol/BTC%2FUSD?range=15m`);
      await view.wait("its windows", async () => (await view.ask("candles"))?.points.filter(({ row }) => row?.status === "final").length === 40);
      await view.page.getByRole("button", { name: "15 m" }).click(); // counted from the current newest bar
      await view.wait("a quarter of an hour", async () => (await view.ask("candles")).visible?.from === 23.5);
      const { name, header, lines } = await saved(view, press(view));
      assert.equal(name, "symbol-BTC-USD-20260302T1424Z-20260302T1439Z.csv");
      const windows = new Map((await windows_of(server, "BTC/USD")).map((row) => [row.window_end, row]));
      const bars = new Map((await bars_of(server, "BTC/USD")).map((one) => [one.timestamp, one]));
      assert.equal(lines.length, 16, "minutes with bars, none with windows that had room for more");
      lines.forEach((line, i) => {
        assert.equal(line.timestamp, `2026-03-02T${plus("14:24", i)}:00Z`);
        const names = header.slice(1, 6);
        assert.deepEqual(pick(line, names), pick(bars.get(line.timestamp) ?? {}, names));
        const row = windows.get(`2026-03-02 ${plus("14:25", i)}:00`);
        assert.deepEqual(pick(line, header.slice(6)), pick(row, header.slice(6)));
      });
      await view.page.getByRole("button", { name: "All" }).click();
      await view.wait("everything", async () => (await view.ask("candles")).visible?.from < 0);
      assert.equal((await saved(view, button(view))).lines.length, 40);
    },
  },
  {
    name: "compare as a file: the windows of the chosen symbols as /api/v1/trends has them",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let minute = 0; minute < 12; minute++)
        for (const [symbol, close] of [["AAA", 30], ["BBB", 1234567.89], ["CCC", 20]]) server.write(bar(symbol, plus("14:30", minute), close + (minute % 5) / 3));
      server.write(bar("BBB", "15:30", 1234567));
      server.end_input();
      const view = await browser.open(`${server.url}/#/compare?symbols=BBB,AAA`);
      await view.wait("the end", async () => (await view.lamp()) === "Ended" && (await view.ask("times")).length === 21);
      await view.wait("finals", async () => [...(await view.ask("rows", "AAA")), ...(await view.ask("rows", "BBB"))].every(({ status }) => status === "final"));
      const { name, header, lines } = await saved(view, button(view));
      assert.equal(name, "compare-BBB-AAA-20260302T1431Z-20260302T1535Z.csv");
      const right = [...(await windows_of(server, "BBB")), ...(await windows_of(server, "AAA"))].map((row) => pick(row, header));
      right.sort((a, b) => (a.window_end === b.window_end ? (a.symbol < b.symbol ? 1 : -1) : a.window_end < b.window_end ? -1 : 1));
      assert.equal(right.length, 16 + 5 + 16);
      assert.deepEqual(lines, right);
      assert.deepEqual((await saved(view, press(view))).lines, lines);
    },
  },
];

// The chart of a symbol: candles of longer intervals against SQL, parts that are switched off, the volume profile, a picture.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Server } from "../server.js";

const DAYS = ["2026-03-04", "2026-03-05", "2026-03-06"]; // Wednesday to Friday, New York five hours behind
const begin = 13 * 60 + 45; // minutes of UTC: 08:45 in New York
const count = 300; // over the opening bell at 14:30

// Prices with up to nine places, a minute in seven missing.
function bars(symbol, days = DAYS) {
  return days.flatMap((day, of_day) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => i % 7 !== 3).map((i) => {
      const minute = begin + i;
      const close = Number((100 + of_day + (i % 13) / 8).toFixed(3));
      const open = Number((close - ((i * 5) % 11) / 100).toFixed(2));
      return {
        symbol, timestamp: `${day}T${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}:00Z`,
        open, high: Number((Math.max(open, close) + 0.000000001 * (i % 5)).toFixed(9)), low: Math.min(open, close), close, volume: Number((1000 + i / 8).toFixed(3)), vwap: close,
      };
    }),
  );
}

async function with_bars(symbols) {
  const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s", "--query-timeout", "2m");
  const all = symbols.flatMap((symbol) => bars(symbol));
  server.write(...all.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1)));
  server.end_input();
  await server.wait_for_lake(all.length);
  return server;
}

const trimmed = (decimal) => (decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal);

// Candles by SQL: the time of each, open, high, low, close, volume, as text.
async function by_sql(server, symbol, bucket) {
  const sql =
    `SELECT strftime(min(bucket), '%Y-%m-%dT%H:%M'), arg_min(open, timestamp)::VARCHAR, max(high)::VARCHAR, min(low)::VARCHAR, arg_max(close, timestamp)::VARCHAR, sum(volume)::VARCHAR ` +
    `FROM (SELECT *, ${bucket} AS bucket FROM bars WHERE symbol = '${symbol}') GROUP BY bucket ORDER BY 1`;
  const answer = await fetch(`${server.url}/api/v1/query`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ sql }) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()).rows.map(([time, ...prices]) => [time, ...prices.map(trimmed)].join(" "));
}

async function on_page(view) {
  const { points } = await view.ask("candles");
  return points.filter(({ bar }) => bar).map(({ time, bar }) => [new Date(time * 1000).toISOString().slice(0, 16), ...[bar.open, bar.high, bar.low, bar.close, bar.volume].map(trimmed)].join(" "));
}

const from_the_bell = "CASE WHEN timestamp::TIME < TIME '14:30' THEN time_bucket(INTERVAL '1 hour', timestamp) ELSE time_bucket(INTERVAL '1 hour', timestamp, TIMESTAMP '2026-03-04 14:30:00') END";
const intervals = {
  "5m": "time_bucket(INTERVAL '5 minutes', timestamp)",
  "15m": "time_bucket(INTERVAL '15 minutes', timestamp)",
  "1h": from_the_bell,
};

// The chart has so many candles of the interval: what is in memory comes first, older ones from the lake.
const has = (chart, interval, candles) => chart?.interval === interval && chart.candles === candles;

export const cases = [
  {
    name: "candles of five minutes, a quarter, an hour and a day are exactly those of SQL, in three zones, and their windows are real ones",
    async check(browser) {
      const server = await with_bars(["AAPL", "BTC/USD"]);
      const view = await browser.open(`${server.url}/#/symbol/AAPL?range=all`);
      await view.wait("all minutes", async () => (await view.ask("candles"))?.candles === DAYS.length * 257);
      const finals = new Map((await server.trends("AAPL")).map((row) => [row.window_end, row]));
      const zones = ["utc", "exchange", "local"];
      for (const [i, [interval, bucket]] of Object.entries(intervals).entries()) {
        await view.page.goto(`${server.url}/#/symbol/AAPL?range=all&interval=${interval}&zone=${zones[i]}`);
        const expected = await by_sql(server, "AAPL", bucket);
        await view.wait(interval, async () => has(await view.ask("candles"), interval, expected.length));
        assert.deepEqual(await on_page(view), expected, interval);
        const { points } = await view.ask("candles");
        for (const { row } of points) if (row && finals.has(row.window_end)) assert.equal(row.avg_close, finals.get(row.window_end).avg_close);
      }
      // A day stands at its first bar.
      const days = "CAST(timestamp - INTERVAL '5 hours' AS DATE)";
      for (const zone of zones) {
        await view.page.goto(`${server.url}/#/symbol/AAPL?range=all&interval=1d&zone=${zone}`);
        const found = await by_sql(server, "AAPL", days);
        await view.wait("days", async () => has(await view.ask("candles"), "1d", found.length));
        assert.deepEqual((await on_page(view)).map((line) => line.replace(/T\d\d:\d\d/, "T00:00")), found, zone);
        assert.ok((await on_page(view)).every((line) => line.includes("T13:45")));
      }
      // Around the clock hours are those of the clock.
      await view.page.goto(`${server.url}/#/symbol/BTC%2FUSD?range=all&interval=1h&zone=utc`);
      await view.wait("the coin", async () => (await view.text(".symbol-name")) === "BTC/USD" && has(await view.ask("candles"), "1h", 18));
      assert.deepEqual(await on_page(view), await by_sql(server, "BTC/USD", "time_bucket(INTERVAL '1 hour', timestamp)"));
      assert.deepEqual(view.complaints, []);
    },
  },
  {
    name: "parts of the chart are switched off one by one and stay off, prices may be logarithmic, and the profile has the volume in sight",
    async check(browser) {
      const server = await with_bars(["AAPL"]);
      const view = await browser.open(`${server.url}/#/symbol/AAPL?range=all`);
      await view.wait("candles with three panes", async () => (await view.ask("candles"))?.candles === DAYS.length * 257 && (await view.ask("candles")).panes === 3);
      const box = (part) => view.page.locator(`[data-part="${part}"]`);
      await view.page.locator(".menu summary").click();
      await box("buy_pressure").uncheck();
      await view.wait("two panes", async () => (await view.ask("candles")).panes === 2);
      await box("volatility").uncheck();
      await view.wait("one pane", async () => (await view.ask("candles")).panes === 1);
      await box("ribbon").uncheck();
      await view.wait("no ribbon", async () => (await view.ask("candles")).marks.runs.length === 0);
      for (const part of ["avg_close", "avg_vwap", "range_of_closes", "volume"]) await box(part).uncheck();
      await box("log").check();
      await box("profile").check();
      await view.wait("the profile", async () => (await view.ask("candles")).marks.profile.length > 0);
      const { marks, points } = await view.ask("candles");
      const total = (numbers) => numbers.reduce((sum, one) => sum + one, 0);
      const volume = total(points.map(({ bar }) => Number(bar?.volume ?? 0)));
      assert.ok(Math.abs(total(marks.profile.map((slot) => slot.volume)) / volume - 1) < 1e-9, "all of the volume");
      await view.page.reload();
      await view.wait("one pane after a reload", async () => (await view.ask("candles"))?.candles === DAYS.length * 257 && (await view.ask("candles")).panes === 1);
      assert.equal(await box("log").isChecked(), true);
      await view.page.locator(".menu summary").click();
      await box("volatility").check();
      await box("buy_pressure").check();
      await view.wait("three panes again, buy pressure above volatility", async () => (await view.ask("candles")).panes === 3 && (await view.candle_ink(1, 5)).some(Boolean));
      await view.page.keyboard.press("Escape");
      assert.equal(await view.page.locator(".menu").getAttribute("open"), null);
      assert.deepEqual(view.complaints, []);
    },
  },
  {
    name: "the chart is saved as a picture, and many minutes are shown as fewer candles unless one asks for all",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      const time = (minute) => new Date(Date.UTC(2026, 2, 2, 0, minute)).toISOString().replace(".000", "");
      server.write(...Array.from({ length: 2600 }, (_, minute) => ({ symbol: "X", timestamp: time(minute), open: 5, high: 6, low: 4, close: 5, volume: 1, vwap: 5 })));
      server.end_input();
      await server.wait_for_lake(2600);
      const view = await browser.open(`${server.url}/#/symbol/X?range=all`);
      await view.wait("five minutes a candle", async () => (await view.ask("candles"))?.interval === "5m" && (await view.ask("candles")).candles === 520);
      assert.ok((await view.ask("candles")).points.every(({ bar }) => bar.volume === "5"));
      await view.page.getByLabel("Interval of the candles").selectOption("1m");
      await view.wait("all of them", async () => (await view.ask("candles")).candles === 2600);
      assert.match(view.page.url(), /interval=1m/);
      const [download] = await Promise.all([view.page.waitForEvent("download"), view.page.getByRole("button", { name: "PNG" }).click()]);
      assert.match(download.suggestedFilename(), /^symbol-X-20260302T0000Z-20260303T1919Z\.png$/);
      const picture = readFileSync(await download.path());
      assert.equal(picture.subarray(1, 4).toString(), "PNG");
      assert.ok(picture.readUInt32BE(16) > 1000 && picture.readUInt32BE(20) > 400, "width and height");
      assert.deepEqual(view.complaints, []);
    },
  },
];

// The time axis of the candles: days and sessions are those of the chosen zone and of the exchange, on real bars.
import assert from "node:assert/strict";
import { bar } from "../bars.js";
import { no_real_bars, real_bars } from "../real_bars.js";
import { Server } from "../server.js";

const iso = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16);

// The times whose label is a date, and those of the day lines.
async function days(view) {
  const { points, marks } = await view.ask("candles");
  return { dated: marks.dated.sort((a, b) => a - b).map(iso), lines: marks.days.map((index) => iso(points[index].time)) };
}

async function candles(view, count) {
  await view.wait(`${count} candles`, async () => (await view.ask("candles"))?.candles >= count);
  return view.ask("candles");
}

async function of(lines, server = null) {
  const run = server ?? (await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s"));
  run.write(...lines);
  run.end_input();
  await run.wait_for_lake(lines.length);
  return run;
}

export const cases = [
  {
    name: "a date stands at the first bar of its day in the chosen zone, and follows the zone from the URL, the selector and the system",
    async check(browser) {
      if (no_real_bars) return no_real_bars;
      // SPY trades until 19:59 in New York, which is 23:59 UTC in October; the next bar is at 04:00, 08:00 UTC.
      const lines = real_bars("equity", ["SPY"]).filter((line) => /2013-10-0[78]T/.test(line));
      const server = await of(lines);
      const view = await browser.open(`${server.url}/#/symbol/SPY?range=all&zone=exchange`);
      const session = await view.page.context().newCDPSession(view.page);
      await session.send("Emulation.setTimezoneOverride", { timezoneId: "Asia/Tokyo" });
      await candles(view, lines.length);
      const new_york = { dated: ["2013-10-07T08:00", "2013-10-08T08:00"], lines: ["2013-10-08T08:00"] };
      assert.deepEqual(await days(view), new_york);
      // In Tokyo the day begins at 15:00 UTC.
      const tokyo = { dated: ["2013-10-07T08:00", "2013-10-07T15:00", "2013-10-08T15:00"], lines: ["2013-10-07T15:00", "2013-10-08T15:00"] };
      await view.page.locator("#zone").selectOption("local");
      await view.wait("Tokyo's days", async () => JSON.stringify(await days(view)) === JSON.stringify(tokyo));
      // In Paris at 22:00 UTC.
      await session.send("Emulation.setTimezoneOverride", { timezoneId: "Europe/Paris" });
      const paris = { dated: ["2013-10-07T08:00", "2013-10-07T22:00", "2013-10-08T22:00"], lines: ["2013-10-07T22:00", "2013-10-08T22:00"] };
      await view.wait("Paris's days", async () => JSON.stringify(await days(view)) === JSON.stringify(paris));
      await view.page.evaluate(() => (location.hash = "#/symbol/SPY?range=all&zone=exchange"));
      await view.wait("New York's days again", async () => JSON.stringify(await days(view)) === JSON.stringify(new_york));
    },
  },
  {
    name: "the sessions of a half day are those of the exchange, and no window stands past the last bar of its day",
    async check(browser) {
      if (no_real_bars) return no_real_bars;
      const lines = real_bars("equity", ["GOOG"]);
      const server = await of(lines);
      const view = await browser.open(`${server.url}/#/symbol/GOOG?range=all&zone=exchange`);
      const { points, marks } = await candles(view, lines.length);
      const bands = marks.bands.map(({ part, from, to }) => `${part} ${iso(points[from].time)} ${iso(points[to].time)}`);
      // On 24 December 2015 the exchange closed at 13:00, 18:00 UTC.
      assert.equal(bands.filter((band) => band.startsWith("post")).length, 2);
      const half_day = marks.bands.at(-1);
      assert.equal(half_day.part, "post");
      assert.ok(iso(points[half_day.from].time) >= "2015-12-24T18:00" && iso(points[half_day.from - 1].time) < "2015-12-24T18:00", bands.join("\n"));
      assert.ok(!bands.some((band) => band.startsWith("closed")), bands.join("\n"));
      // Every point of a window has a bar at or after it within the same session.
      const lonely = points.filter(({ bar: own, row, time }, i) => row && !own && !points.slice(i).some((later) => later.bar && later.time - time <= 90 * 60));
      assert.deepEqual(lonely.map(({ time }) => iso(time)), []);
      assert.ok(points.at(-1).bar, "the chart ends with the last bar");
      const nights = marks.skips.filter(({ kind }) => kind === "night").map(({ index }) => iso(points[index].time).slice(0, 10));
      assert.deepEqual(nights.filter((day) => day === "2015-12-24").length, 1, "the night between the two days is marked");
    },
  },
  {
    name: "a coin has no sessions, and its days begin at midnight of the zone",
    async check(browser) {
      const time = (minute) => new Date(Date.UTC(2018, 3, 4, 22, minute)).toISOString().replace(".000", "");
      const lines = no_real_bars
        ? Array.from({ length: 600 }, (_, minute) => JSON.stringify(bar("BTCUSD", "00:00", 7000 + (minute % 9), { timestamp: time(minute) })))
        : real_bars("crypto", ["BTCUSD"]).filter((line) => /T(2[2-3]|0[0-7]):/.test(line));
      const server = await of(lines);
      const view = await browser.open(`${server.url}/#/symbol/BTCUSD?range=all&zone=exchange`);
      const { marks, points } = await candles(view, lines.length);
      assert.deepEqual(marks.bands, []);
      // Midnight in New York is 04:00 UTC in April.
      const first = marks.dated.sort((a, b) => a - b).slice(1).map(iso);
      assert.ok(first.length > 0 && first.every((one) => one.endsWith("T04:00") || points[0].time === Date.parse(`${one}Z`) / 1000), first.join());
      await view.page.locator("#zone").selectOption("utc");
      await view.wait("UTC's midnight", async () => (await days(view)).lines.every((one) => one.endsWith("T00:00")));
    },
  },
];

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Point } from "../src/charts/candles";
import { volume_profile } from "../src/charts/volume_profile";
import { compare, sum } from "../src/decimal";
import { aggregated, begin_of, fitting } from "../src/intervals";
import { set_zone } from "../src/zone";

const at = (text: string) => Date.parse(text) / 1000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16);
afterEach(() => set_zone("utc"));

function bar(time: string, [open, high, low, close, volume]: [string, string, string, string, string]): Point {
  return { time: at(time), bar: { time: at(time), open, high, low, close, volume }, row: null };
}

const minutes = (from: string, count: number) => Array.from({ length: count }, (_, i) => bar(new Date((at(from) + i * 60) * 1000).toISOString(), ["1", "2", "0.5", "1.5", "1"]));

test("decimals are added and compared without a double's rounding", () => {
  assert.equal(sum(["0.1", "0.2", "1000000000000000000"]), "1000000000000000000.3");
  assert.equal(sum([]), "0");
  assert.equal(sum(["9007199254740991", "1", "1"]), "9007199254740993");
  assert.equal(sum(["12", "30"]), "42");
  assert.equal(compare("9007199254740993", "9007199254740992"), 1);
  assert.equal(compare("0.30", "0.3"), 0);
  assert.equal(compare("-1", "0.000000001"), -1);
});

test("a candle has the first open, the extremes, the last close and the exact sum of the volumes", () => {
  const points = [
    bar("2026-03-02T14:30:00Z", ["100.1", "9007199254740992", "99", "100.2", "0.1"]),
    bar("2026-03-02T14:31:00Z", ["100.2", "9007199254740993", "98.000000001", "100.3", "0.2"]),
    bar("2026-03-02T14:34:00Z", ["100.3", "100.4", "98.000000002", "100.25", "0.000000001"]),
    bar("2026-03-02T14:35:00Z", ["7", "8", "6", "7.5", "3"]),
  ];
  const candles = aggregated(points, "5m", true);
  assert.deepEqual(candles.map(({ bar }) => bar), [
    { time: at("2026-03-02T14:30:00Z"), open: "100.1", high: "9007199254740993", low: "98.000000001", close: "100.25", volume: "0.300000001" },
    { time: at("2026-03-02T14:35:00Z"), open: "7", high: "8", low: "6", close: "7.5", volume: "3" },
  ]);
});

test("hours begin at the bells of the exchange, in winter and in summer, and at full hours around the clock", () => {
  const begin = (time: string, sessions: boolean) => iso(begin_of(at(time), "1h", sessions));
  assert.equal(begin("2026-03-02T15:29:00Z", true), "2026-03-02T14:30");
  assert.equal(begin("2026-03-02T15:30:00Z", true), "2026-03-02T15:30");
  assert.equal(begin("2026-07-06T14:29:00Z", true), "2026-07-06T13:30");
  assert.equal(begin("2026-03-02T14:29:00Z", true), "2026-03-02T14:00"); // the pre-market's last half hour
  assert.equal(begin("2026-03-02T21:10:00Z", true), "2026-03-02T21:00"); // after hours
  assert.equal(begin("2026-11-27T18:20:00Z", true), "2026-11-27T18:00"); // a half day ends at 13:00
  assert.equal(begin("2026-03-02T15:29:00Z", false), "2026-03-02T15:00");
});

test("days are the exchange's, or around the clock those of the zone; they stand at their first bar", () => {
  const points = [...minutes("2026-03-02T14:30:00Z", 3), ...minutes("2026-03-03T00:30:00Z", 2), ...minutes("2026-03-03T14:30:00Z", 3)];
  const days = (sessions: boolean) => aggregated(points, "1d", sessions).map(({ time, bar }) => `${iso(time)} ${bar?.volume}`);
  assert.deepEqual(days(true), ["2026-03-02T14:30 5", "2026-03-03T14:30 3"]); // 19:30 in New York is after hours
  assert.deepEqual(days(false), ["2026-03-02T14:30 3", "2026-03-03T00:30 5"]);
  set_zone("exchange");
  assert.deepEqual(days(false), ["2026-03-02T14:30 5", "2026-03-03T14:30 3"]);
});

test("a candle has the window of its last minute that has one", () => {
  const points = minutes("2026-03-02T14:30:00Z", 5);
  const row = { window_end: "2026-03-02 14:34:00" } as Point["row"];
  points[1]!.row = { window_end: "2026-03-02 14:32:00" } as Point["row"];
  points[3]!.row = row;
  assert.equal(aggregated(points, "5m", true)[0]!.row, row);
});

test("a chart that chooses by itself takes the shortest interval that fits", () => {
  assert.equal(fitting(minutes("2026-03-02T14:30:00Z", 390), true), "1m");
  assert.equal(fitting(minutes("2026-03-02T00:00:00Z", 5_000), false), "5m");
  assert.equal(fitting(minutes("2026-03-02T00:00:00Z", 20_000), false), "15m");
});

test("a bar's volume lies evenly between its low and its high, and all of it is in the profile", () => {
  const points = [bar("2026-03-02T14:30:00Z", ["1", "3", "1", "2", "100"]), bar("2026-03-02T14:31:00Z", ["3", "3", "3", "3", "7"]), bar("2026-03-02T14:32:00Z", ["5", "5", "4", "5", "50"])];
  const slots = volume_profile(points, 4); // 1 to 5 in steps of one
  assert.deepEqual(slots.map(({ volume }) => volume), [50, 50, 7, 50]);
  assert.deepEqual(volume_profile([], 4), []);
  assert.deepEqual(volume_profile([bar("2026-03-02T14:30:00Z", ["2", "2", "2", "2", "9"])], 4), [{ from: 2, to: 2, volume: 9 }]);
});

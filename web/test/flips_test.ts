import assert from "node:assert/strict";
import { test } from "node:test";
import { count_by_hour, FlipLog, hour_of, newest_first, passes, place_in_range, range_percent, sum_of_hours, type Flip, type FlipFilter } from "../src/flips";
import { to_seconds, type Signal } from "../src/protocol";
import { row } from "./rows";

const at = (time: string) => to_seconds(`2026-11-22 ${time}:00`);
const final = (end: string, trend_signal: Signal, symbol = "AAPL") => row({ symbol, end, trend_signal });
const told = (log: FlipLog) => log.since(0).map(({ symbol, end, before, row: { trend_signal } }) => [symbol, end, before, trend_signal]);
const all: FlipFilter = { find: "", kind: "", least: 0 };

function flip(before: Signal, after: Signal, change = {}): Flip {
  return { symbol: "AAPL", end: at("10:05"), before, row: row({ trend_signal: after, ...change }) };
}

test("a final with another signal than the final before it is a flip; updates and repeated finals are not", () => {
  const log = new FlipLog();
  log.take([final("10:05", "NEUTRAL"), final("10:06", "NEUTRAL"), row({ end: "10:07", trend_signal: "BEARISH", status: "update" })]);
  assert.deepEqual(told(log), []);
  log.take([final("10:07", "BULLISH"), final("10:07", "BULLISH"), final("10:06", "BEARISH")]);
  assert.deepEqual(told(log), [["AAPL", at("10:07"), "NEUTRAL", "BULLISH"]]);
  assert.deepEqual(log.since(at("10:08")), []);
});

test("each symbol is compared with itself", () => {
  const log = new FlipLog();
  log.take([final("10:05", "NEUTRAL"), final("10:05", "BULLISH", "TSLA"), final("10:06", "BEARISH", "TSLA"), final("10:06", "NEUTRAL")]);
  assert.deepEqual(told(log), [["TSLA", at("10:06"), "BULLISH", "BEARISH"]]);
});

test("the first final of a new snapshot is compared with nothing, since finals before it may be missing", () => {
  const log = new FlipLog();
  log.take([final("10:05", "NEUTRAL"), final("10:06", "BULLISH")]);
  log.begin();
  assert.equal(log.complete_from(), null);
  log.take([final("10:30", "BEARISH"), final("10:31", "NEUTRAL")]);
  assert.deepEqual(told(log).map(([, end]) => end), [at("10:06"), at("10:31")]);
  assert.equal(log.complete_from(), at("10:30"));
  log.forget();
  assert.deepEqual(told(log), []);
});

test("at most twenty thousand flips are kept, and the log says since when it has all of them", () => {
  const log = new FlipLog();
  const signals: Signal[] = ["BULLISH", "BEARISH"];
  const minute = (i: number) => new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString().slice(0, 19).replace("T", " ");
  for (let i = 0; i <= 20_001; i++) log.take([{ ...row({ trend_signal: signals[i % 2]! }), window_end: minute(i) }]);
  const kept = log.since(0);
  assert.equal(kept.length, 20_000);
  assert.equal(kept[0]!.end, to_seconds(minute(2)));
  assert.equal(log.complete_from(), to_seconds(minute(2)) + 1);
});

test("the filter takes a part of a symbol, a kind, and the least range in percent of the average", () => {
  // 0.5 of 175.3 is 0.285 %.
  const some = flip("NEUTRAL", "BULLISH", { avg_close: 175.3, price_range: 0.5 });
  assert.equal(range_percent(some.row).toFixed(3), "0.285");
  assert.ok(passes(some, all));
  assert.ok(passes(some, { ...all, find: "ap" }) && !passes(some, { ...all, find: "TS" }));
  assert.ok(passes(some, { ...all, least: 0.28 }) && !passes(some, { ...all, least: 0.29 }));
  assert.ok(passes(some, { ...all, kind: "bullish" }) && !passes(some, { ...all, kind: "bearish" }) && !passes(some, { ...all, kind: "reversal" }));
  assert.ok(passes(flip("BEARISH", "BULLISH"), { ...all, kind: "reversal" }) && !passes(flip("BEARISH", "NEUTRAL"), { ...all, kind: "reversal" }));
});

test("an average of 175.3 lies at two fifths of 175.1 to 175.6, and nowhere where all closes are the same", () => {
  assert.equal(place_in_range(row({ avg_close: 175.3, min_close: 175.1, price_range: 0.5 }))!.toFixed(4), "0.4000");
  assert.equal(place_in_range(row({ price_range: 0 })), null);
});

test("a window that ends with the hour belongs to that hour", () => {
  assert.equal(hour_of(at("10:00")), at("09:00"));
  assert.equal(hour_of(at("10:01")), at("10:00"));
  const flips = [flip("NEUTRAL", "BULLISH"), flip("BULLISH", "BEARISH"), { ...flip("BEARISH", "BULLISH"), end: at("11:00") }, { ...flip("BEARISH", "NEUTRAL"), end: at("11:01") }];
  const counts = count_by_hour(flips);
  assert.deepEqual(counts, [
    { hour: at("10:00"), BULLISH: 2, NEUTRAL: 0, BEARISH: 1 },
    { hour: at("11:00"), BULLISH: 0, NEUTRAL: 1, BEARISH: 0 },
  ]);
  assert.deepEqual(sum_of_hours(counts, [{ hour: at("11:00"), BULLISH: 3, NEUTRAL: 1, BEARISH: 0 }])[1], { hour: at("11:00"), BULLISH: 3, NEUTRAL: 2, BEARISH: 0 });
});

test("the newest flips come first, those of one minute by symbol", () => {
  const one = flip("NEUTRAL", "BULLISH");
  const order = newest_first([{ ...one, symbol: "B" }, { ...one, end: at("10:06"), symbol: "C" }, { ...one, symbol: "A" }]);
  assert.deepEqual(order.map(({ symbol }) => symbol), ["C", "A", "B"]);
});

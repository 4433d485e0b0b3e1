import assert from "node:assert/strict";
import { test } from "node:test";
import { BarStore } from "../src/bars";
import { fewest } from "../src/places";
import type { BarTuple } from "../src/protocol";
import { nowhere } from "../src/address";
import { sorted, columns, type WatchRow } from "../src/views/watch_row";
import { sparkline } from "../src/views/watch_line";

const bar = (minute: number, close: string, symbol = "A"): BarTuple => [symbol, new Date(Date.UTC(2026, 2, 2, 14, minute)).toISOString(), close, close, close, close, "1"];

const minutes = (minute: number) => Date.UTC(2026, 2, 2, 14, minute) / 1000;

test("a bar that comes later or again takes its place, and the last is the newest", () => {
  const bars = new BarStore();
  bars.watch("A");
  bars.apply([bar(1, "1"), bar(3, "3")]);
  bars.apply([bar(2, "2"), bar(3, "3.5"), bar(0, "9", "B")]);
  assert.equal(bars.last("A")?.close, "3.5");
  assert.deepEqual(bars.last_hour("A", minutes(4)).closes, [1, 2, 3.5]);
  assert.deepEqual(bars.bars("A").map(({ close }) => close), ["1", "2", "3.5"]);
  assert.deepEqual(bars.bars("B"), [], "only of one symbol is everything kept");
  bars.add_past("A", [bar(0, "0"), bar(3, "3")]);
  assert.deepEqual(bars.bars("A").map(({ close }) => close), ["0", "1", "2", "3.5"], "what came live is newer");
});

test("the bars of a snapshot are shown when all of them are there, and no others", () => {
  const bars = new BarStore();
  bars.watch("A");
  bars.apply([bar(1, "1"), bar(1, "1", "GONE")]);
  bars.begin();
  bars.add([bar(1, "1"), bar(2, "2")]);
  bars.add([bar(3, "3", "B")]);
  assert.deepEqual([bars.last("A")?.close, bars.last("GONE")?.close, bars.last("B")], ["1", "1", null]);
  bars.finish();
  assert.deepEqual([bars.last("A")?.close, bars.last("GONE"), bars.last("B")?.close], ["2", null, "3"]);
  assert.deepEqual(bars.bars("A").map(({ close }) => close), ["1", "2"]);
  bars.begin();
  bars.add([bar(4, "4")]);
  bars.watch("B");
  bars.add([bar(4, "4", "B")]);
  bars.finish();
  assert.deepEqual(bars.bars("B").map(({ close }) => close), ["4"], "whom one looks at now");
});

test("only the closes of the last hour are kept", () => {
  const bars = new BarStore();
  for (let minute = 0; minute < 90; minute++) bars.apply([bar(minute, String(minute))]);
  const { closes } = bars.last_hour("A", minutes(90));
  assert.deepEqual([closes.length, closes[0]], [60, 30]);
});

test("the last hour is an hour of the market: a symbol that trades now and then has few closes in it, or none", () => {
  const bars = new BarStore();
  for (const minute of [0, 20, 50, 70]) bars.apply([bar(minute, String(minute))]);
  assert.deepEqual(bars.last_hour("A", minutes(71)).closes, [20, 50, 70]);
  assert.deepEqual(bars.last_hour("A", minutes(125)).closes, [70]);
  assert.deepEqual(bars.last_hour("A", minutes(200)), { from: minutes(140), times: [], closes: [] });
});

test("lines are sorted by any column, and who has nothing there comes last", () => {
  const row = (symbol: string, percent: number | null): WatchRow => ({ symbol, percent, bar: null, trend: null, change: null, session: null, is_forming: false, places: fewest, hour: { from: 0, times: [], closes: [] }, age: null });
  const rows = [row("C", 1), row("A", null), row("B", -2), row("D", 1)];
  const by = (id: string, down: boolean) => sorted(rows, columns.find((column) => column.id === id)!, down).map(({ symbol }) => symbol).join("");
  assert.equal(by("percent", true), "CDBA");
  assert.equal(by("percent", false), "BCDA");
  assert.equal(by("symbol", true), "DCBA");
  assert.equal(nowhere.sort, "");
});

test("a sparkline spans its box, and what never moved is a line in the middle", () => {
  assert.equal(sparkline([1], [1]), "");
  assert.equal(sparkline([1, 2], [0, 1]), "M0.0 20.0L96.0 2.0");
  assert.equal(sparkline([5, 5], [0.5, 1]), "M48.0 11.0L96.0 11.0");
});

test("a chart need not be drawn again for the bars of others", () => {
  const bars = new BarStore();
  bars.watch("A");
  bars.apply([bar(1, "1")]);
  const { watched_changes } = bars;
  bars.apply([bar(1, "9", "B")]);
  assert.equal(bars.watched_changes, watched_changes);
  bars.apply([bar(2, "2")]);
  assert.ok(bars.watched_changes > watched_changes);
});

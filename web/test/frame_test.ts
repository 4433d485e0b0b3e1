import assert from "node:assert/strict";
import { test } from "node:test";
import { build_frame, change_since_left, split_tail } from "../src/charts/frame";
import { Store } from "../src/store";
import { put_in_place, row, snapshot } from "./rows";

test("symbols share one axis; a window that one of them lacks is a gap in its line only", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row({ end: "10:05" }), row({ end: "10:07" }), row({ symbol: "TSLA", end: "10:05" }), row({ symbol: "TSLA", end: "10:06" })]));
  const frame = build_frame(store, ["AAPL", "TSLA"]);
  const ten = Date.UTC(2026, 10, 22, 10) / 1000;
  assert.deepEqual(frame.x, [ten + 300, ten + 360, ten + 420]);
  assert.deepEqual(frame.rows.map((rows) => rows.map((found) => found !== null)), [[true, false, true], [true, true, false]]);
  assert.equal(frame.slide, 60);
});

test("the windows after the last final are open", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row({ end: "10:05" }), row({ end: "10:06", status: "update" })]));
  assert.equal(build_frame(store, ["AAPL"]).last_final, 0);
  assert.equal(build_frame(store, ["TSLA"]).last_final, -1);
});

test("nothing chosen or nothing known is an empty frame", () => {
  const store = new Store(240);
  assert.deepEqual(build_frame(store, []).x, []);
  assert.deepEqual(build_frame(store, ["AAPL"]).x, []);
  assert.equal(build_frame(store, ["AAPL"]).now[0], -1);
});

test("the dashed tail starts on the last final, so that the lines meet", () => {
  const rows = [row({ end: "10:05" }), row({ end: "10:06" }), row({ end: "10:07", status: "update" }), row({ end: "10:08", status: "update" })];
  assert.deepEqual(split_tail([1, 2, 3, null], rows), [[1, 2, null, null], [null, 2, 3, null]]);
});

test("the change is counted from the first value there is", () => {
  assert.deepEqual(change_since_left([null, 200, null, 300, 150]), [null, 0, null, 50, -25]);
  assert.deepEqual(change_since_left([null, null]), [null, null]);
});

test("all lines begin at one left edge, the latest of their first windows in the range", () => {
  const store = new Store(240);
  put_in_place(store, snapshot(["10:05", "10:06", "10:07", "10:08"].flatMap((end) => [row({ symbol: "OLD", end }), ...(end >= "10:07" ? [row({ symbol: "NEW", end })] : [])])));
  const ends = (frame: ReturnType<typeof build_frame>) => frame.x.map((time) => new Date(time * 1000).toISOString().slice(11, 16));
  assert.deepEqual(ends(build_frame(store, ["OLD"])), ["10:05", "10:06", "10:07", "10:08"]);
  assert.deepEqual(ends(build_frame(store, ["OLD", "NEW"])), ["10:07", "10:08"]);
  const from = Date.parse("2026-11-22T10:08:00Z") / 1000;
  assert.deepEqual(ends(build_frame(store, ["OLD", "NEW"], from)), ["10:08"]);
});

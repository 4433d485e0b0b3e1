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
  assert.deepEqual(ends(build_frame(store, ["OLD", "NEW"], { from })), ["10:08"]);
});

test("of a long stretch the windows at round times are shown, the same ones of every symbol, and the newest", () => {
  const store = new Store(5_000);
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 16, 9, 30 + minute)).toISOString().slice(0, 19).replace("T", " ");
  const of = (symbol: string, minute: number) => ({ ...row({ symbol }), window_start: at(minute - 5), window_end: at(minute) });
  put_in_place(store, snapshot([...Array.from({ length: 4_001 }, (_, minute) => of("A", minute)), ...Array.from({ length: 4_001 }, (_, minute) => of("B", minute))]));
  const { x, rows, slide, now } = build_frame(store, ["A", "B"]);
  assert.equal(slide, 5 * 60);
  assert.ok(x.length > 790 && x.length < 820, String(x.length));
  assert.ok(rows.every((of_symbol) => of_symbol.every((one) => one !== null)));
  assert.equal(rows[0]!.at(-1)!.window_end, at(4_000));
  assert.equal(rows[1]![now[1]!], store.current("B"));
  assert.ok(x.slice(1, 700).every((end) => end % 300 === 0));
});

test("a stretch has an end, too, and older windows of the lake stand before those of memory", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row({ end: "10:06" }), row({ end: "10:07" })]));
  const older = row({ end: "10:05", avg_close: 1 });
  const time = (text: string) => Date.parse(`2026-11-22T${text}:00Z`) / 1000;
  const windows = (symbol: string) => {
    const { ends, rows, places } = store.history(symbol);
    return { ends: [time("10:05"), ...ends], rows: [older, ...rows], places };
  };
  const { x, rows } = build_frame(store, ["AAPL"], { windows, from: -Infinity, to: time("10:06") });
  assert.deepEqual(x, [time("10:05"), time("10:06")]);
  assert.equal(rows[0]![0], older);
});

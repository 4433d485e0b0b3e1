import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../src/store";
import { put_in_place, row, snapshot } from "./rows";

const ends = (store: Store, symbol = "AAPL") => store.history(symbol).rows.map(({ window_end }) => window_end.slice(11, 16));

test("windows that come out of order are kept in order of time", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row({ end: "10:07" }), row({ end: "10:05" }), row({ end: "10:06" })]));
  assert.deepEqual(ends(store), ["10:05", "10:06", "10:07"]);
});

test("the newest moment is known with the first row, and belongs to what is shown", () => {
  const store = new Store(240);
  assert.equal(store.newest(), null);
  put_in_place(store, snapshot([row({ end: "10:07" }), row({ end: "10:06" })]));
  assert.equal(store.newest(), Date.UTC(2026, 10, 22, 10, 2) / 1000);
  store.apply({ type: "trends", sequence: 2, trends: [row({ symbol: "TSLA", end: "10:09" })] });
  assert.equal(store.newest(), Date.UTC(2026, 10, 22, 10, 4) / 1000);
  store.forget();
  assert.equal(store.newest(), null);
});

test("an update replaces its window and adds none", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row({ status: "update", revision: 1, avg_close: 1 })]));
  store.apply({ type: "trends", sequence: 2, trends: [row({ status: "update", revision: 2, avg_close: 2 })] });
  assert.deepEqual(store.history("AAPL").rows.map(({ avg_close }) => avg_close), [2]);
});

test("what has been said of a window before does not come back", () => {
  const cases = [
    { held: { status: "update", revision: 3 }, comes: { status: "update", revision: 2 }, wins: false },
    { held: { status: "update", revision: 3 }, comes: { status: "update", revision: 4 }, wins: true },
    { held: { status: "update", revision: 3 }, comes: { status: "final", revision: 3 }, wins: true },
    { held: { status: "final", revision: 3 }, comes: { status: "update", revision: 9 }, wins: false },
    { held: { status: "final", revision: 3 }, comes: { status: "final", revision: 4 }, wins: true },
  ] as const;
  for (const { held, comes, wins } of cases) {
    const store = new Store(240);
    put_in_place(store, snapshot([row({ ...held, avg_close: 1 })]));
    store.apply({ type: "trends", sequence: 2, trends: [row({ ...comes, avg_close: 2 })] });
    assert.equal(store.history("AAPL").rows[0]!.avg_close, wins ? 2 : 1, JSON.stringify({ held, comes }));
  }
});

test("a missing message is noticed and changes nothing", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row()], 7));
  assert.equal(store.apply({ type: "trends", sequence: 9, trends: [row({ end: "10:06" })] }), false);
  assert.deepEqual(ends(store), ["10:05"]);
  assert.equal(store.apply({ type: "trends", sequence: 8, trends: [row({ end: "10:06" })] }), true);
});

test("a snapshot replaces everything, also symbols that are gone", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row({ symbol: "GONE" }), row({ end: "10:05" }), row({ end: "10:06" })], 9));
  put_in_place(store, snapshot([row({ end: "10:06" }), row({ end: "10:07" })], 1));
  assert.deepEqual(store.symbols(), ["AAPL"]);
  assert.deepEqual(ends(store), ["10:06", "10:07"]);
  assert.deepEqual(store.history("GONE").rows, []);
});

test("of a snapshot in parts nothing is seen before all is there", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row({ symbol: "GONE" })], 9));
  const { trends, ...head } = snapshot([row({ end: "10:05" }), row({ end: "10:06" })], 1);
  store.begin({ ...head, epoch: "new" });
  assert.ok(store.add(trends.slice(0, 1)) && store.add(trends.slice(1)));
  assert.deepEqual([store.symbols(), store.heard()], [["GONE"], { epoch: "e", sequence: 9 }]);
  store.finish();
  assert.deepEqual([store.symbols(), ends(store), store.heard()], [["AAPL"], ["10:05", "10:06"], { epoch: "new", sequence: 1 }]);
  assert.equal(store.add(trends), false, "a part of nothing");
});

test("one that never came to its end leaves no trace", () => {
  const store = new Store(240);
  store.begin(snapshot([], 1));
  store.add([row({ symbol: "CUT" })]);
  put_in_place(store, snapshot([row()], 2));
  assert.deepEqual(store.symbols(), ["AAPL"]);
});

test("a symbol that appears later takes its place in the alphabet", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row({ symbol: "TSLA" })]));
  store.apply({ type: "trends", sequence: 2, trends: [row({ symbol: "AMZN" })] });
  assert.deepEqual(store.symbols(), ["AMZN", "TSLA"]);
});

test("the oldest windows make room", () => {
  const store = new Store(2);
  put_in_place(store, snapshot([row({ end: "10:05" }), row({ end: "10:06" }), row({ end: "10:07" })]));
  assert.deepEqual(ends(store), ["10:06", "10:07"]);
});

test("of a symbol nobody looks at only the windows with its newest bar are kept", () => {
  const store = new Store(240);
  store.watch(["TSLA"]);
  const minutes = ["10:03", "10:04", "10:05", "10:06", "10:07", "10:08"];
  const rows = (symbol: string) => minutes.map((end) => row({ symbol, end }));
  put_in_place(store, snapshot([...rows("AAPL"), ...rows("TSLA")]));
  assert.deepEqual(ends(store), minutes); // of five minutes each: the first ended when the last began, and is the one before
  assert.deepEqual(ends(store, "TSLA"), minutes);
  store.apply({ type: "trends", sequence: 2, trends: [row({ end: "11:00" })] });
  assert.deepEqual(ends(store), ["10:08", "11:00"]);
});

test("one row stands for a symbol: the newest window that its bars have filled to the end", () => {
  const final = (end: string) => row({ end });
  const open = (end: string, bar_count = 1) => row({ end, bar_count, status: "update" });
  const cases = [
    { when: "bars every minute", rows: [final("10:04"), open("10:05", 5), open("10:06", 4), open("10:07", 3)], bar: "10:04", now: "10:05", forming: false },
    { when: "the evening: all windows are final", rows: [final("10:05"), final("10:06"), final("10:07"), final("10:09")], bar: "10:04", now: "10:05", forming: false },
    { when: "a lone bar after busier ones", rows: [final("10:05"), open("15:31"), open("15:32"), open("15:35")], bar: "15:30", now: "15:31", forming: false },
    { when: "no window is filled", rows: [open("10:05"), open("10:06")], bar: "10:02", now: "10:05", forming: true },
    { when: "no bar is known: the newest window began with one", rows: [final("10:05"), open("10:06"), open("10:09")], bar: null, now: "10:05", forming: false },
  ] as const;
  for (const { when, rows, bar, now, forming } of cases) {
    const store = new Store(240, () => (bar ? Date.parse(`2026-11-22T${bar}:00Z`) / 1000 : null));
    put_in_place(store, snapshot([...rows]));
    assert.equal(store.current("AAPL")!.window_end.slice(11, 16), now, when);
    assert.equal(store.is_forming("AAPL"), forming, when);
  }
});

test("the same row stands for a symbol whether it is watched or not", () => {
  const minutes = ["10:03", "10:04", "10:05", "10:06", "10:07", "10:08", "10:09"];
  const of = (watched: string[]) => {
    const store = new Store(240, () => Date.parse("2026-11-22T10:04:00Z") / 1000);
    store.watch(watched);
    put_in_place(store, snapshot(minutes.map((end) => row({ end }))));
    return store.current("AAPL")!.window_end;
  };
  assert.equal(of(["TSLA"]), of(["AAPL"]));
});

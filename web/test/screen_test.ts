import assert from "node:assert/strict";
import { test } from "node:test";
import { read_screen } from "../src/screen";
import type { WatchRow } from "../src/views/watch_row";
import { row } from "./rows";

const line = (symbol: string, trend = {}, change: Partial<WatchRow> = {}) =>
  ({ symbol, trend: row({ symbol, ...trend }), bar: { close: "175.50" }, change: null, percent: null, session: "regular", age: 60, ...change }) as WatchRow;
const rows = [
  line("AAPL", { trend_signal: "BULLISH", buy_pressure: 0.8, volatility: 0.5, avg_close: 100 }, { percent: 1.5, change: "1.2" }),
  line("TSLA", { trend_signal: "BULLISH", buy_pressure: 0.6 }, { percent: -2 }),
  line("BTC/USD", { trend_signal: "BEARISH", buy_pressure: 1, volatility: null }, { session: "always" }),
];
const left = (text: string) => {
  const { passes, error } = read_screen(text);
  assert.equal(error, "", text);
  return rows.filter(passes).map(({ symbol }) => symbol).join(" ");
};

test("a word is a part of a symbol", () => {
  assert.equal(left(""), "AAPL TSLA BTC/USD");
  assert.equal(left("a"), "AAPL TSLA");
});

test("conditions compare what the page shows, shares in percent", () => {
  assert.equal(left("signal = BULLISH and buy pressure > 60"), "AAPL");
  assert.equal(left("signal = bullish and buy_pressure >= 60 %"), "AAPL TSLA");
  assert.equal(left("change % < −1"), "TSLA");
  assert.equal(left("volatility % = 0.5"), "AAPL");
  assert.equal(left("symbol != 'AAPL' AND session <> always"), "TSLA");
  assert.equal(left("last > 1,000"), "");
});

test("and binds stronger than or, and what is not known passes nothing", () => {
  assert.equal(left("signal = BEARISH or signal = BULLISH and pressure > 70"), "AAPL BTC/USD");
  assert.equal(left("volatility >= 0 and % > -100"), "AAPL TSLA");
});

test("what is no condition says why, and leaves nothing out", () => {
  for (const [text, why] of [["colour = red", /"colour" is none of symbol, last,/], ["last >", /value is missing/], ["last > high", /"high" is no number/], ["= 5", /is none of/]] as const) {
    const { passes, error } = read_screen(text);
    assert.match(error, why);
    assert.ok(rows.every(passes));
  }
});

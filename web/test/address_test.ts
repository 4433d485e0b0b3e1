import assert from "node:assert/strict";
import { test } from "node:test";
import { nowhere, read_address, write_address } from "../src/address";

test("what is shown survives its way through the URL", () => {
  for (const hash of [
    "#/watch", "#/watch?find=AA&sort=percent&down", "#/watch?zone=exchange", "#/symbol/BTC%2FUSD?range=15m", "#/symbol",
    "#/compare?symbols=AAPL,BRK.B", "#/compare?symbols=BTC%2FUSD&scale=price&zone=local", "#/health", "#/sql?q=SELECT%201%20%2B%201",
    "#/signals", "#/signals?find=AA&kind=reversal&least=0.1&since=5d&zone=exchange", "#/map?find=A&by=volume&order=value&table", "#/map", "#/words", "#/words/4.5",
  ]) {
    assert.equal(write_address(read_address(hash)), hash);
  }
});

test("what is no address is the watchlist, and what is wrong in one is left out", () => {
  for (const hash of ["", "#", "#/", "#/nothing", "#main"]) assert.deepEqual(read_address(hash), nowhere, hash);
  assert.equal(write_address(read_address("#/compare?symbols=A,A,,B&scale=log&zone=mars")), "#/compare?symbols=A,B");
  assert.equal(read_address("#/symbol/AAPL?range=5y").range, "1h");
  assert.equal(read_address("#/symbol/%E0%A4%A").symbol, null);
  assert.equal(write_address(read_address("#/signals?kind=sideways&least=-1&since=1y")), "#/signals");
  assert.equal(write_address(read_address("#/map?by=luck&order=fate")), "#/map");
});

test("an address of the days when the charts were the page leads to them", () => {
  const address = read_address("", "?symbols=AAPL,TSLA&scale=price");
  assert.equal(write_address(address), "#/compare?symbols=AAPL,TSLA&scale=price");
});

test("what was zoomed to is in the URL, to the minute", () => {
  const seen = { from: Date.parse("2026-03-02T14:30:00Z") / 1000, to: Date.parse("2026-03-02T15:00:00Z") / 1000 };
  const hash = write_address({ ...nowhere, view: "symbol", symbol: "AAPL", seen });
  assert.equal(hash, "#/symbol/AAPL?from=2026-03-02T14:30Z&to=2026-03-02T15:00Z");
  assert.deepEqual(read_address(hash).seen, seen);
  assert.deepEqual(read_address("#/symbol/AAPL?from=2026-03-02T14:30Z").seen, { ...seen, to: null });
  for (const wrong of ["from=yesterday", "to=2026-03-02T14:30Z", "from=2026-03-02T14:30Z&to=2026-03-02T14:00Z"])
    assert.equal(read_address(`#/symbol/AAPL?${wrong}`).seen, null, wrong);
});

test("compare has a range of its own", () => {
  assert.equal(read_address("#/compare?range=1h").span, "1h");
  assert.equal(read_address("#/compare?range=15m").span, "4h");
  assert.equal(write_address({ ...nowhere, view: "compare", span: "1h" }), "#/compare?range=1h");
});

test("a range of one's own is in the URL of compare", () => {
  const between = { from: Date.parse("2026-03-02T14:30:00Z") / 1000, to: Date.parse("2026-03-03T21:00:00Z") / 1000 };
  const hash = write_address({ ...nowhere, view: "compare", between });
  assert.equal(hash, "#/compare?from=2026-03-02T14:30Z&to=2026-03-03T21:00Z");
  assert.deepEqual(read_address(hash).between, between);
  assert.equal(read_address(hash).seen, null);
  assert.equal(read_address("#/compare?range=5d").span, "5d");
});

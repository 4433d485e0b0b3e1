import assert from "node:assert/strict";
import { test } from "node:test";
import { window_cells } from "../src/csv";
import { decimals, decimals_of, fewest, places_of, widest } from "../src/places";
import { Store } from "../src/store";
import { put_in_place, row, snapshot } from "./rows";

// Five closes of a coin, 0.00000811 … 0.00000815: average 0.00000813, standard deviation 1.5811…e-8.
const coin = { symbol: "SHIB/USD", avg_close: 8.13e-6, max_close: 8.15e-6, min_close: 8.11e-6, price_range: 4e-8, volatility: 1.6e-8, avg_vwap: 8.131e-6, avg_volume: 1234567.25 };
// EUR/USD: closes with five decimals, so seven places.
const currency = { symbol: "EUR/USD", avg_close: 1.0842517, max_close: 1.08433, min_close: 1.0842, price_range: 0.00013, volatility: 0.0000512, avg_vwap: null, avg_volume: 0 };

test("the decimals of a number are those of the shortest text that reads back", () => {
  const cases = [[175.3, 1], [175, 0], [0.1 + 0.2, 17], [8.12e-6, 8], [8.12e-7, 9], [1e21, 0], [-0.5, 1], [0, 0]] as const;
  for (const [value, expected] of cases) assert.equal(decimals(value), expected, String(value));
  assert.deepEqual(["175.30", "175", "175.000", "0.000008120", "0"].map(decimals_of), [1, 0, 0, 8, 0]);
});

test("prices have two places more than their closes, at least four and at most nine", () => {
  const price = (change: Parameters<typeof row>[0]) => places_of(row(change)).price;
  assert.equal(price({}), 4);
  assert.equal(price({ avg_close: 175.3333, volatility: null }), 4);
  assert.equal(price(currency), 7);
  assert.equal(price({ ...currency, avg_close: 1.08425, volatility: null }), 7, "an average that ends in zeros");
  assert.equal(price(coin), 9);
  assert.equal(price({ avg_close: 0.45005, max_close: 0.451, min_close: 0.45, avg_vwap: 0.45, volatility: 0.0001 }), 5);
});

test("prices that all fit four places are taken for contract 1's", () => {
  assert.equal(places_of(row({ avg_close: 1.0843, max_close: 1.0844, min_close: 1.0842, volatility: 0.0001, avg_vwap: 1.0843, price_range: 0.0002 })).price, 4);
});

test("a volume has as many places as it came with", () => {
  assert.deepEqual([1000, 0.25, 1234567.25, 1e-9].map((avg_volume) => places_of(row({ avg_volume })).volume), [0, 2, 2, 9]);
});

test("a symbol keeps the most places that any of its rows needed", () => {
  const store = new Store(240);
  put_in_place(store, snapshot([row(currency), row({ ...currency, end: "10:06", avg_close: 1, max_close: 1, min_close: 1, volatility: null, price_range: 0, avg_volume: 0.5 }), row()]));
  assert.deepEqual(store.history("EUR/USD").places, { price: 7, volume: 1 });
  assert.deepEqual(store.history("AAPL").places, fewest);
  assert.deepEqual(store.history("NONE").places, fewest);
  const held = { price: 7, volume: 0 };
  assert.equal(widest(held, fewest), held);
  assert.deepEqual(widest(held, { price: 4, volume: 3 }), { price: 7, volume: 3 });
});

test("a file has the digits of the server, without an exponent", () => {
  const names = ["avg_close", "price_range", "volatility", "avg_volume", "buy_pressure", "bar_count", "avg_vwap"] as const;
  assert.deepEqual(window_cells(row(coin), names), ["0.000008130", "0.000000040", "0.000000016", "1234567.25", "0.6000", 5, "0.000008131"]);
  assert.deepEqual(window_cells(row(currency), names), ["1.0842517", "0.0001300", "0.0000512", "0", "0.6000", 5, null]);
  assert.deepEqual(window_cells(null, ["avg_close", "bar_count"]), [undefined, undefined]);
});

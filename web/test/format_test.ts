import assert from "node:assert/strict";
import { test } from "node:test";
import { exact, money, share, signed_percent, split_price, tick } from "../src/format";

test("numbers are written with all their places", () => {
  assert.equal(exact(175.3, 4), "175.3000");
  assert.equal(exact(-1234.5, 4), "−1,234.5000");
  assert.equal(exact(1200, 0), "1,200");
  assert.deepEqual(split_price(1175.3, 4), ["1,175.30", "00"]);
});

test("a coin's price is written with its places and never with an exponent", () => {
  assert.equal(exact(8.12e-6, 9), "0.000008120");
  assert.equal(exact(8.12e-7, 9), "0.000000812");
  assert.deepEqual(split_price(1.0842517, 7), ["1.08425", "17"]);
  assert.deepEqual(split_price(8.123e-6, 9), ["0.0000081", "23"]);
});

test("a decimal keeps every digit and has its symbol's places at least", () => {
  assert.deepEqual(["1234.5", "-0.1", "0.0000084", "175"].map((decimal) => money(decimal)), ["1,234.50", "−0.10", "0.0000084", "175.00"]);
  assert.equal(money("0.0000084", 7), "0.0000084");
  assert.equal(money("1.0843", 5), "1.08430");
});

test("shares and changes are percents", () => {
  assert.deepEqual([0.6, 1, 0, 0.6667].map(share), ["60\u202f%", "100\u202f%", "0\u202f%", "66.67\u202f%"]);
  assert.deepEqual([0.42, -0.42, 0.001, -0.001].map(signed_percent), ["+0.42\u202f%", "−0.42\u202f%", "±0.00\u202f%", "±0.00\u202f%"]);
});

test("axis labels say exactly what their line stands for", () => {
  const cases = [
    { value: 0.75, step: 0.25, text: "0.75" },
    { value: 252.5, step: 2.5, text: "252.5" },
    { value: 0.30000000000000004, step: 0.1, text: "0.3" },
    { value: -0.5, step: 0.5, text: "−0.5" },
    { value: -0, step: 0.5, text: "0.0" },
    { value: 180, step: 10, text: "180" },
    { value: 0.0125, step: 0.0025, text: "0.0125" },
    { value: 15_000, step: 5_000, text: "15K" },
    { value: 8.14e-6, step: 2e-8, text: "0.00000814" },
    { value: 1.0845, step: 0.0005, text: "1.0845" },
    { value: 0.0000005, step: 5e-7, text: "0.0000005" },
    { value: 1_500_000, step: 500_000, text: "1.5M" },
  ];
  for (const { value, step, text } of cases) assert.equal(tick(value, step), text);
});

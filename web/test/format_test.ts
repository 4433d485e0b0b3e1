import assert from "node:assert/strict";
import { test } from "node:test";
import { exact, share, signed_percent, split_price, tick } from "../src/format";

test("numbers are written with all their places", () => {
  assert.equal(exact(175.3), "175.3000");
  assert.equal(exact(-1234.5), "−1,234.5000");
  assert.deepEqual(split_price(1175.3), ["1,175.30", "00"]);
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
    { value: 1_500_000, step: 500_000, text: "1.5M" },
  ];
  for (const { value, step, text } of cases) assert.equal(tick(value, step), text);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, percent_change, sign, trimmed } from "../src/decimal";

test("differences lose no digit", () => {
  const cases = [
    ["175.31", "175.3", "0.01"],
    ["0.1", "0.3", "-0.2"],
    ["9223372036.854775807", "0.000000001", "9223372036.854775806"],
    ["5", "5", "0"],
    ["1", "2", "-1"],
  ] as const;
  for (const [a, b, expected] of cases) assert.equal(difference(a, b), expected, `${a} − ${b}`);
});

test("a change in percent has two places, halves away from zero", () => {
  assert.equal(percent_change("101", "100"), 1);
  assert.equal(percent_change("100.005", "100"), 0.01);
  assert.equal(percent_change("99.995", "100"), -0.01);
  assert.equal(percent_change("100.0049", "100"), 0);
  assert.equal(percent_change("1", "0"), null);
});

test("zeros at the end of the places go, others stay", () => {
  assert.deepEqual(["175.100000000", "100.000000000", "100", "0.050"].map(trimmed), ["175.1", "100", "100", "0.05"]);
});

test("a sign is that of the number, not of its text", () => {
  assert.deepEqual(["-0.00", "0", "0.01", "-3"].map(sign), [0, 0, 1, -1]);
});

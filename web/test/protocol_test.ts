import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { read_address, write_address } from "../src/address";
import { parse_message, to_seconds, trend_fields } from "../src/protocol";
import { row, snapshot, status } from "./rows";

test("messages of the protocol are understood", () => {
  for (const message of [snapshot([row()]), { type: "trends", sequence: 2, trends: [row({ volatility: null })] }, { type: "status", status: status() }]) {
    assert.deepEqual(parse_message(JSON.stringify(message)), message);
  }
});

test("anything else is refused whole", () => {
  const without = (name: string) => ({ type: "trends", sequence: 2, trends: [row(), { ...row(), [name]: undefined }] });
  for (const message of [
    "", "no json", "null", "[]", "{}", '{"type":"news"}', '{"type":"trends","sequence":2}',
    JSON.stringify({ type: "trends", sequence: "2", trends: [] }),
    JSON.stringify(without("symbol")),
    JSON.stringify(without("avg_close")),
    JSON.stringify({ type: "trends", sequence: 2, trends: [{ ...row(), avg_close: "175" }] }),
    JSON.stringify({ type: "trends", sequence: 2, trends: [{ ...row(), window_end: "soon" }] }),
    JSON.stringify({ ...snapshot([row()]), status: null }),
  ]) {
    assert.equal(parse_message(message), null, message);
  }
});

test("both ways to write a time are UTC", () => {
  const expected = Date.UTC(2026, 10, 22, 10, 5) / 1000;
  assert.equal(to_seconds("2026-11-22 10:05:00"), expected);
  assert.equal(to_seconds("2026-11-22T10:05:00Z"), expected);
});

test("the fields of a row are those of the contract", (t) => {
  const schema_file = "../contract/schema/trend.schema.json";
  if (!existsSync(schema_file)) return t.skip("the contract has no schema of a trend");
  const schema = JSON.parse(readFileSync(schema_file, "utf8")) as { properties: Record<string, unknown> };
  assert.deepEqual(Object.keys(trend_fields), Object.keys(schema.properties));
});

test("what is shown survives its way through the URL", () => {
  for (const search of ["", "?symbols=AAPL,BRK.B", "?symbols=BTC%2FUSD&scale=price", "?scale=percent"]) {
    assert.equal(write_address(read_address(search)), search);
  }
  assert.deepEqual(read_address("?symbols=A,A,,B&scale=log"), { symbols: ["A", "B"], scale: null });
});

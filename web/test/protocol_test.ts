import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { parse_message, to_seconds } from "../src/protocol";
import { Store } from "../src/store";
import { put_in_place, row, snapshot, status } from "./rows";

test("messages of the protocol are understood", () => {
  const { status: told, ...open } = snapshot([row()]);
  for (const message of [snapshot([row()]), open, { type: "part", trends: [row()] }, { type: "part", trends: [], bars: [], status: told }, { type: "trends", sequence: 2, trends: [row({ volatility: null })] }, { type: "status", status: status() }]) {
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
    JSON.stringify({ type: "part", trends: [{ ...row(), avg_close: "175" }] }),
    JSON.stringify({ type: "part", bars: [["A"]] }),
  ]) {
    assert.equal(parse_message(message), null, message);
  }
});

test("both ways to write a time are UTC", () => {
  const expected = Date.UTC(2026, 10, 22, 10, 5) / 1000;
  assert.equal(to_seconds("2026-11-22 10:05:00"), expected);
  assert.equal(to_seconds("2026-11-22T10:05:00Z"), expected);
});

test("what is no time is not taken for one, however often it comes", () => {
  for (let i = 0; i < 2; i++) {
    assert.ok(Number.isNaN(to_seconds("soon")));
    assert.equal(parse_message(JSON.stringify({ type: "trends", sequence: 2, trends: [{ ...row(), window_end: "soon" }] })), null);
  }
});

test("the types are those that `npm run types` makes of the contract", async () => {
  const { make_types } = (await import(pathToFileURL("types.js").href)) as { make_types: () => string };
  assert.equal(readFileSync("src/contract.ts", "utf8"), make_types());
});

test("the numbers of bars keep every digit, and only they become text", () => {
  const bars = '[["A]]\\"1","2026-11-22T10:05:00Z",0.000000001,9223372036.854775807,1,-2.5,12345678901234567.5]]';
  const message = parse_message(`{"type":"trends","sequence":2,"trends":[${JSON.stringify(row())}],"bars":${bars},"more":[[1]]}`);
  assert.ok(message?.type === "trends");
  assert.deepEqual(message.bars, [['A]]"1', "2026-11-22T10:05:00Z", "0.000000001", "9223372036.854775807", "1", "-2.5", "12345678901234567.5"]]);
  assert.equal(message.trends[0]!.avg_close, 175.3);
  assert.deepEqual((message as unknown as { more: number[][] }).more, [[1]]);
  assert.equal(parse_message('{"type":"trends","sequence":2,"trends":[],"bars":[["A"]]}'), null);
});

test("who comes back hears that he is known", () => {
  const message = { type: "resumed", epoch: "e", sequence: 7, status: status() };
  assert.deepEqual(parse_message(JSON.stringify(message)), message);
  const store = new Store(240);
  assert.equal(store.heard(), null);
  put_in_place(store, snapshot([row()], 7));
  assert.deepEqual(store.heard(), { epoch: "e", sequence: 7 });
  assert.equal(store.is_heard_up_to({ epoch: "e", sequence: 7 }), true);
  assert.equal(store.is_heard_up_to({ epoch: "f", sequence: 7 }), false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Inbox } from "../src/inbox";
import { parse_message, type BarTuple, type Message } from "../src/protocol";
import { row, snapshot, status } from "./rows";

const symbol = (number: number) => `S${number} },{"symbol":`; // no name may look like the end of a row
const bar = (number: number): BarTuple => [`${symbol(number)} ],["`, "2026-11-22T10:05:00Z", "0.000000001", "2", "1", "1.5", "12345678901234567.5"];
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
// As the server writes it, with the bars' decimals as numbers.
const written = (message: object) => JSON.stringify(message).replace(/"(-?\d+(?:\.\d+)?)"/g, "$1");

const long = {
  ...snapshot(numbers(1_000).map((number) => row({ symbol: symbol(number) }))),
  bars: numbers(3_000).map(bar),
  status: status(),
};

// An inbox whose tasks run when the test says so.
function rig(): { inbox: Inbox; heard: (Message | null)[]; run: () => number } {
  const heard: (Message | null)[] = [];
  const tasks: (() => void)[] = [];
  const inbox = new Inbox((message) => heard.push(message), (work) => () => tasks.push(work));
  const run = () => {
    let count = 0;
    for (let task; (task = tasks.shift()); count++) task();
    return count;
  };
  return { inbox, heard, run };
}

test("of a long message nothing is lost", () => {
  assert.deepEqual(parse_message(written(long)), long);
  const part = { type: "part", bars: long.bars };
  assert.deepEqual(parse_message(written(part)), part);
});

test("messages are heard in the order in which they came, never while they come", () => {
  const { inbox, heard, run } = rig();
  inbox.put(written(long));
  for (let sequence = 2; sequence < 5; sequence++) inbox.put(JSON.stringify({ type: "trends", sequence, trends: [row()] }));
  assert.equal(heard.length, 0);
  run();
  assert.deepEqual(heard.map((message) => message && "sequence" in message && message.sequence), [1, 2, 3, 4]);
  assert.equal(run(), 0, "who has nothing to do rests");
});

test("what was cleared is not heard, what comes after it is", () => {
  const { inbox, heard, run } = rig();
  inbox.put(written(long));
  inbox.clear();
  inbox.put("no message");
  run();
  assert.deepEqual(heard, [null]);
});

test("no more waits than may", () => {
  const { inbox, run } = rig();
  const text = " ".repeat(30_000_000);
  assert.deepEqual([inbox.put(text), inbox.put(text), inbox.put(text)], [true, true, false]);
  run();
  assert.ok(inbox.put(text), "there is room again");
});

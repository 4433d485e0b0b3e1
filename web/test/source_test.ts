import assert from "node:assert/strict";
import { test } from "node:test";
import { day_of_data, source_of } from "../src/source";
import { status } from "./rows";

const of = (name: string, detail = "", speed: number | null = 1) => status({ feed: { name, state: "live", detail, speed } });

test("the badge says where the numbers come from", () => {
  const cases = [
    { status: of("simulator", "", 60), rows: "sim", replayed: null, label: "SIMULATED ×60", kind: "simulated" },
    { status: of("replay", "", 1000), rows: null, replayed: null, label: "FILE ×1,000", kind: "file" },
    { status: of("replay", "", null), rows: null, replayed: null, label: "FILE", kind: "file" },
    { status: of("stdin", "", null), rows: null, replayed: null, label: "STDIN", kind: "input" },
    { status: of("stdin", "", null), rows: "sim", replayed: null, label: "SIMULATED", kind: "simulated" },
    { status: of("alpaca", "5 symbols of IEX, one exchange"), rows: null, replayed: null, label: "IEX", kind: "market" },
    { status: of("alpaca", "1 symbols of SIP, all exchanges, gap"), rows: null, replayed: null, label: "SIP", kind: "market" },
    { status: of("alpaca", "5 symbols of SIP, fifteen minutes late"), rows: "sip", replayed: null, label: "SIP −15 min", kind: "market" },
    { status: of("alpaca"), rows: "iex", replayed: null, label: "IEX", kind: "market" },
    { status: of("kafka", "localhost:9092", null), rows: "sim", replayed: null, label: "SIMULATED", kind: "simulated" },
    { status: of("kafka", "localhost:9092", null), rows: null, replayed: null, label: "KAFKA", kind: "market" },
    { status: of("simulator"), rows: "sim", replayed: "2013-10-07", label: "REPLAY of 2013-10-07", kind: "replay" },
  ] as const;
  for (const { status, rows, replayed, label, kind } of cases) {
    const source = source_of(status, rows, replayed);
    assert.deepEqual([source?.label, source?.kind], [label, kind]);
  }
  assert.equal(source_of(null, null, null), null);
});

test("the day of the data is said where it is not today", () => {
  assert.equal(day_of_data(status({ event_time: "2013-10-07T20:00:00Z" }), Date.parse("2026-11-22T10:00:00Z")), "7 Oct 2013");
  assert.equal(day_of_data(status({ event_time: "2026-11-22T09:59:00Z" }), Date.parse("2026-11-22T10:00:00Z")), "");
});

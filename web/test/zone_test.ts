import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { clock, full_day } from "../src/format";
import { exchange_midnight, moved, set_zone, unmoved } from "../src/zone";

const at = (text: string) => Date.parse(text) / 1000;
afterEach(() => set_zone("utc"));

test("times are those of the chosen zone, in winter and in summer", () => {
  set_zone("exchange");
  assert.equal(clock(at("2026-01-15T14:30:00Z")), "09:30");
  assert.equal(clock(at("2026-07-15T13:30:00Z")), "09:30");
  assert.equal(full_day(at("2026-07-16T01:00:00Z")), "2026-07-15");
  set_zone("utc");
  assert.equal(clock(at("2026-07-15T13:30:00Z")), "13:30");
});

test("a day of the exchange begins at its midnight, also when the clocks change in it", () => {
  const cases = [
    ["2026-01-15T14:30:00Z", "2026-01-15T05:00:00Z"],
    ["2026-07-15T02:00:00Z", "2026-07-14T04:00:00Z"],
    ["2026-03-08T15:00:00Z", "2026-03-08T05:00:00Z"], // clocks went forward at two in the morning
    ["2026-11-01T15:00:00Z", "2026-11-01T04:00:00Z"], // and back
  ] as const;
  for (const [time, midnight] of cases) assert.equal(exchange_midnight(at(time)), at(midnight), time);
});

test("what the zone's clocks show leads back to the time", () => {
  for (const zone of ["utc", "exchange"] as const)
    for (const time of ["2026-01-15T14:30:00Z", "2026-03-08T07:00:00Z", "2026-07-15T13:30:00Z", "2026-11-01T12:00:00Z"]) assert.equal(unmoved(moved(at(time), zone), zone), at(time), `${time} ${zone}`);
});

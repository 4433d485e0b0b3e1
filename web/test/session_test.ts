import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { days_back, session_at } from "../src/session";

const at = (text: string) => Date.parse(text) / 1000;

test("the exchange's sessions are those of its calendar, with holidays and half days", () => {
  // By the exchange's published calendars; -05:00 in winter, -04:00 in summer.
  const cases = [
    ["2026-03-02T03:59:00-05:00", "closed"],
    ["2026-03-02T04:00:00-05:00", "pre"],
    ["2026-03-02T09:30:00-05:00", "regular"],
    ["2026-03-02T15:59:00-05:00", "regular"],
    ["2026-03-02T16:00:00-05:00", "post"],
    ["2026-03-02T19:59:00-05:00", "post"],
    ["2026-03-02T20:00:00-05:00", "closed"],
    ["2026-07-15T09:30:00-04:00", "regular"],
    ["2026-07-03T12:00:00-04:00", "closed"], // Independence Day 2026 is a Saturday, observed on Friday
    ["2026-05-25T12:00:00-04:00", "closed"], // Memorial Day
    ["2027-05-31T12:00:00-04:00", "closed"],
    ["2026-04-03T12:00:00-04:00", "closed"], // Good Friday
    ["2026-11-26T12:00:00-05:00", "closed"], // Thanksgiving
    ["2026-11-27T12:59:00-05:00", "regular"], // the half day after it
    ["2026-11-27T13:00:00-05:00", "post"],
    ["2015-12-24T13:00:00-05:00", "post"],
    ["2015-12-24T17:00:00-05:00", "closed"],
    ["2021-12-31T12:00:00-05:00", "regular"], // New Year's Day 2022 is a Saturday and not observed
    ["2012-10-29T12:00:00-04:00", "closed"], // hurricane Sandy
    ["2026-03-01T12:00:00-05:00", "closed"], // a Sunday
  ] as const;
  for (const [time, session] of cases) assert.equal(session_at(at(time)), session, time);
});

// src/core/time/exchange_calendar_test.cc compares the program with the same table.
test("the calendar is that of the program, for fifty years", () => {
  const table = readFileSync("../contract/exchange_days.csv", "utf8");
  const lines = ["date,session"];
  for (let time = Date.UTC(2000, 0, 1, 18, 30); time < Date.UTC(2051, 0, 1); time += 86_400_000) {
    const date = new Date(time);
    if (date.getUTCDay() % 6 === 0) continue;
    const part = session_at(time / 1000); // 13:30 or 14:30 in New York
    if (part !== "regular") lines.push(`${date.toISOString().slice(0, 10)},${part === "post" ? "half" : "closed"}`);
  }
  assert.equal(`${lines.join("\n")}\n`, table);
});

test("five days are days on which the exchange is open, and around the clock days of the zone", () => {
  const newest = at("2026-11-30T15:00:00-05:00"); // a Monday; Thursday before was Thanksgiving
  assert.equal(days_back(newest, 5, ["AAPL"]), at("2026-11-23T00:00:00-05:00"));
  assert.equal(days_back(newest, 1, ["AAPL", "BTC/USD"]), at("2026-11-30T00:00:00-05:00"));
  assert.equal(days_back(newest, 5, ["BTC/USD"]), at("2026-11-26T00:00:00Z"));
});

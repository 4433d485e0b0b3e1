import assert from "node:assert/strict";
import { test } from "node:test";
import { places, shortened, time_marks } from "../src/charts/time_axis";

const at = (day: number, hour: number, minute: number) => Date.UTC(2026, 2, day, hour, minute) / 1000;
const minutes = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i * 60);

test("windows that follow each other are one place apart, a gap is at most five", () => {
  const times = [at(2, 10, 0), at(2, 10, 1), at(2, 10, 4), at(2, 20, 0), at(3, 20, 0)];
  const found = places(times, 60);
  assert.deepEqual(found.map((place) => place - found[0]!), [0, 1, 4, 9, 14]);
  assert.deepEqual(shortened(times, 60), [3, 4]);
});

test("the places move on with the time, so that an axis of constant length is drawn anew", () => {
  const times = minutes(at(2, 10, 0), 10);
  assert.equal(places(times.slice(1), 60)[0], places(times, 60)[0]! + 1);
});

test("one window, or none, has its place too", () => {
  assert.deepEqual(places([], Infinity), []);
  assert.deepEqual(places([at(2, 10, 0)], Infinity), [0]);
  assert.deepEqual(time_marks([at(2, 10, 0)], [0], Infinity, 10).map(({ label }) => label), ["10:00"]);
});

test("round times are labelled as often as there is room", () => {
  const times = minutes(at(2, 10, 1), 60);
  const labels = (room: number) => time_marks(times, places(times, 60), 60, room).map(({ label }) => label);
  assert.deepEqual(labels(14), ["10:15", "10:30", "10:45", "11:00"]);
  assert.deepEqual(labels(40), ["11:00"]);
});

test("the first window of a day has its date, also where a time would stand", () => {
  const short_day = [at(5, 9, 0), at(6, 9, 0), at(6, 9, 1)];
  assert.deepEqual(time_marks(short_day, places(short_day, 60), 60, 10).map(({ label }) => label), ["6 Mar"]);
  const times = [...minutes(at(2, 20, 50), 11), ...minutes(at(3, 14, 31), 30)];
  const labels = time_marks(times, places(times, 60), 60, 10).map(({ label }) => label);
  assert.deepEqual(labels, ["20:50", "3 Mar", "14:50", "15:00"]);
});

test("over several years a date has its year", () => {
  const times = [at(2, 10, 0), Date.UTC(2027, 2, 2, 10) / 1000];
  assert.deepEqual(time_marks(times, [0, 5], 60, 1).map(({ label }) => label), ["10:00", "2 Mar 2027"]);
});

test("many days keep as many dates as there is room for", () => {
  const times = Array.from({ length: 20 }, (_, day) => [at(2 + day, 14, 30), at(2 + day, 21, 0)]).flat();
  const places_of_times = times.map((_, i) => i * 25); // a day takes 50 of the 62 places that a date needs
  const marks = time_marks(times, places_of_times, 60, 62);
  assert.equal(marks.length, 9);
  assert.ok(marks.every(({ index }, i) => i === 0 || places_of_times[index]! - places_of_times[marks[i - 1]!.index]! >= 62));
});

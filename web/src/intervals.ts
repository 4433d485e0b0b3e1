// Candles of longer intervals, exactly aggregated from minute bars: the first open, the highest and lowest price, the last
// close, and the sum of the volumes, as decimals.
//
//     09:30 09:31 09:32 09:33 09:34 │ 09:35 …       an hour begins at the opening bell, a day at the exchange's midnight
//     └────────── 09:30 ──────────┘ │               what trades around the clock follows the clocks of the zone
import type { Point } from "./charts/candles";
import type { Bar } from "./bars";
import { compare, sum } from "./decimal";
import { session_begin } from "./session";
import { exchange_midnight, moved, unmoved } from "./zone";

export type Interval = "1m" | "5m" | "15m" | "1h" | "1d";

const minute = 60; // seconds
const quarter = 15 * minute;
const day = 86_400;
export const lengths: Record<Interval, number> = { "1m": minute, "5m": 5 * minute, "15m": 15 * minute, "1h": 60 * minute, "1d": day };
export const interval_names = Object.keys(lengths) as Interval[];
const most_points = 2_500; // of a chart that chooses by itself

// The shortest interval whose candles a chart can show side by side.
export function fitting(points: readonly Point[], has_sessions: boolean): Interval {
  return interval_names.find((interval) => count_buckets(points, interval, has_sessions) <= most_points) ?? "1d";
}

// A candle has the window of its last minute that has one.
export function aggregated(points: readonly Point[], interval: Interval, has_sessions: boolean): readonly Point[] {
  if (interval === "1m") return points;
  const out: Point[] = [];
  let parts: Point[] = [];
  let begin = -Infinity;
  for (const point of points) {
    const bucket = begin_of(point.time, interval, has_sessions);
    if (bucket !== begin && parts.length > 0) out.push(joined(parts, begin, interval));
    if (bucket !== begin) parts = [];
    begin = bucket;
    parts.push(point);
  }
  if (parts.length > 0) out.push(joined(parts, begin, interval));
  return out;
}

// When the candle that holds this moment begins.
export function begin_of(time: number, interval: Interval, has_sessions: boolean): number {
  const length = lengths[interval];
  if (interval === "1m") return time;
  if (length <= quarter) return Math.floor(time / length) * length; // sessions and days of all zones begin at quarters
  const local_midnight = () => unmoved(Math.floor(moved(time) / day) * day);
  if (interval === "1d") return has_sessions ? exchange_midnight(time) : local_midnight();
  const anchor = has_sessions ? session_begin(time) : local_midnight();
  return anchor + Math.floor((time - anchor) / length) * length;
}

function count_buckets(points: readonly Point[], interval: Interval, has_sessions: boolean): number {
  if (interval === "1m") return points.length;
  let count = 0;
  let end = -Infinity; // of the bucket before
  for (const { time } of points) {
    if (time < end) continue;
    count++;
    end = begin_of(time, interval, has_sessions) + lengths[interval];
  }
  return count;
}

// A day stands at its first bar, so that its date is right in every zone.
function joined(parts: readonly Point[], begin: number, interval: Interval): Point {
  const bars = parts.flatMap(({ bar }) => bar ?? []);
  const time = interval === "1d" ? (bars[0]?.time ?? parts[0]!.time) : begin;
  return { time, bar: bars.length > 0 ? one_bar(bars, time) : null, row: parts.findLast(({ row }) => row)?.row ?? null };
}

function one_bar(bars: readonly Bar[], time: number): Bar {
  const extreme = (name: "high" | "low", way: 1 | -1) => bars.reduce((held, bar) => (compare(bar[name], held) === way ? bar[name] : held), bars[0]![name]);
  return { time, open: bars[0]!.open, high: extreme("high", 1), low: extreme("low", -1), close: bars.at(-1)!.close, volume: sum(bars.map(({ volume }) => volume)) };
}

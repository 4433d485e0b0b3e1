// The data for one drawing: the windows of the chosen symbols on a common time axis.
//
//     x        10:01  10:02  10:03  10:04     one entry per window_end, strictly increasing
//     rows[0]   row    row    null   row      null: the symbol has no such window, drawn as a gap
import type { Windows } from "../history";
import type { Places } from "../places";
import { to_seconds, type TrendRow } from "../protocol";
import type { Store } from "../store";
import { places as places_in_time } from "./time_axis";

export interface Frame {
  symbols: readonly string[];
  x: number[]; // seconds since the epoch
  rows: (TrendRow | null)[][]; // rows[symbol][x]
  places: Places[]; // of each symbol's numbers
  at: number[]; // the position of each entry of x on the axis
  slide: number; // seconds between neighbouring windows; a longer step is a gap in all lines
  last_final: number; // index of the last window that is final for any symbol; -1 if all are open
  now: number[]; // per symbol: index of the window to show without a crosshair; -1 if there is none
}

export type Column = (number | null)[];

// What a picture shows: the windows of a symbol, from when to when (seconds), and every how many seconds one of them.
export interface Stretch {
  windows: (symbol: string) => Windows & { places: Places };
  from: number;
  to: number;
}

const most_points = 1_500; // of a line; it has more only where windows are a minute apart for less than a day
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * 60);

// All lines begin at one left edge, the latest of their first windows: a change since the left edge compares nothing
// otherwise. Of a long stretch only the windows that end at round times are taken, the same ones of all symbols.
export function build_frame(store: Store, symbols: readonly string[], stretch: Partial<Stretch> = {}): Frame {
  const { windows = (symbol) => store.history(symbol), from = -Infinity, to = Infinity } = stretch;
  const all = symbols.map(windows);
  const firsts = all.map(({ ends }) => ends.find((end) => end >= from)).filter((end) => end !== undefined && end <= to) as number[];
  const left = firsts.length > 0 ? Math.max(...firsts) : from;
  const parts = all.map((one) => part_of(one, left, to));
  const step = step_for(Math.max(0, ...parts.map(({ ends }) => ends.length)));
  const last = Math.max(...parts.map(({ ends }) => ends.at(-1) ?? -Infinity));
  const histories = step === steps[0] ? parts : parts.map((one) => thinned(one, (end) => end === left || end % step === 0 || end > last - step));
  const x = [...new Set(histories.flatMap((history) => history.ends))].sort((a, b) => a - b);
  const rows = histories.map(({ ends, rows }) => {
    let next = 0;
    return x.map((end) => (ends[next] === end ? rows[next++]! : null));
  });
  let slide = Infinity;
  for (let i = 1; i < x.length; i++) slide = Math.min(slide, x[i]! - x[i - 1]!);
  if (step > steps[0]!) slide = step;
  const last_final = x.findLastIndex((_, i) => rows.some((of_symbol) => of_symbol[i]?.status === "final"));
  const now = symbols.map((symbol, i) => newest_of(x, rows[i]!, store.current(symbol)));
  return { symbols, x, places: all.map(({ places }) => places), at: places_in_time(x, slide), rows, slide, last_final, now };
}

function part_of({ ends, rows }: Windows, from: number, to: number): Windows {
  const begin = ends.findIndex((end) => end >= from);
  if (begin < 0) return { ends: [], rows: [] };
  const end = ends.findLastIndex((one) => one <= to) + 1;
  return { ends: ends.slice(begin, end), rows: rows.slice(begin, end) };
}

function step_for(windows: number): number {
  return steps.find((step) => windows / (step / 60) <= most_points) ?? steps.at(-1)!;
}

function thinned({ ends, rows }: Windows, is_kept: (end: number) => boolean): Windows {
  const kept = ends.flatMap((end, i) => (is_kept(end) ? [i] : []));
  return { ends: kept.map((i) => ends[i]!), rows: kept.map((i) => rows[i]!) };
}

// The window that stands for the symbol, or the last one before it that is shown.
function newest_of(x: readonly number[], rows: readonly (TrendRow | null)[], current: TrendRow | null): number {
  if (!current) return -1;
  const end = to_seconds(current.window_end);
  return rows.findLastIndex((row, i) => row !== null && x[i]! <= end);
}

// Splits the values of one symbol into those of finals and those of open windows. The tail starts on the last final, so
// that the two lines meet.
export function split_tail(values: Column, rows: readonly (TrendRow | null)[]): [solid: Column, tail: Column] {
  const open = (i: number) => rows[i]?.status === "update";
  return [
    values.map((value, i) => (open(i) ? null : value)),
    values.map((value, i) => (open(i) || open(i + 1) ? value : null)),
  ];
}

// The change in percent since the first value that is not null.
export function change_since_left(values: Column): Column {
  const base = values.find((value) => value !== null);
  if (base === undefined || base === null || base === 0) return values.map(() => null);
  return values.map((value) => (value === null ? null : (value / base - 1) * 100));
}

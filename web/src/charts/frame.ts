// The data for one drawing: the windows of the chosen symbols on a common time axis.
//
//     x        10:01  10:02  10:03  10:04     one entry per window_end, strictly increasing
//     rows[0]   row    row    null   row      null: the symbol has no such window, drawn as a gap
import type { Places } from "../places";
import type { TrendRow } from "../protocol";
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

// The windows since `from` (seconds). All lines begin at one left edge, the latest of their first windows: a change since the left edge compares nothing
// otherwise.
export function build_frame(store: Store, symbols: readonly string[], from = -Infinity): Frame {
  const all = symbols.map((symbol) => store.history(symbol));
  const firsts = all.map(({ ends }) => ends.find((end) => end >= from)).filter((end) => end !== undefined);
  const left = firsts.length > 0 ? Math.max(...firsts) : from;
  const histories = all.map(({ ends, rows, places }) => {
    const begin = ends.findIndex((end) => end >= left);
    return { ends: begin < 0 ? [] : ends.slice(begin), rows: begin < 0 ? [] : rows.slice(begin), places };
  });
  const x = [...new Set(histories.flatMap((history) => history.ends))].sort((a, b) => a - b);
  const rows = histories.map(({ ends, rows }) => {
    let next = 0;
    return x.map((end) => (ends[next] === end ? rows[next++]! : null));
  });
  let slide = Infinity;
  for (let i = 1; i < x.length; i++) slide = Math.min(slide, x[i]! - x[i - 1]!);
  const last_final = x.findLastIndex((_, i) => rows.some((of_symbol) => of_symbol[i]?.status === "final"));
  const now = symbols.map((symbol, i) => rows[i]!.lastIndexOf(store.current(symbol)));
  return { symbols, x, places: histories.map(({ places }) => places), at: places_in_time(x, slide), rows, slide, last_final, now };
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

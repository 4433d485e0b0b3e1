// Flips as they come: final windows whose signal differs from that of the symbol's final window before them.
//
// The stream brings every final since the page is open; older flips are in the lake (flips_of_lake.ts).
import { to_seconds, type Signal, type TrendRow } from "./protocol";

export interface Flip {
  readonly symbol: string;
  readonly end: number; // of the window, seconds
  readonly before: Signal;
  readonly row: TrendRow; // the window with the new signal
}

export const flip_kinds = ["", "bullish", "bearish", "neutral", "reversal"] as const;
export type FlipKind = (typeof flip_kinds)[number]; // empty = all; reversal: from bullish to bearish or back

export interface FlipFilter {
  readonly find: string; // part of a symbol
  readonly kind: FlipKind;
  readonly least: number; // percent: the least range of the closes
}

const most_kept = 20_000;

export class FlipLog {
  changes = 0;
  private flips: Flip[] = []; // in the order in which they came
  private finals = new Map<string, { end: number; signal: Signal }>(); // the newest of each symbol
  private begun: number | null = null; // of the first final that could not be compared

  // A snapshot follows. Finals may be missing before it, so its first one of a symbol is compared with nothing.
  begin(): void {
    this.finals.clear();
    this.begun = null;
  }

  // Other numbers follow: those of a replay, or of another one.
  forget(): void {
    this.begin();
    this.flips = [];
    this.changes++;
  }

  // Rows of a symbol come by the ends of their windows.
  take(rows: readonly TrendRow[]): void {
    for (const row of rows) if (row.status === "final") this.take_final(row);
    if (this.flips.length <= most_kept) return;
    this.flips = this.flips.slice(-most_kept);
    this.begun = this.flips[0]!.end + 1;
  }

  // Every flip of windows that end at or after this is here; null if none has come.
  complete_from(): number | null {
    return this.begun;
  }

  since(end: number): Flip[] {
    return this.flips.filter((flip) => flip.end >= end);
  }

  private take_final(row: TrendRow): void {
    const end = to_seconds(row.window_end);
    const held = this.finals.get(row.symbol);
    if (!held) this.begun = Math.max(this.begun ?? -Infinity, end);
    if (held && end <= held.end) return; // said again
    if (held && held.signal !== row.trend_signal) {
      this.flips.push({ symbol: row.symbol, end, before: held.signal, row });
      this.changes++;
    }
    this.finals.set(row.symbol, { end, signal: row.trend_signal });
  }
}

// The range of the closes in percent of their average; what the filter compares.
export function range_percent({ price_range, avg_close }: TrendRow): number {
  return avg_close === 0 ? 0 : (price_range / avg_close) * 100;
}

// Where the average lies between the lowest and the highest close, 0 to 1; null if they are the same.
export function place_in_range({ avg_close, min_close, price_range }: TrendRow): number | null {
  return price_range === 0 ? null : (avg_close - min_close) / price_range;
}

export function passes({ symbol, before, row }: Flip, { find, kind, least }: FlipFilter): boolean {
  const { trend_signal } = row;
  if (kind === "reversal" ? before === "NEUTRAL" || trend_signal === "NEUTRAL" : kind !== "" && trend_signal.toLowerCase() !== kind) return false;
  return symbol.toUpperCase().includes(find.toUpperCase()) && range_percent(row) >= least;
}

// Newest first, then by symbol.
export function newest_first(flips: readonly Flip[]): Flip[] {
  return [...flips].sort((a, b) => b.end - a.end || (a.symbol < b.symbol ? -1 : 1));
}

export interface HourCount {
  readonly hour: number; // seconds: its begin
  BULLISH: number;
  NEUTRAL: number;
  BEARISH: number;
}

// Counts by the hour in which the window ended, oldest first.
export function count_by_hour(flips: readonly Flip[]): HourCount[] {
  const counts = new Map<number, HourCount>();
  for (const { end, row } of flips) add_count(counts, hour_of(end), row.trend_signal, 1);
  return sorted_hours(counts);
}

export function sum_of_hours(some: readonly HourCount[], others: readonly HourCount[]): HourCount[] {
  const counts = new Map<number, HourCount>();
  for (const one of [...some, ...others]) for (const signal of ["BULLISH", "NEUTRAL", "BEARISH"] as const) add_count(counts, one.hour, signal, one[signal]);
  return sorted_hours(counts);
}

// A window belongs to the hour that holds its last instant: one that ends at 15:00 to 14:00.
export function hour_of(end: number): number {
  return Math.floor((end - 1) / 3_600) * 3_600;
}

function add_count(counts: Map<number, HourCount>, hour: number, signal: Signal, by: number): void {
  let count = counts.get(hour);
  if (!count) counts.set(hour, (count = { hour, BULLISH: 0, NEUTRAL: 0, BEARISH: 0 }));
  count[signal] += by;
}

function sorted_hours(counts: Map<number, HourCount>): HourCount[] {
  return [...counts.values()].sort((a, b) => a.hour - b.hour);
}

// The bars that the page knows: for every symbol the last one and the closes of the last hour, for one symbol all.
import { to_seconds, type BarTuple } from "./protocol";

export interface Bar {
  time: number; // seconds since the epoch, the start of its interval
  open: string; // decimals as received, every digit
  high: string;
  low: string;
  close: string;
  volume: string;
}

const hour = 3_600; // seconds

// The closes of an hour of the market, with the times of their bars.
export interface LastHour {
  readonly from: number; // seconds
  readonly times: readonly number[];
  readonly closes: readonly number[];
}

interface Recent {
  last: Bar;
  times: number[];
  closes: number[]; // for the sparkline only
}

export class BarStore {
  changes = 0; // grows with every change
  watched_changes = 0; // counts changes of the watched symbol
  private recent = new Map<string, Recent>();
  private watched = "";
  private whole: Bar[] = []; // of the watched symbol, by time
  private coming: { recent: Map<string, Recent>; whole: Bar[] } | null = null; // a snapshot with parts still missing

  // Begins a snapshot. Its bars are added, and finish() shows them all at once.
  begin(): void {
    this.coming = { recent: new Map(), whole: [] };
  }

  add(tuples: readonly BarTuple[]): void {
    if (!this.coming) return;
    const { recent, whole } = this.coming;
    for (const tuple of tuples) this.take(tuple, recent, whole);
  }

  finish(): void {
    if (!this.coming) return;
    ({ recent: this.recent, whole: this.whole } = this.coming);
    this.coming = null;
    this.changes++;
    this.watched_changes++;
  }

  forget(): void {
    this.begin();
    this.finish();
  }

  apply(tuples: readonly BarTuple[]): void {
    for (const tuple of tuples) if (this.take(tuple, this.recent, this.whole)) this.watched_changes++;
    if (tuples.length > 0) this.changes++;
  }

  last(symbol: string): Bar | null {
    return this.recent.get(symbol)?.last ?? null;
  }

  // The bars that began in the hour before `until`.
  last_hour(symbol: string, until: number): LastHour {
    const { times = [], closes = [] } = this.recent.get(symbol) ?? {};
    const from = until - hour;
    const first = times.findIndex((time) => time >= from);
    if (first === 0) return { from, times, closes };
    return first < 0 ? { from, times: [], closes: [] } : { from, times: times.slice(first), closes: closes.slice(first) };
  }

  // Chooses the symbol of which all bars are kept.
  watch(symbol: string): void {
    if (symbol === this.watched) return;
    this.watched = symbol;
    this.whole = [];
    if (this.coming) this.coming.whole = [];
    this.watched_changes++;
  }

  // Adds requested bars. Bars that arrived live meanwhile are newer and stay.
  add_past(symbol: string, tuples: readonly BarTuple[]): void {
    if (symbol !== this.watched) return;
    const held = new Map(tuples.map((tuple) => [to_seconds(tuple[1]), to_bar(tuple)]));
    for (const bar of this.whole) held.set(bar.time, bar);
    this.whole = [...held.values()].sort((a, b) => a.time - b.time);
    this.changes++;
    this.watched_changes++;
  }

  bars(symbol: string): readonly Bar[] {
    return symbol === this.watched ? this.whole : [];
  }

  // True if it belongs to the watched symbol.
  private take(tuple: BarTuple, recent: Map<string, Recent>, whole: Bar[]): boolean {
    const bar = to_bar(tuple);
    remember(recent, tuple[0], bar);
    if (tuple[0] !== this.watched) return false;
    put(whole, bar);
    return true;
  }
}

function remember(recent: Map<string, Recent>, symbol: string, bar: Bar): void {
  const held = recent.get(symbol);
  if (!held) {
    recent.set(symbol, { last: bar, times: [bar.time], closes: [Number(bar.close)] });
    return;
  }
  if (bar.time >= held.last.time) held.last = bar;
  const { times, closes } = held;
  let at = times.length;
  while (at > 0 && times[at - 1]! >= bar.time) at--;
  if (at === times.length) {
    times.push(bar.time);
    closes.push(Number(bar.close));
  } else {
    const known = times[at] === bar.time ? 1 : 0;
    times.splice(at, known, bar.time);
    closes.splice(at, known, Number(bar.close));
  }
  while (times[0]! <= held.last.time - hour) {
    times.shift();
    closes.shift();
  }
}

export function to_bar([, time, open, high, low, close, volume]: BarTuple): Bar {
  return { time: to_seconds(time), open, high, low, close, volume };
}

function put(bars: Bar[], bar: Bar): void {
  let at = bars.length;
  while (at > 0 && bars[at - 1]!.time >= bar.time) at--;
  bars.splice(at, bars[at]?.time === bar.time ? 1 : 0, bar);
}

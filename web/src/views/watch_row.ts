// What the watchlist knows of a symbol, and the table of its columns.
import { difference, percent_change } from "../decimal";
import type { Bar, LastHour } from "../bars";
import type { Places } from "../places";
import { to_seconds, type Session, type Status, type TrendRow } from "../protocol";
import type { Word } from "../words";
import type { Desk } from "./view";

export interface WatchRow {
  readonly symbol: string;
  readonly bar: Bar | null;
  readonly trend: TrendRow | null;
  readonly is_forming: boolean; // no window has been filled yet
  readonly places: Places; // of its windows' numbers
  readonly change: string | null; // exact
  readonly percent: number | null;
  readonly session: Session | "always" | null;
  readonly hour: LastHour;
  readonly age: number | null; // seconds of market time since the bar began
}

export interface WatchColumn {
  id: Word; // words.ts says what it means
  title: string;
  short?: string; // for small screens
  key: (row: WatchRow) => string | number | null; // the sort key; null comes last
}

const minute = 60; // seconds: a bar's interval
const signals = { BULLISH: 2, NEUTRAL: 1, BEARISH: 0 };
const sessions = { pre: 1, regular: 2, post: 3, always: 4, closed: 0 };

export const columns: readonly WatchColumn[] = [
  { id: "symbol", title: "Symbol", key: ({ symbol }) => symbol },
  { id: "last", title: "Last", key: ({ bar }) => (bar ? Number(bar.close) : null) },
  { id: "change", title: "Change", key: ({ change }) => (change === null ? null : Number(change)) },
  { id: "percent", title: "%", key: ({ percent }) => percent },
  { id: "move", title: "Last hour", key: ({ hour: { closes } }) => (closes.length > 1 ? closes.at(-1)! / closes[0]! - 1 : null) },
  { id: "signal", title: "Signal", key: ({ trend }) => (trend ? signals[trend.trend_signal] : null) },
  { id: "pressure", title: "Buy pressure", short: "Pressure", key: ({ trend }) => trend?.buy_pressure ?? null },
  { id: "volatility", title: "Volatility", key: ({ trend }) => trend?.volatility ?? null },
  { id: "session", title: "Session", key: ({ session }) => (session ? sessions[session] : null) },
  { id: "age", title: "Age", key: ({ age }) => age },
];

// Seconds: the wall clock if the feed runs in real time, else the data's time.
export function market_now(status: Status | null): number | null {
  if (!status) return null;
  if (status.feed.speed === 1) return Date.now() / 1000;
  return status.event_time ? to_seconds(status.event_time) : null;
}

export function make_row(symbol: string, desk: Desk, now: number | null): WatchRow {
  return new RowOfDesk(symbol, desk, now);
}

// Everything is computed on demand, because sorting thousands of rows needs only one value of each.
class RowOfDesk implements WatchRow {
  constructor(readonly symbol: string, private readonly desk: Desk, private readonly now: number | null) {}

  get bar() {
    return this.desk.bars.last(this.symbol);
  }
  get trend() {
    return this.desk.store.current(this.symbol);
  }
  get is_forming() {
    return this.desk.store.is_forming(this.symbol);
  }
  get places() {
    return this.desk.store.history(this.symbol).places;
  }
  get change() {
    const { bar, before } = this;
    return bar && before ? difference(bar.close, before.close) : null;
  }
  get percent() {
    const { bar, before } = this;
    return bar && before ? percent_change(bar.close, before.close) : null;
  }
  get session() {
    return this.symbol.includes("/") ? "always" : (this.desk.status()?.session ?? null);
  }
  get hour() {
    const newest = this.desk.status()?.event_time;
    const { bar } = this;
    return this.desk.bars.last_hour(this.symbol, Math.max(newest ? to_seconds(newest) : -Infinity, bar?.time ?? -Infinity) + minute);
  }
  get age() {
    const { bar, now } = this;
    return bar && now !== null ? Math.max(0, now - bar.time) : null;
  }
  private get before() {
    return this.desk.previous.of(this.symbol);
  }
}

// Rows that are equal, or have no value, keep their order: by symbol.
export function sorted(rows: WatchRow[], column: WatchColumn, down: boolean): WatchRow[] {
  const keyed = rows.map((row) => ({ row, key: column.key(row) }));
  const known = keyed.filter(({ key }) => key !== null) as { row: WatchRow; key: string | number }[];
  known.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key === down ? 1 : -1));
  return [...known, ...keyed.filter(({ key }) => key === null)].map(({ row }) => row);
}

// Rows and statuses for tests: a plain one, changed as the case needs it.
import type { Snapshot, Status, TrendRow } from "../src/protocol";
import type { Store } from "../src/store";

export function row(change: Partial<TrendRow> & { end?: string } = {}): TrendRow {
  const { end = "10:05", ...rest } = change;
  const [hour, minute] = end.split(":").map(Number) as [number, number];
  const start = new Date(Date.UTC(2026, 10, 22, hour, minute - 5)).toISOString().slice(0, 19).replace("T", " ");
  return {
    symbol: "AAPL",
    window_start: start,
    window_end: `2026-11-22 ${end}:00`,
    avg_close: 175.3,
    max_close: 175.6,
    min_close: 175.1,
    avg_volume: 1000,
    volatility: 0.1,
    avg_vwap: 175.2,
    avg_pct_change: 0.01,
    buy_pressure: 0.6,
    bar_count: 5,
    price_range: 0.5,
    vwap_deviation_pct: 0.0571,
    trend_signal: "NEUTRAL",
    status: "final",
    revision: 5,
    feed: "sim",
    ...rest,
  };
}

export function status(change: Partial<Status> = {}): Status {
  return {
    version: "0.1.0",
    feed: { name: "simulator", state: "live", detail: "", speed: 60 },
    watermark: "2026-11-22T10:03:00Z",
    event_time: "2026-11-22T10:05:00Z",
    session: "closed",
    account: { read: 10, accepted: 10, duplicate: 0, corrected: 0, late: 0, rejected: 0 },
    bars_per_second: 5,
    last_bar_age_seconds: 0.5,
    symbols: 1,
    latency_ms: { p50: 2, p99: 8 },
    uptime_seconds: 60,
    watermark_jump: null,
    lagging: null,
    ...change,
  };
}

export function snapshot(trends: TrendRow[], sequence = 1): Snapshot {
  return { type: "snapshot", epoch: "e", sequence, symbols: [...new Set(trends.map(({ symbol }) => symbol))], trends, status: status() };
}

// As a snapshot that comes in one piece.
export function put_in_place(store: Store, whole: Snapshot): void {
  store.begin(whole);
  store.add(whole.trends);
  store.finish();
}

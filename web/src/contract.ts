// Made by `npm run types` from contract/schema; do not edit.

// How a field of a row is validated: a kind of value (with a ? also null), or one of some words.
export const trend_fields = {
  symbol: "string",
  window_start: "time",
  window_end: "time",
  avg_close: "number",
  max_close: "number",
  min_close: "number",
  avg_volume: "number",
  volatility: "number?",
  avg_vwap: "number?",
  avg_pct_change: "number",
  buy_pressure: "number",
  bar_count: "number",
  price_range: "number",
  vwap_deviation_pct: "number?",
  trend_signal: ["BULLISH", "BEARISH", "NEUTRAL"],
  status: ["update", "final"],
  revision: "number",
  feed: "string?",
} as const;

// The contract makes some fields optional for readers; this page requires all of them.
// One window of one symbol, topic alpaca_trend_results (key = symbol), keys in this order
export interface TrendRow {
  symbol: string; // The ticker, case-sensitive: AAPL, BRK.A, BTC/USD
  window_start: string; // First instant of the window, UTC
  window_end: string; // First instant after the window, UTC
  avg_close: number; // Average close, in the instrument's currency
  max_close: number; // Highest close, in the instrument's currency
  min_close: number; // Lowest close, in the instrument's currency
  avg_volume: number; // Average volume of a bar, in shares or coins
  volatility: number | null; // Sample standard deviation of the closes, in the instrument's currency
  avg_vwap: number | null; // Average of the vwaps that are known (0 is none), in the instrument's currency
  avg_pct_change: number; // Average change of a bar, in percent
  buy_pressure: number; // Share of the bars that went up, from 0 to 1
  bar_count: number; // Bars in the window
  price_range: number; // max_close - min_close, in the instrument's currency
  vwap_deviation_pct: number | null; // (average close - average vwap) / average vwap x 100 of the exact averages, in percent
  trend_signal: "BULLISH" | "BEARISH" | "NEUTRAL"; // Where the exact average close lies in the price range: above 60 percent, below 40 percent, else
  status: "update" | "final"; // update: the window is still open
  revision: number; // How many records have changed the window: bars accepted into it and corrections of them
  feed: string | null; // The feed that all bars of the window share
}

// A record that was rejected, topic alpaca_dead_letters, keys in this order
export interface DeadLetter {
  reason: "too_long" | "bad_json" | "not_an_object" | "too_deep" | "duplicate_key" | "missing" | "wrong_type" | "bad_symbol" | "bad_timestamp" | "not_positive" | "negative" | "not_integer" | "out_of_range" | "bad_direction" | "bad_feed" | "high_below_low" | "low_above_open" | "open_above_high" | "low_above_close" | "close_above_high" | "ahead_of_heartbeat" | "ahead_of_feed" | "bad_row"; // The first rule that the record breaks, in the order of 2.4
  field: "" | "symbol" | "timestamp" | "open" | "high" | "low" | "close" | "volume" | "vwap" | "price_change" | "pct_change" | "direction" | "trade_count" | "feed" | "heartbeat" | "source"; // The field that breaks it
  source: string; // The file's name as it was given, - for standard input, or the topic
  position: number; // Number of the line in its file, from 1
  record: string | null; // The record as it came
  record_base64?: string; // The record's bytes, RFC 4648 section 4
  record_bytes?: number; // The full length in bytes of a too_long record, of which only the first 65,536 bytes are carried
}

// The numbers are the received text, so that no digit is lost.
// Symbol, time, open, high, low, close, volume
export type BarTuple = [string, string, string, string, string, string, string];

export interface Status {
  version: string;
  feed: { name: string; state: "connecting" | "filling" | "live" | "idle" | "ended" | "down"; detail: string; speed: number | null };
  watermark: string | null; // How far event time has certainly come
  event_time: string | null; // The largest seen
  session: "pre" | "regular" | "post" | "closed" | null; // Of the New York Stock Exchange: by the wall's clock where the feed runs in real time, else by `event_time`
  account: { read: number; accepted: number; duplicate: number; corrected: number; late: number; rejected: number }; // read = accepted + duplicate + corrected + late + rejected, since the log began
  bars_per_second: number; // Records read, over the last five seconds
  last_bar_age_seconds: number | null; // Wall time since a bar was last accepted
  symbols: number;
  latency_ms: { p50: number | null; p99: number | null }; // From the arrival of a bar to its way to the clients, durable in between
  uptime_seconds: number;
  watermark_jump: { bar: string; from: string; to: string; late: number } | null; // The last record that moved the watermark by more than an hour and made bars behind it late
  lagging: string | null; // What is behind while the rest works, and why, as the tables of a metastore
}

export interface Snapshot {
  type: "snapshot";
  epoch: string; // Another one means that the program was started again
  sequence: number;
  symbols: string[]; // All that are known, sorted
  trends: TrendRow[]; // Sorted by symbol, then window: the history of the asked symbols, and of every other one the row that stands for it, its newest final and the windows still open behind it
  bars?: BarTuple[]; // The newest of every symbol, sixty of each where there is room
  status?: Status; // Missing where parts follow
}

// What a snapshot goes on with
export interface Part {
  type: "part";
  trends?: TrendRow[];
  bars?: BarTuple[];
  status?: Status; // Of the last one
}

export interface Resumed {
  type: "resumed";
  epoch: string;
  sequence: number;
  status: Status;
}

export interface Trends {
  type: "trends";
  sequence: number;
  trends: TrendRow[]; // Rows that changed
  bars?: BarTuple[]; // Bars that came or changed
}

export interface StatusMessage {
  type: "status";
  status: Status;
}

export interface ReplayState {
  id: string;
  day: string;
  phase: "opening" | "playing" | "paused" | "ended" | "failed";
  error?: string; // Why it failed
  begin: string | null; // Of the minute of the day's first bar, and `end` the end of its last one's
  end: string | null;
  time: string | null; // The market's clock
  speed: number | "max";
  bars: number; // Of the day
}

export interface ReplayMessage {
  type: "replay";
  replay: ReplayState;
}

export type Message = Snapshot | Part | Resumed | Trends | StatusMessage | ReplayMessage;

// The history of one symbol that the page does not have yet: the newest bars from the server's memory, older bars and
// their windows from the lake.
import { to_bar, type Bar } from "../bars";
import { trimmed } from "../decimal";
import { ask_lake, quoted, sql_time } from "../lake";
import { fewest, places_of, widest } from "../places";
import { quote_bars, to_seconds, type BarTuple, type Signal, type TrendRow } from "../protocol";
import type { Desk } from "./view";

const most_bars = 10_000;
const first_wait = 10_000; // milliseconds, doubled each time
const longest_wait = 300_000;

const columns = [
  "window_start", "window_end", "avg_close", "max_close", "min_close", "avg_volume", "volatility", "avg_vwap", "avg_pct_change",
  "buy_pressure", "bar_count", "price_range", "vwap_deviation_pct",
] as const;

export class PastOfSymbol {
  bars: Bar[] = []; // of the lake, by time
  rows: TrendRow[] = []; // of the lake, by window; all final
  places = fewest; // of the numbers of these rows
  live = new Map<number, TrendRow>(); // of the stream, by end: the store drops them after four hours, and the lake is queried only once
  note = ""; // why there are none
  is_answered = false; // the server's memory has answered
  is_known = false; // so has the lake
  private asked_from = Infinity;
  private failures = 0; // of the lake, consecutive
  private retry = 0; // the timer of the next attempt
  private symbol = "";
  private epoch = "";

  constructor(private readonly desk: Desk) {}

  // Starts with another symbol, or again with the same one.
  async begin(symbol: string): Promise<void> {
    const { epoch } = this.desk.store; // after a replay went back, the lake's answer would be in the future
    if (symbol !== this.symbol || epoch !== this.epoch) Object.assign(this, { symbol, epoch, bars: [], rows: [], places: fewest, live: new Map(), note: "", is_answered: false, is_known: false, asked_from: Infinity, failures: 0 });
    try {
      const text = await this.desk.ask(`${this.desk.replay.base()}/bars?symbol=${encodeURIComponent(symbol)}`);
      const { bars } = JSON.parse(quote_bars(text)) as { bars: BarTuple[] };
      this.desk.bars.add_past(symbol, bars);
      if (symbol === this.symbol) this.is_answered = true;
    } catch {
      // The live stream brings the new ones.
    }
    this.desk.draw_soon();
  }

  keep(rows: readonly TrendRow[]): void {
    for (const row of rows) this.live.set(to_seconds(row.window_end), row);
  }

  // The lake is queried once per symbol and range, and again some time after a failure; -Infinity: as far back as
  // possible.
  async reach(from: number, before: number): Promise<void> {
    if (from >= this.asked_from || from >= before) return;
    this.asked_from = from;
    const { symbol, epoch } = this;
    const replayed = this.desk.replay.time();
    const of_symbol = `WHERE symbol = ${quoted(symbol)}`;
    const since = (column: string) => (from === -Infinity ? "" : ` AND ${column} >= ${sql_time(from)}`) + (replayed === null ? "" : ` AND ${column} < ${sql_time(replayed)}`);
    try {
      const bars = await ask_lake(
        this.desk,
        `SELECT strftime(timestamp, '%Y-%m-%dT%H:%M:%SZ'), open, high, low, close, volume FROM bars ${of_symbol}${since("timestamp")} ` +
          `ORDER BY timestamp_ns DESC LIMIT ${most_bars}`,
      );
      const windows = await ask_lake(
        this.desk,
        `SELECT ${columns.join(", ")}, trend_signal FROM stock_trends ${of_symbol}${since("window_end::TIMESTAMP")} ` +
          `ORDER BY window_end DESC LIMIT ${most_bars}`,
      );
      if (symbol !== this.symbol || epoch !== this.epoch) return;
      this.bars = bars.rows.map((row) => to_bar([symbol, ...row.map((value) => trimmed(String(value)))] as BarTuple)).reverse();
      this.rows = windows.rows.map((row) => to_row(symbol, row)).reverse();
      this.places = this.rows.reduce((held, row) => widest(held, places_of(row)), fewest);
      this.failures = 0;
      window.clearTimeout(this.retry);
      this.note = bars.truncated || bars.rows.length === most_bars ? `The newest ${most_bars} bars of the lake.` : "";
    } catch (error) {
      if (symbol !== this.symbol || epoch !== this.epoch) return;
      this.note = `Older bars are not to be had: ${(error as Error).message.split("\n")[0]}`;
      window.clearTimeout(this.retry);
      this.retry = window.setTimeout(() => this.forget(symbol, epoch), Math.min(longest_wait, first_wait * 2 ** this.failures++));
    }
    if (symbol === this.symbol) this.is_known = true;
    this.desk.draw_soon();
  }

  // Forgets that the lake was queried.
  private forget(symbol: string, epoch: string): void {
    if (symbol !== this.symbol || epoch !== this.epoch) return;
    this.asked_from = Infinity;
    this.desk.draw_soon();
  }
}

function to_row(symbol: string, values: (string | boolean | null)[]): TrendRow {
  const row: Record<string, unknown> = { symbol, trend_signal: values.at(-1) as Signal, status: "final", revision: 0, feed: null };
  columns.forEach((name, i) => {
    const value = values[i] ?? null;
    row[name] = name.startsWith("window_") ? String(value).slice(0, 19) : value === null ? null : Number(value);
  });
  return row as unknown as TrendRow;
}

// The history of a symbol in the lake, by pages of /api/v1/history, the newest first.
import { to_bar, type Bar } from "./bars";
import { fewest, places_of, widest } from "./places";
import { quote_bars, to_seconds, type BarTuple, type Signal, type TrendRow } from "./protocol";
import type { Desk } from "./views/view";

const most_bars = 20_000; // that a chart holds
const first_page = 2_000; // bars: soon on the screen
const next_pages = 5_000;
const first_wait = 10_000; // milliseconds after a failure, doubled each time
const longest_wait = 300_000;

const columns = [
  "window_start", "window_end", "avg_close", "max_close", "min_close", "avg_volume", "volatility", "avg_vwap", "avg_pct_change",
  "buy_pressure", "bar_count", "price_range", "vwap_deviation_pct", "trend_signal",
] as const;

const nothing: Windows = { ends: [], rows: [] };

interface Page {
  bars: Bar[];
  rows: TrendRow[];
  more_before: number | null; // seconds: there may be older bars before it
}

export class LakeHistory {
  bars: readonly Bar[] = []; // by time
  windows: Windows = nothing; // all final
  places = fewest; // of the numbers of these rows
  note = ""; // why there are none
  is_known = false; // the lake has answered
  changes = 0; // counts the answers
  private kept: Windows = nothing; // of the stream: the store drops them after four hours, and the lake is asked only once
  private wanted_from = Infinity;
  private reached = Infinity; // seconds: from here on everything is here
  private is_reading = false;
  private failures = 0; // consecutive
  private retry_at = 0; // milliseconds of performance.now()
  private readonly gone = new AbortController();

  constructor(private readonly desk: Pick<Desk, "ask" | "draw_soon" | "replay">, private readonly symbol: string) {}

  // Ends its question at the server, too.
  leave(): void {
    this.gone.abort();
  }

  // Everything, with the windows of the stream.
  all(stream: Windows): Windows {
    if ((stream.ends[0] ?? -Infinity) > (this.kept.ends.at(-1) ?? Infinity)) this.begin_again();
    this.kept = with_past(this.kept, { ends: [...stream.ends], rows: [...stream.rows] }); // a copy: the store drops windows from its own
    return with_past(this.windows, this.kept);
  }

  // The stream has left out windows, which only the lake has.
  private begin_again(): void {
    Object.assign(this, { kept: nothing, windows: nothing, bars: [], reached: Infinity });
  }

  // Asks for what is missing since `from`; -Infinity: as far back as possible. Called often.
  reach(from: number): void {
    this.wanted_from = Math.min(this.wanted_from, from);
    const is_early = this.desk.replay.is_on() && this.desk.replay.time() === null; // what comes later is not known yet
    if (is_early || this.is_reading || this.reached <= this.wanted_from || performance.now() < this.retry_at) return;
    this.is_reading = true;
    if (this.failures === 0) this.note = "Older bars are on their way.";
    void this.read();
  }

  private async read(): Promise<void> {
    try {
      while (this.reached > this.wanted_from) await this.read_page();
      this.failures = 0;
      this.note = this.is_full() ? `The newest ${this.bars.length} bars of the lake.` : "";
    } catch (error) {
      if (this.gone.signal.aborted) return;
      const wait = Math.min(longest_wait, first_wait * 2 ** this.failures++);
      this.note = `Older bars are not to be had: ${(error as Error).message.split("\n")[0]}`;
      this.retry_at = performance.now() + wait;
      setTimeout(this.desk.draw_soon, wait);
    }
    this.is_reading = false;
    this.is_known = true;
    this.desk.draw_soon();
  }

  private async read_page(): Promise<void> {
    const from = this.wanted_from;
    const to = this.reached === Infinity ? this.desk.replay.time() : this.reached;
    const query = new URLSearchParams({ symbol: this.symbol, limit: String(this.reached === Infinity ? first_page : next_pages) });
    if (from !== -Infinity) query.set("from", iso(from));
    if (to !== null) query.set("to", iso(to));
    const { bars, rows, more_before } = parse_page(await this.desk.ask(`/api/v1/history?${query}`, { signal: this.gone.signal }), this.symbol);
    this.bars = [...bars, ...this.bars];
    this.windows = with_past({ ends: rows.map(({ window_end }) => to_seconds(window_end)), rows }, this.windows);
    this.places = rows.reduce((held, row) => widest(held, places_of(row)), this.places);
    this.reached = this.is_full() ? -Infinity : (more_before ?? from);
    this.changes++;
    if (this.bars.length > 0) this.is_known = true;
    this.desk.draw_soon();
  }

  private is_full(): boolean {
    return this.bars.length >= most_bars;
  }
}

export function parse_page(text: string, symbol: string): Page {
  // The numbers of bars keep every digit; those of windows are doubles in the lake, too.
  const answer = JSON.parse(quote_bars(text)) as { bars: [string, string, string, string, string, string][]; windows: (string | number | null)[][]; more_before: string | null };
  return {
    bars: answer.bars.map((bar) => to_bar([symbol, ...bar] as BarTuple)),
    rows: answer.windows.map((values) => to_row(symbol, values)),
    more_before: answer.more_before === null ? null : Date.parse(answer.more_before) / 1000,
  };
}

function to_row(symbol: string, values: readonly (string | number | null)[]): TrendRow {
  const row: Record<string, unknown> = { symbol, status: "final", revision: 0, feed: null, trend_signal: values.at(-1) as Signal };
  columns.forEach((name, i) => (row[name] = values[i] ?? null));
  return row as unknown as TrendRow;
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}

// Windows of one symbol: rows[i] ends at ends[i] (seconds), strictly increasing.
export interface Windows {
  ends: readonly number[];
  rows: readonly TrendRow[];
}

// Older windows, and newer ones, which replace the older from their first on.
export function with_past(past: Windows, newer: Windows): Windows {
  const begin = newer.ends[0];
  if (begin === undefined) return past;
  const cut = lower_bound(past.ends, begin);
  return cut === 0 ? newer : { ends: [...past.ends.slice(0, cut), ...newer.ends], rows: [...past.rows.slice(0, cut), ...newer.rows] };
}

// The index of the first that is not below.
function lower_bound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

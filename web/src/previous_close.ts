// The previous close of each symbol, from the lake: the last bar of the last trading day before the one shown.
import { trimmed } from "./decimal";
import { ask_lake, sql_time } from "./lake";
import { to_seconds } from "./protocol";
import type { Desk } from "./views/view";
import { exchange_midnight } from "./zone";

export interface Close {
  close: string;
  time: number; // of its bar
}

const farthest_back = 14 * 86_400; // seconds: longer than any series of holidays
// Milliseconds until the next attempt while there are none: short at first, because they may be on their way to the
// lake.
const retry_after = (tries: number): number => Math.min(300_000, 5_000 * 2 ** tries);

export class PreviousClose {
  changes = 0; // counts the answers
  private closes = new Map<string, Close>();
  private day = 0; // the midnight before which they are
  private asked_at = -Infinity;
  private tries = 0; // attempts without a result
  private sentence = "";
  private is_asking = false;

  constructor(private readonly desk: Pick<Desk, "ask" | "status" | "draw_soon">) {}

  of(symbol: string): Close | null {
    return this.closes.get(symbol) ?? null;
  }

  // Why there are none; empty if there are some.
  why_not(): string {
    return this.sentence;
  }

  // Called often; it queries rarely.
  look(now: number): void {
    const newest = this.desk.status()?.event_time;
    if (!newest || this.is_asking || document.hidden) return;
    const midnight = exchange_midnight(to_seconds(newest));
    const is_due = midnight !== this.day || (this.closes.size === 0 && now - this.asked_at > retry_after(this.tries));
    if (!is_due) return;
    this.asked_at = now;
    void this.ask(midnight);
  }

  private async ask(midnight: number): Promise<void> {
    this.is_asking = true;
    try {
      const { rows } = await ask_lake(
        this.desk,
        `SELECT symbol, arg_max(close, timestamp_ns), max(timestamp)::VARCHAR FROM bars ` +
          `WHERE timestamp < ${sql_time(midnight)} AND timestamp >= ${sql_time(midnight - farthest_back)} GROUP BY symbol`,
      );
      this.closes = new Map(rows.map(([symbol, close, time]) => [String(symbol), { close: trimmed(String(close)), time: to_seconds(String(time).slice(0, 19)) }]));
      this.sentence = rows.length > 0 ? "" : "The lake has no bars of an earlier trading day.";
    } catch (error) {
      this.closes = new Map();
      this.sentence = `The lake was not to be asked: ${(error as Error).message}`;
    }
    this.day = midnight;
    this.tries = this.closes.size > 0 ? 0 : this.tries + 1;
    this.changes++;
    this.is_asking = false;
    this.desk.draw_soon();
  }
}

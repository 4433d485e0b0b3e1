// The close before: of each symbol the last bar of the last trading day before the one that is shown, from the lake.
import { trimmed } from "./decimal";
import { ask_lake, sql_time } from "./lake";
import { to_seconds } from "./protocol";
import type { Desk } from "./views/view";
import { exchange_midnight } from "./zone";

export interface Close {
  close: string;
  time: number; // of its bar
}

const farthest_back = 14 * 86_400; // seconds: longer than any holidays
// Milliseconds, while there are none: soon at first, as they may just be on their way into the lake.
const asked_again_after = (tries: number): number => Math.min(300_000, 5_000 * 2 ** tries);

export class PreviousClose {
  changes = 0; // grows with every answer
  private closes = new Map<string, Close>();
  private day = 0; // the midnight before which they lie
  private asked_at = -Infinity;
  private tries = 0; // in vain
  private sentence = "";
  private is_asking = false;

  constructor(private readonly desk: Pick<Desk, "ask" | "status" | "draw_soon">) {}

  of(symbol: string): Close | null {
    return this.closes.get(symbol) ?? null;
  }

  // Why there are none; empty when there are.
  why_not(): string {
    return this.sentence;
  }

  // Often; asks seldom.
  look(now: number): void {
    const newest = this.desk.status()?.event_time;
    if (!newest || this.is_asking || document.hidden) return;
    const midnight = exchange_midnight(to_seconds(newest));
    const is_due = midnight !== this.day || (this.closes.size === 0 && now - this.asked_at > asked_again_after(this.tries));
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

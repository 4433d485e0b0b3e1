// What the signals view shows: the flips of the stream, and behind them those of the lake, through one filter.
//
//     lake: windows that ended before its newest one      │      stream: the others
import { count_by_hour, newest_first, passes, sum_of_hours, type Flip, type FlipFilter, type FlipLog, type HourCount } from "../flips";
import { ask_flip_counts, ask_flips, ask_newest_end, flips_a_page, type FlipQuestion } from "../flips_of_lake";
import { clock, day_and_year, integer } from "../format";
import { to_seconds } from "../protocol";
import type { Desk } from "./view";

const settled_after = 300; // milliseconds without another letter in the filter
const asked_again_after = 60_000; // milliseconds; the stream's flips are few until then
const asked_soon_after = 10_000; // while something lies between lake and stream
const longest_wait = 300_000;

export class FlipFeed {
  flips: readonly Flip[] = [];
  hours: readonly HourCount[] = [];
  note = "Asking the lake for earlier flips."; // what is missing, and why
  changes = 0;
  private wanted = "";
  private source = "";
  private due_at = -Infinity;
  private failures = 0;
  private is_asking = false;
  private drawn = "";
  private question: FlipQuestion | null = null; // of what is held of the lake
  private of_lake: Flip[] = [];
  private hours_of_lake: HourCount[] = [];
  private is_all = true; // of the lake's flips
  private answers = 0;

  constructor(private readonly desk: Desk, private readonly log: FlipLog) {}

  // Called with every drawing; it asks rarely.
  look(now: number, filter: FlipFilter, span: number): void {
    const { desk } = this;
    const source = `${desk.store.epoch} ${desk.replay.day() ?? ""}`;
    const wanted = JSON.stringify([filter, span, source]);
    if (source !== this.source) {
      this.forget();
      Object.assign(this, { source, wanted, due_at: now, failures: 0 });
    } else if (wanted !== this.wanted) {
      Object.assign(this, { wanted, due_at: now + settled_after, failures: 0 });
    }
    const newest = desk.replay.time() ?? (desk.status()?.event_time ? to_seconds(desk.status()!.event_time!) : null);
    if (newest !== null && !this.is_asking && now >= this.due_at && !document.hidden) void this.ask({ ...filter, from: newest - span, until: newest }, wanted);
    this.put_together(filter, newest === null ? -Infinity : newest - span);
  }

  // Asks for the next page of the lake's flips, if there is one.
  async more(): Promise<void> {
    const { question, wanted } = this;
    if (this.is_all || this.is_asking || !question) return;
    this.is_asking = true;
    try {
      const flips = await ask_flips(this.desk, question, this.of_lake.length);
      if (wanted === this.wanted && question === this.question) {
        this.of_lake = [...this.of_lake, ...flips];
        this.is_all = flips.length < flips_a_page;
        this.answers++;
      }
    } catch {
      // Scrolling asks again.
    }
    this.is_asking = false;
    this.desk.draw_soon();
  }

  private forget(): void {
    Object.assign(this, { question: null, of_lake: [], hours_of_lake: [], is_all: true, note: "Asking the lake for earlier flips." });
    this.answers++;
  }

  private async ask(range: FlipQuestion, wanted: string): Promise<void> {
    this.is_asking = true;
    const { desk } = this;
    try {
      const newest = await ask_newest_end(desk, desk.replay.is_on() ? range.until : null);
      // The store may have published a part of its newest minute only.
      const question = { ...range, until: newest === null ? range.from : newest - 1 };
      const flips = newest === null ? [] : await ask_flips(desk, question, 0);
      const hours = newest === null ? [] : await ask_flip_counts(desk, question);
      if (wanted === this.wanted) {
        const is_all = flips.length < flips_a_page;
        Object.assign(this, { question, of_lake: flips, hours_of_lake: hours, is_all, failures: 0, note: "" });
        this.note = this.gap(question.until);
        this.due_at = performance.now() + (this.note === "" ? asked_again_after : asked_soon_after);
        this.answers++;
      }
    } catch (error) {
      if (wanted === this.wanted) {
        this.answers++;
        this.note = `Only flips since the page was opened: ${(error as Error).message.split("\n")[0]}`;
        this.due_at = performance.now() + Math.min(longest_wait, asked_soon_after * 2 ** this.failures++);
      }
    }
    this.is_asking = false;
    desk.draw_soon();
  }

  // Whether windows ended between the lake's newest and the stream's first.
  private gap(until: number): string {
    const from = this.log.complete_from();
    if (from === null || from <= until + 1) return "";
    return `Flips of ${clock(until)} to ${clock(from)} are still on their way to the lake.`;
  }

  private put_together(filter: FlipFilter, from: number): void {
    const key = `${this.log.changes} ${this.answers} ${this.wanted} ${this.desk.replay.time() ?? ""}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const begin = this.question ? Math.max(from, this.question.until) : Math.max(from, this.log.complete_from() ?? from);
    const live = newest_first(this.log.since(begin + 1).filter((flip) => passes(flip, filter)));
    this.flips = [...live, ...this.of_lake];
    this.hours = sum_of_hours(this.hours_of_lake, count_by_hour(live));
    this.changes++;
  }

  // How many there are, and since when.
  summary(): string {
    const count = this.hours.reduce((sum, { BULLISH, NEUTRAL, BEARISH }) => sum + BULLISH + NEUTRAL + BEARISH, 0);
    const since = this.question ? ` since ${day_and_year(this.question.from)} ${clock(this.question.from)}` : "";
    return `${integer(count)} ${count === 1 ? "flip" : "flips"}${since}`;
  }
}

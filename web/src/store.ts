// The windows that the page knows: for each symbol one row per window, in order of time.
//
// A snapshot replaces everything once it is complete. Afterwards a row replaces the earlier one with the same identity.
// Windows of one symbol have the same size, so their end orders and identifies them as well as their start does.
import { fewest, places_of, widest, type Places } from "./places";
import { to_seconds, type Snapshot, type TrendRow, type Trends } from "./protocol";

export interface History {
  ends: number[]; // seconds since the epoch, strictly increasing
  rows: TrendRow[]; // rows[i] ends at ends[i]
  places: Places; // as many as any row needed so far
  changes: number; // counts the changes, also across snapshots: if it is the same, nothing need be drawn again
}

// Of an unwatched symbol only the windows that hold its newest bar are kept, and the one before them, at most this many.
const kept_unwatched = 16;
const bar_length = 60; // seconds

const nothing: History = { ends: [], rows: [], places: fewest, changes: 0 };

interface Picture {
  epoch: string;
  sequence: number; // -1: empty
  histories: Map<string, History>;
  known: string[]; // symbols
  newest: number | null; // seconds: the latest start of a window; a bar came then or later
}

export class Store {
  private shown: Picture = { epoch: "", sequence: -1, histories: new Map(), known: [], newest: null };
  private coming: Picture | null = null; // a snapshot with parts still missing
  private changes = 0;
  private watched = new Set<string>();

  // `newest_bar` is the start of a symbol's newest bar, in seconds.
  constructor(private readonly windows: number, private readonly newest_bar: (symbol: string) => number | null = () => null) {}

  // The symbols whose whole history matters; of the others only the newest windows are kept.
  watch(symbols: readonly string[]): void {
    this.watched = new Set(symbols);
  }

  // Called before the snapshot of another source.
  forget(): void {
    this.begin({ epoch: "", sequence: -1, symbols: [] });
    this.finish();
  }

  // Begins a snapshot. Its rows are added, and finish() shows them all at once.
  begin({ epoch, sequence, symbols }: Pick<Snapshot, "epoch" | "sequence" | "symbols">): void {
    this.coming = { epoch, sequence, histories: new Map(), known: [...symbols], newest: null };
  }

  // False if there is no snapshot to add to.
  add(rows: readonly TrendRow[]): boolean {
    if (!this.coming) return false;
    for (const row of rows) this.put(row, this.coming);
    return true;
  }

  finish(): void {
    if (!this.coming) return;
    this.shown = this.coming;
    this.coming = null;
    this.sort_symbols();
  }

  // False if a message before this one is missing: then only a new snapshot helps.
  apply(message: Trends): boolean {
    const { shown } = this;
    if (message.sequence !== shown.sequence + 1) return false;
    shown.sequence = message.sequence;
    const known_before = shown.known.length;
    for (const row of message.trends) this.put(row, shown);
    if (shown.known.length !== known_before) this.sort_symbols();
    return true;
  }

  get epoch(): string {
    return this.shown.epoch;
  }

  get sequence(): number {
    return this.shown.sequence;
  }

  // How far the stream was received; null before the first snapshot.
  heard(): { epoch: string; sequence: number } | null {
    const { epoch, sequence } = this.shown;
    return sequence < 0 ? null : { epoch, sequence };
  }

  is_heard_up_to({ epoch, sequence }: { epoch: string; sequence: number }): boolean {
    return epoch === this.shown.epoch && sequence === this.shown.sequence;
  }

  symbols(): readonly string[] {
    return this.shown.known;
  }

  history(symbol: string): History {
    return this.shown.histories.get(symbol) ?? nothing;
  }

  // The start of the newest window; null if there is none. A window begins with a bar, so this is on the day of the
  // newest bar.
  newest(): number | null {
    return this.shown.newest;
  }

  // The row that stands for the symbol, by docs/api.md ("One row for a symbol"): the newest window that its bars have
  // filled to the end; before there is one, the window that will be filled first.
  current(symbol: string): TrendRow | null {
    const { ends, rows } = this.history(symbol);
    const filled = this.filled(symbol);
    return rows[ends.findLastIndex((end) => end <= filled)] ?? rows[0] ?? null;
  }

  // Whether no window has been filled yet.
  is_forming(symbol: string): boolean {
    const first = this.history(symbol).ends[0];
    return first !== undefined && first > this.filled(symbol);
  }

  // The end of the newest bar. A window begins with a bar, so without bars its start stands for the newest one.
  private filled(symbol: string): number {
    const last = this.history(symbol).rows.at(-1);
    return (this.newest_bar(symbol) ?? (last ? to_seconds(last.window_start) : -Infinity)) + bar_length;
  }

  private put(row: TrendRow, picture: Picture): void {
    const { histories, known } = picture;
    picture.newest = Math.max(picture.newest ?? -Infinity, to_seconds(row.window_start));
    let history = histories.get(row.symbol);
    if (!history) {
      history = { ends: [], rows: [], places: fewest, changes: 0 };
      histories.set(row.symbol, history);
      known.push(row.symbol);
    }
    history.places = widest(history.places, places_of(row));
    const { ends, rows } = history;
    const end = to_seconds(row.window_end);
    let at = ends.length;
    while (at > 0 && ends[at - 1]! >= end) at--; // new rows belong near the end
    if (ends[at] === end) {
      if (!supersedes(row, rows[at]!)) return;
      rows[at] = row;
      history.changes = ++this.changes;
      return;
    }
    history.changes = ++this.changes;
    if (at === ends.length) {
      ends.push(end);
      rows.push(row);
    } else {
      ends.splice(at, 0, end);
      rows.splice(at, 0, row);
    }
    const is_watched = this.watched.size === 0 || this.watched.has(row.symbol);
    const surplus = is_watched ? ends.length - this.windows : Math.max(ends.length - kept_unwatched, count_past(history));
    if (surplus > 0) {
      ends.splice(0, surplus);
      rows.splice(0, surplus);
    }
  }

  private sort_symbols(): void {
    this.shown.known = [...new Set(this.shown.known)].sort();
  }
}

// The windows that ended before the newest one began, but for the last of them: it stands for the symbol until a newer
// one is filled.
function count_past({ ends, rows }: History): number {
  const begin = to_seconds(rows.at(-1)!.window_start);
  let count = 0;
  while (ends[count + 1]! <= begin) count++;
  return count;
}

// A final replaces every update. With equal status the higher revision wins (a recomputed day raises it).
function supersedes(row: TrendRow, held: TrendRow): boolean {
  if (row.status !== held.status) return row.status === "final";
  return row.revision >= held.revision;
}

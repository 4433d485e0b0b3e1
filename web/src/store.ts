// The windows the page knows: for each symbol one row per window, in order of time.
//
// A snapshot replaces everything; afterwards a row replaces the earlier one with the same identity. Windows of one
// symbol have one size, so their end orders and identifies them as well as their start does.
import { to_seconds, type Snapshot, type TrendRow, type Trends } from "./protocol";

export interface History {
  ends: number[]; // seconds since the epoch, strictly increasing
  rows: TrendRow[]; // rows[i] ends at ends[i]
  changes: number; // grows with every change, also over snapshots: who has drawn this count need not draw again
}

// Of a symbol nobody looks at the windows are kept that hold its newest bar, and not more than so many.
const kept_unwatched = 16;

const nothing: History = { ends: [], rows: [], changes: 0 };

export class Store {
  epoch = "";
  sequence = -1;
  private changes = 0;
  private readonly histories = new Map<string, History>();
  private known: string[] = [];
  private watched = new Set<string>();

  constructor(private readonly windows: number) {}

  // The symbols whose whole history matters; of the others only the newest windows are kept.
  watch(symbols: readonly string[]): void {
    this.watched = new Set(symbols);
  }

  // Before the snapshot of another source.
  forget(): void {
    this.replace({ epoch: "", sequence: -1, symbols: [], trends: [] });
  }

  replace(snapshot: Pick<Snapshot, "epoch" | "sequence" | "symbols" | "trends">): void {
    this.histories.clear();
    this.epoch = snapshot.epoch;
    this.sequence = snapshot.sequence;
    this.known = [...snapshot.symbols];
    for (const row of snapshot.trends) this.put(row);
    this.sort_symbols();
  }

  // False if a message is missing before this one: then only a fresh snapshot helps.
  apply(message: Trends): boolean {
    if (message.sequence !== this.sequence + 1) return false;
    this.sequence = message.sequence;
    const known_before = this.known.length;
    for (const row of message.trends) this.put(row);
    if (this.known.length !== known_before) this.sort_symbols();
    return true;
  }

  // How far the stream was heard; null before the first snapshot.
  heard(): { epoch: string; sequence: number } | null {
    return this.sequence < 0 ? null : { epoch: this.epoch, sequence: this.sequence };
  }

  is_heard_up_to({ epoch, sequence }: { epoch: string; sequence: number }): boolean {
    return epoch === this.epoch && sequence === this.sequence;
  }

  symbols(): readonly string[] {
    return this.known;
  }

  history(symbol: string): History {
    return this.histories.get(symbol) ?? nothing;
  }

  // The row to show as "now": of the windows that hold the newest bar the fullest, of equally full ones the newest. The
  // last of them has only just begun when the bar came: it holds one bar and says little.
  current(symbol: string): TrendRow | null {
    const { rows } = this.history(symbol);
    const last = rows.at(-1);
    if (!last) return null;
    let best = last;
    for (let i = rows.length - 2; i >= 0 && rows[i]!.window_end > last.window_start; i--) {
      if (rows[i]!.bar_count > best.bar_count) best = rows[i]!;
    }
    return best;
  }

  private put(row: TrendRow): void {
    let history = this.histories.get(row.symbol);
    if (!history) {
      history = { ends: [], rows: [], changes: 0 };
      this.histories.set(row.symbol, history);
      this.known.push(row.symbol);
    }
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
    this.known = [...new Set(this.known)].sort();
  }
}

// The windows that ended before the newest one began.
function count_past({ ends, rows }: History): number {
  const begin = to_seconds(rows.at(-1)!.window_start);
  let count = 0;
  while (ends[count]! <= begin) count++;
  return count;
}

// A final outranks every update; among equals in status the higher revision wins (a recomputed day raises it).
function supersedes(row: TrendRow, held: TrendRow): boolean {
  if (row.status !== held.status) return row.status === "final";
  return row.revision >= held.revision;
}

// Signals: the flips of all symbols, newest first, with filters, and how many there were in each hour.
import { sinces, type Since } from "../address";
import { csv_button, file_name, save_csv, to_csv, window_cells } from "../csv";
import { element, set_text } from "../dom";
import { place_in_range, range_percent, type Flip, type FlipKind, type FlipLog } from "../flips";
import { is_condition } from "../screen";
import { FlipFeed } from "./flip_feed";
import { FlipLine, flip_columns } from "./flip_line";
import { HourBars } from "./hour_bars";
import { LineList } from "./line_list";
import { line_table } from "./line_table";
import type { Desk, View } from "./view";

const kinds: readonly (readonly [FlipKind, string])[] = [["", "All flips"], ["bullish", "To bullish"], ["bearish", "To bearish"], ["neutral", "To neutral"], ["reversal", "Bullish ↔ bearish"]];
const since_names: Record<Since, string> = { "1h": "1 h", day: "Day", "5d": "5 d" };
const saved = ["avg_close", "max_close", "min_close", "price_range", "buy_pressure", "bar_count", "volatility"] as const;
const phone = matchMedia("(max-width: 760px)");
const around = 30 * 60; // seconds shown on both sides of a flip on its symbol's chart
const minute = 60;

export class Signals implements View {
  readonly needs_data = true;
  readonly root: HTMLElement;
  readonly search = element("input");
  private readonly feed: FlipFeed;
  private readonly kind = element("select", "quiet");
  private readonly least = element("input");
  private readonly buttons = new Map<Since, HTMLButtonElement>();
  private readonly count = element("span", "count");
  private readonly note = element("p", "hint");
  private readonly hours = new HourBars();
  private readonly list: LineList;
  private readonly table: HTMLElement;

  constructor(private readonly desk: Desk, log: FlipLog) {
    this.feed = new FlipFeed(desk, log);
    this.list = new LineList({
      height: () => (phone.matches ? 52 : 34),
      make: () => this.make_line(),
      moved: () => desk.draw_soon(),
      open: (index) => this.open(this.feed.flips[index]),
    });
    this.count.setAttribute("role", "status");
    this.table = line_table("Flips", "flip-line", flip_columns, this.list);
    this.root = element("div", "view signals-view", this.make_tools(), this.note, this.hours.root, this.table);
  }

  title(): string {
    return "Signals";
  }

  emptiness(): string {
    return "";
  }

  opened(): void {
    const { kind, least } = this.desk.address();
    const find = this.find();
    if (this.search.value.trim() !== find) this.search.value = find;
    this.kind.value = kind;
    if (Number(this.least.value) !== least) this.least.value = least === 0 ? "" : String(least);
    this.list.look();
  }

  draw(): void {
    const { kind, least, since } = this.desk.address();
    const find = this.find();
    this.feed.look(performance.now(), { find, kind, least }, sinces[since]);
    for (const [name, button] of this.buttons) button.setAttribute("aria-pressed", String(name === since));
    set_text(this.count, this.feed.summary());
    set_text(this.note, this.feed.note);
    this.hours.draw(this.feed.hours);
    this.table.setAttribute("aria-rowcount", String(this.feed.flips.length + 1));
    this.list.draw(this.feed.flips.length);
    if (this.list.end_of_sight() + 20 > this.feed.flips.length) void this.feed.more();
  }

  repaint(): void {
    this.hours.repaint();
  }

  step(by: 1 | -1): void {
    this.list.step(by);
  }

  enter(): void {
    this.open(this.feed.flips[Math.max(0, this.list.active)]);
  }

  save(): void {
    const rows = this.feed.flips.map(({ symbol, before, row }) => [symbol, row.window_end, before, row.trend_signal, ...window_cells(row, saved), place_in_range(row)?.toFixed(4), range_percent(row).toFixed(4)]);
    const times = this.feed.flips.length > 0 ? [this.feed.flips.at(-1)!.end, this.feed.flips[0]!.end] : [];
    const { kind } = this.desk.address();
    const find = this.find();
    save_csv(file_name(["flips", find, kind], ...times), to_csv(["symbol", "window_end", "was", "trend_signal", ...saved, "place_in_range", "range_pct"], rows));
  }

  private make_line() {
    const line = new FlipLine();
    return { root: line.root, draw: (index: number) => line.draw(this.feed.flips[index]!, flip_address(this.feed.flips[index]!)) };
  }

  private open(flip: Flip | undefined): void {
    if (flip) this.desk.go({ view: "symbol", symbol: flip.symbol, seen: seen_around(flip) });
  }

  private make_tools(): HTMLElement {
    Object.assign(this.search, { type: "search", placeholder: "Symbols with", autocomplete: "off", spellcheck: false });
    this.search.setAttribute("aria-label", "Only symbols with");
    this.search.addEventListener("input", () => this.filter({ find: this.search.value.trim() }));
    this.kind.setAttribute("aria-label", "Kind of flip");
    this.kind.append(...kinds.map(([kind, name]) => new Option(name, kind)));
    this.kind.addEventListener("change", () => this.filter({ kind: this.kind.value as FlipKind }));
    Object.assign(this.least, { type: "number", min: "0", step: "0.05", placeholder: "0", className: "least" });
    this.least.setAttribute("aria-label", "Least range of the closes, in percent of their average");
    this.least.addEventListener("input", () => this.filter({ least: Math.max(0, Number(this.least.value) || 0) }));
    const spans = element("div", "switch");
    spans.setAttribute("role", "group");
    spans.setAttribute("aria-label", "How far back");
    for (const since of Object.keys(sinces) as Since[]) {
      const button = element("button", "", since_names[since]);
      button.type = "button";
      button.addEventListener("click", () => this.filter({ since }));
      this.buttons.set(since, button);
      spans.append(button);
    }
    const least = element("label", "least-of", "Range ≥ ", this.least, " %");
    return element("div", "tools", this.search, this.kind, least, spans, this.count, csv_button("These flips", () => this.save()));
  }

  // A condition of the watchlist is about what a symbol shows now, not about its flips.
  private find(): string {
    const { find } = this.desk.address();
    return is_condition(find) ? "" : find;
  }

  private filter(change: Parameters<Desk["go"]>[0]): void {
    this.list.to_top();
    this.desk.go(change);
  }
}

// The half hours before and behind the last minute of the flip's window.
function seen_around({ end }: Flip): { from: number; to: number } {
  return { from: end - minute - around, to: end - minute + around };
}

function flip_address(flip: Flip): string {
  const { from, to } = seen_around(flip);
  const text = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
  return `#/symbol/${encodeURIComponent(flip.symbol)}?from=${text(from)}&to=${text(to)}`;
}

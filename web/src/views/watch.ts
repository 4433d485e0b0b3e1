// Watchlist: a line for each symbol, sortable by any column. Of thousands of lines only the visible ones are elements.
import { csv_button, file_name, save_csv, to_csv, window_cells } from "../csv";
import { element, set_text } from "../dom";
import { integer } from "../format";
import { explain } from "../head_tip";
import { intro } from "../intro";
import { to_seconds, type Signal } from "../protocol";
import { read_screen } from "../screen";
import type { Desk, View } from "./view";
import { WatchLine } from "./watch_line";
import { columns, make_row, market_now, sorted, type WatchRow } from "./watch_row";

const phone = matchMedia("(max-width: 760px)");
let line_height = 34; // pixels, as in watch.css; on a phone a line has two rows, as in narrower_screens.css
const spare = 4; // lines beyond the edges
const resorted_after = 1_000; // milliseconds: lines that move all the time cannot be read
const saved_of_window = ["trend_signal", "buy_pressure", "volatility", "window_end"] as const;
const turned_for = 1_600; // milliseconds that a badge shows that its signal has just changed

export class Watch implements View {
  readonly needs_data = true;
  readonly search = element("input");
  readonly root: HTMLElement;
  private readonly count = element("span", "count");
  private readonly note = element("p", "hint");
  private readonly heads = new Map<string, HTMLElement>();
  private readonly room = element("div", "room"); // as high as all lines together
  private readonly list = element("div", "list");
  private readonly lines: WatchLine[] = [];
  private sight = { top: 0, height: 0 }; // pixels
  private order: string[] = [];
  private ordered_at = -Infinity;
  private ordered_by = "";
  private screen = read_screen("");
  private active = "";
  private signals = new Map<string, { signal: Signal; turned_at: number }>(); // of the visible lines

  constructor(private readonly desk: Desk) {
    Object.assign(this.search, { type: "search", placeholder: "Find a symbol", autocomplete: "off", spellcheck: false, id: "find", title: "A part of a symbol, or a condition: signal = BULLISH and buy pressure > 60" });
    this.search.setAttribute("aria-label", "Find a symbol");
    this.search.addEventListener("input", () => {
      this.list.scrollTop = 0;
      desk.go({ find: this.search.value.trim() });
    });
    const save = csv_button("The current list", () => this.save());
    this.list.tabIndex = 0;
    this.list.setAttribute("role", "rowgroup");
    this.list.append(this.room);
    this.list.addEventListener("scroll", () => this.look(), { passive: true });
    this.list.addEventListener("keydown", (event) => this.on_key(event));
    this.list.addEventListener("click", (event) => this.on_click(event));
    const table = element("div", "watchlist", this.make_head(), this.list);
    table.setAttribute("role", "table");
    table.setAttribute("aria-label", "Watchlist");
    this.root = element("div", "view watch-view", ...[intro() ?? []].flat(), element("div", "tools", this.search, this.count, this.note, save), table);
    new ResizeObserver(() => this.look()).observe(this.list);
  }

  title(): string {
    return "";
  }

  opened(): void {
    const { find } = this.desk.address();
    if (this.search.value.trim() !== find) this.search.value = find;
    this.ordered_by = "";
    this.look();
  }

  repaint(): void {}

  draw(): void {
    const now = performance.now();
    this.desk.previous.look(now);
    this.put_in_order(now);
    this.draw_head();
    this.draw_lines(now);
    const all = this.desk.store.symbols().length;
    set_text(this.count, this.order.length === all ? `${integer(all)} symbols` : `${integer(this.order.length)} of ${integer(all)} symbols`);
    set_text(this.note, this.remark());
    this.room.parentElement!.parentElement!.setAttribute("aria-rowcount", String(this.order.length + 1));
  }

  step(by: 1 | -1): void {
    const at = this.order.indexOf(this.active);
    this.activate(at < 0 ? 0 : Math.min(this.order.length - 1, Math.max(0, at + by)));
  }

  enter(): void {
    const symbol = this.order.includes(this.active) ? this.active : this.order[0];
    if (symbol) this.desk.go({ view: "symbol", symbol });
  }

  save(): void {
    const time = market_now(this.desk.status());
    const rows = this.order.map((symbol) => {
      const { bar, change, percent, trend, session } = this.row(symbol, time);
      const began = bar ? new Date(bar.time * 1000).toISOString().replace(".000", "") : null;
      return [symbol, bar?.close, change, percent?.toFixed(2), ...window_cells(trend, saved_of_window), session, began];
    });
    const header = ["symbol", "last", "change", "change_pct", ...saved_of_window, "session", "last_bar"];
    const newest = this.desk.status()?.event_time;
    const { find, sort } = this.desk.address();
    save_csv(file_name(["watchlist", find, sort && `by-${sort}`], ...(newest ? [to_seconds(newest)] : [])), to_csv(header, rows));
  }

  // The visible part of the list, and the height of a line. While drawing, this would force a layout.
  private look(): void {
    line_height = phone.matches ? 54 : 34;
    this.sight = { top: this.list.scrollTop, height: this.list.clientHeight };
    this.desk.draw_soon();
  }

  // A remark on the list as a whole.
  private remark(): string {
    if (this.screen.error !== "") return this.screen.error;
    const { store, bars } = this.desk;
    const some = store.symbols()[0];
    if (some !== undefined && bars.changes === 0) return "This page receives windows, but no bars.";
    return this.desk.previous.why_not() === "" ? "" : `Change unknown. ${this.desk.previous.why_not()}`;
  }

  private put_in_order(now: number): void {
    const { find, sort, down } = this.desk.address();
    const { store } = this.desk;
    const by = [find, sort, down, store.symbols().length, this.desk.previous.changes].join(" ");
    if (by === this.ordered_by && now - this.ordered_at < resorted_after) return;
    this.ordered_by = by;
    this.ordered_at = now;
    const time = market_now(this.desk.status());
    this.screen = read_screen(find);
    const found = find === "" ? [...store.symbols()] : store.symbols().filter((symbol) => this.screen.passes(this.row(symbol, time)));
    const column = columns.find(({ id }) => id === sort) ?? columns[0]!;
    if (column.id === "symbol") {
      this.order = down ? found.reverse() : found;
      return;
    }
    this.order = sorted(found.map((symbol) => this.row(symbol, time)), column, down).map(({ symbol }) => symbol);
  }

  private row(symbol: string, time: number | null): WatchRow {
    return make_row(symbol, this.desk, time);
  }

  private draw_lines(now: number): void {
    this.room.style.height = `${this.order.length * line_height}px`;
    const { top, height } = this.sight;
    const first = Math.max(0, Math.floor(top / line_height) - spare);
    const last = Math.min(this.order.length, Math.ceil((top + height) / line_height) + spare);
    while (this.lines.length < last - first) {
      const line = new WatchLine(columns.map(({ id }) => id));
      this.lines.push(line);
      this.room.append(line.root);
    }
    const time = market_now(this.desk.status());
    const signals: typeof this.signals = new Map();
    this.lines.forEach((line, i) => {
      const index = first + i;
      const symbol = this.order[index];
      line.root.hidden = symbol === undefined || index >= last;
      if (line.root.hidden || symbol === undefined) return;
      const place = `translateY(${index * line_height}px)`;
      if (line.root.style.transform !== place) line.root.style.transform = place;
      const row = this.row(symbol, time);
      const turned_at = this.note_signal(row, now, signals);
      line.draw(row, index, symbol === this.active, now - turned_at < turned_for);
    });
    this.signals = signals;
  }

  // When the signal of a line changed; a line that just became visible counts as unchanged.
  private note_signal({ symbol, trend }: WatchRow, now: number, signals: typeof this.signals): number {
    const held = this.signals.get(symbol);
    const turned_at = !trend || !held ? -Infinity : held.signal === trend.trend_signal ? held.turned_at : now;
    if (trend) signals.set(symbol, { signal: trend.trend_signal, turned_at });
    return turned_at;
  }

  private make_head(): HTMLElement {
    const head = element("div", "heads line");
    head.setAttribute("role", "row");
    for (const { id, title, short } of columns) {
      const button = element("button", "", ...(short ? [element("span", "long", title), element("span", "short", short)] : [title]));
      button.type = "button";
      button.addEventListener("click", () => this.sort_by(id));
      const cell = element("span", `cell of-${id}`, button);
      cell.setAttribute("role", "columnheader");
      explain(cell, button, id);
      this.heads.set(id, cell);
      head.append(cell);
    }
    return head;
  }

  private draw_head(): void {
    const { sort, down } = this.desk.address();
    const by = columns.some(({ id }) => id === sort) ? sort : "symbol";
    for (const [id, cell] of this.heads) cell.setAttribute("aria-sort", id !== by ? "none" : down ? "descending" : "ascending");
  }

  // Numbers sort descending first, names ascending. A second click reverses the order.
  private sort_by(id: string): void {
    const { sort, down } = this.desk.address();
    const is_sorted = (sort || "symbol") === id;
    this.desk.go({ sort: id === "symbol" ? "" : id, down: is_sorted ? !down : id !== "symbol" });
  }

  private on_key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.list.clientHeight / line_height) - 1);
    const at = Math.max(0, this.order.indexOf(this.active));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.order.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.activate(this.active === "" && event.key.startsWith("Arrow") ? 0 : Math.min(this.order.length - 1, Math.max(0, to)));
  }

  private on_click(event: MouseEvent): void {
    const line = (event.target as HTMLElement).closest<HTMLElement>(".line");
    if (!line?.dataset.symbol || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.active = line.dataset.symbol;
    this.desk.go({ view: "symbol", symbol: this.active });
  }

  private activate(index: number): void {
    this.active = this.order[index] ?? "";
    const top = index * line_height;
    if (top < this.list.scrollTop) this.list.scrollTop = top;
    const bottom = top + line_height - this.list.clientHeight;
    if (bottom > this.list.scrollTop) this.list.scrollTop = bottom;
    this.desk.draw_soon();
  }
}

// Compare: the signals of all symbols, and five charts of the chosen ones side by side.
import type { Scale, Seen, Span } from "../address";
import { Badges } from "../badges";
import { build_frame, type Frame } from "../charts/frame";
import { ink, most_series } from "../charts/ink";
import { Wall } from "../charts/wall";
import { chosen_symbols } from "../chosen";
import { csv_button, file_name, save_csv, to_csv, window_cells } from "../csv";
import { DataPanel } from "../data_panel";
import { element, set_text } from "../dom";
import { full_day } from "../format";
import { LakeHistory } from "../history";
import { widest } from "../places";
import { to_seconds, trend_fields, type TrendRow } from "../protocol";
import { days_back } from "../session";
import { RangeSwitch } from "./range_switch";
import type { Desk, View } from "./view";

const bar_length = 60; // seconds
const span_names: Record<Span, string> = { "1h": "1 h", "4h": "4 h", day: "Day", "5d": "5 d", all: "All" };

export class Compare implements View {
  readonly root: HTMLElement;
  readonly search: HTMLInputElement;
  readonly needs_data = true;
  readonly wall: Wall;
  private readonly data = new DataPanel();
  private readonly badges: Badges;
  private readonly note = element("p", "note");
  private readonly ranges: RangeSwitch<Span>;
  private readonly lakes = new Map<string, LakeHistory>();
  private epoch = "";
  private readonly past_note = element("span", "hint"); // what the lake says
  private drawn = ""; // what the charts show, so that the clock alone does not redraw them

  constructor(private readonly desk: Desk) {
    this.ranges = new RangeSwitch(span_names, { name: (span) => desk.go({ span, between: null }), own: (between) => desk.go({ between }) });
    this.search = element("input");
    const count = element("span");
    const tools = element("div", "watch-tools", this.search, count);
    const badges = element("div", "badges");
    const charts = element("div", "wall");
    const readout = element("span");
    this.root = make_root(this.search, count, tools, badges, this.note, readout, charts);
    this.root.querySelector(".readout")!.append(this.ranges.root, this.past_note, csv_button("The windows on the charts", () => this.save()));
    this.wall = new Wall({ charts, readout, on_scale: (scale) => this.desk.go({ scale }) });
    charts.querySelector(".average-close")!.after(this.data.root);
    this.badges = new Badges({ badges, tools, search: this.search, count }, (symbol) => this.toggle(symbol), desk.draw_soon);
  }

  title(): string {
    return "Compare";
  }

  chosen(): readonly string[] {
    return chosen_symbols(this.desk);
  }

  scale(): Scale {
    return this.desk.address().scale ?? (this.chosen().length > 1 ? "percent" : "price");
  }

  // What the charts show.
  frame(): Frame {
    const { from, to } = this.stretch();
    const windows = (symbol: string) => {
      const stream = this.desk.store.history(symbol);
      const lake = this.lakes.get(symbol);
      return lake ? { ...lake.all(stream), places: widest(stream.places, lake.places) } : stream;
    };
    return build_frame(this.desk.store, this.chosen(), { windows, from, to: to ?? Infinity });
  }

  // Windows stand at their ends, so a day begins after midnight.
  private stretch(): Seen {
    const newest = this.desk.store.newest();
    const { span, between } = this.desk.address();
    if (between) return between;
    if (newest === null || span === "all") return { from: -Infinity, to: null };
    if (span === "1h" || span === "4h") return { from: newest - { "1h": 1, "4h": 4 }[span] * 3_600, to: null };
    return { from: days_back(newest, span === "day" ? 1 : 5, this.chosen()) + 1, to: null };
  }

  // The lake is asked for what memory, which has the newest four hours, does not have.
  private reach(symbols: readonly string[]): void {
    if (this.epoch !== this.desk.store.epoch) {
      this.epoch = this.desk.store.epoch;
      for (const lake of this.lakes.values()) lake.leave();
      this.lakes.clear();
    }
    const { span, between } = this.desk.address();
    if (!between && (span === "1h" || span === "4h")) return;
    const { from } = this.stretch();
    for (const symbol of symbols) {
      if (from >= (this.desk.store.history(symbol).ends[0] ?? Infinity)) continue;
      let lake = this.lakes.get(symbol);
      if (!lake) this.lakes.set(symbol, (lake = new LakeHistory(this.desk, symbol)));
      lake.reach(from - bar_length); // a window that ends then holds the minute before
    }
  }

  draw(): void {
    const { store } = this.desk;
    const status = this.desk.status();
    if (status) this.data.draw(status);
    const symbols = this.chosen();
    this.badges.draw({
      symbols: store.symbols(),
      chosen: symbols,
      color: (position) => ink.series[position]!,
      current: (symbol) => store.current(symbol),
      is_forming: (symbol) => store.is_forming(symbol),
      places: (symbol) => store.history(symbol).places,
      newest_day: this.newest_day(),
    });
    this.root.dataset.page = store.symbols().length === 0 ? "empty" : symbols.length === 0 ? "no-symbols" : "full";
    const scale = this.scale();
    const { span, between } = this.desk.address();
    this.ranges.show(between ? null : span, between, store.newest());
    this.reach(symbols);
    const lake = [...this.lakes.values()].map(({ changes }) => changes);
    const failure = [...this.lakes.values()].find(({ note }) => note !== "")?.note ?? "";
    set_text(this.past_note, failure);
    const picture = [scale, span, between?.from, between?.to, lake, ...symbols.map((symbol) => `${symbol} ${store.history(symbol).changes}`)].join(" ");
    if (picture !== this.drawn) this.wall.draw(this.frame(), scale);
    this.drawn = picture;
  }

  repaint(): void {
    this.drawn = "";
    this.wall.repaint();
  }

  save(): void {
    const { symbols, x, rows } = this.frame();
    const names = Object.keys(trend_fields) as (keyof TrendRow)[];
    const lines = x.flatMap((_, i) => rows.flatMap((of_symbol) => (of_symbol[i] ? [window_cells(of_symbol[i], names)] : [])));
    save_csv(file_name(["compare", ...symbols], ...(x.length > 0 ? [x[0]!, x.at(-1)!] : [])), to_csv(names, lines));
  }

  emptiness(): string {
    return this.chosen().length > 0 ? "" : "No symbol is chosen. Press a badge to put it on the charts.";
  }

  // Moves the focus among the badges.
  step(by: 1 | -1): void {
    const badges = [...this.root.querySelectorAll<HTMLElement>(".badge")];
    const at = badges.indexOf(document.activeElement as HTMLElement);
    badges[at < 0 ? 0 : Math.min(badges.length - 1, Math.max(0, at + by))]?.focus();
  }

  // The rows know it before the status, which comes once a second. The status is ahead while there are heartbeats but
  // no bars.
  private newest_day(): string {
    const event_time = this.desk.status()?.event_time;
    const seconds = Math.max(this.desk.store.newest() ?? -Infinity, event_time ? to_seconds(event_time) : -Infinity);
    return Number.isFinite(seconds) ? full_day(seconds) : "";
  }

  private toggle(symbol: string): void {
    const symbols = [...this.chosen()];
    const at = symbols.indexOf(symbol);
    const full = at < 0 && symbols.length >= most_series;
    this.note.hidden = !full;
    set_text(this.note, full ? `The charts hold ${most_series} symbols: take one off first.` : "");
    if (full) return;
    if (at >= 0) symbols.splice(at, 1);
    else symbols.push(symbol);
    this.desk.go({ symbols });
    if (at < 0) this.desk.need_history(symbol);
  }
}

function make_root(search: HTMLInputElement, count: HTMLElement, tools: HTMLElement, badges: HTMLElement, note: HTMLElement, readout: HTMLElement, charts: HTMLElement): HTMLElement {
  Object.assign(search, { id: "search", type: "search", placeholder: "Find a symbol", autocomplete: "off", spellcheck: false });
  search.setAttribute("aria-label", "Find a symbol");
  count.id = "search-count";
  tools.hidden = true;
  note.hidden = true;
  note.setAttribute("role", "status");
  readout.id = "readout";
  const watch = element("section", "watch", tools, badges, note);
  watch.setAttribute("aria-label", "Signals");
  const key = element("span", "key-of-lines");
  key.setAttribute("aria-hidden", "true");
  key.innerHTML =
    '<span><svg viewBox="0 0 26 8"><path d="M0 4h26" /></svg>final</span>' +
    '<span><svg viewBox="0 0 26 8"><path d="M0 4h26" stroke-dasharray="3 3" /><circle cx="13" cy="4" r="2.6" /></svg>still open</span>';
  return element("div", "view compare", watch, element("div", "readout", readout, key), charts);
}

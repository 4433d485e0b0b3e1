// One symbol: its candles with its windows over them, and the exact numbers under the crosshair.
import type { Range, Seen } from "../address";
import { has_sessions } from "../charts/calendar_marks";
import type { Candles, Point } from "../charts/candles";
import { parts_menu, remembered_parts } from "../charts/parts";
import { csv_button, file_name, save_csv, to_csv, window_cells } from "../csv";
import { difference, percent_change, sign } from "../decimal";
import { element, set_text } from "../dom";
import { clock_seconds, count, exact, full_day, money, no_value, share, signed_percent } from "../format";
import { aggregated, fitting, interval_names, lengths, type Interval } from "../intervals";
import { of_bars, widest } from "../places";
import type { TrendRow } from "../protocol";
import { days_back } from "../session";
import { zone_label } from "../zone";
import { PastOfSymbol } from "./past_of_symbol";
import { RangeSwitch } from "./range_switch";
import { SymbolField } from "./symbol_field";
import type { Desk, View } from "./view";
import { shapes } from "./watch_line";
import { WhyCard } from "./why";

const minute = 60; // seconds: a bar's interval
const longest_pause = 90 * minute; // between bars of one session
const range_names: Record<Range, string> = { "15m": "15 m", "1h": "1 h", day: "Day", "5d": "5 d", all: "All" };

const interval_texts: Record<Interval, string> = { "1m": "1 min", "5m": "5 min", "15m": "15 min", "1h": "1 hour", "1d": "1 day" };

const saved_of_window = [
  "window_start", "window_end", "avg_close", "max_close", "min_close", "avg_volume", "volatility", "avg_vwap", "avg_pct_change", "buy_pressure",
  "bar_count", "price_range", "vwap_deviation_pct", "trend_signal", "status",
] as const;

const legend_names = ["Time", "Open", "High", "Low", "Close", "Volume", "Avg close", "VWAP", "High of closes", "Low of closes", "Buy pressure", "Volatility", "Window"] as const;
type LegendName = (typeof legend_names)[number];
const line_of: Partial<Record<LegendName, number>> = { "Avg close": 1, VWAP: 2, "High of closes": 3, "Low of closes": 3, "Buy pressure": 5, Volatility: 6 };

export class SymbolView implements View {
  readonly needs_data = true;
  readonly root: HTMLElement;
  readonly search: HTMLInputElement;
  private readonly name = element("h2", "symbol-name");
  private readonly price = element("span", "symbol-price");
  private readonly change = element("span", "symbol-change");
  private readonly badge = element("span", "signal");
  private readonly note = element("p", "hint");
  private readonly why = new WhyCard();
  private readonly plot = element("div", "plot candles");
  private readonly legend = new Map<LegendName, HTMLElement>();
  private readonly ranges: RangeSwitch<Range>;
  private readonly past: PastOfSymbol;
  private chart: Candles | null = null;
  private is_loading = false;
  private minutes: readonly Point[] = []; // as they came
  private points: readonly Point[] = []; // of the chosen interval
  private interval: Interval = "1m";
  private readonly parts = remembered_parts();
  private readonly intervals = element("select");
  private drawn = "";
  private shown_range = "";
  private pointed: number | null = null;
  private symbol = "";
  private snapshots = -1;

  constructor(private readonly desk: Desk) {
    this.past = new PastOfSymbol(desk);
    this.ranges = new RangeSwitch(range_names, {
      name: (range) => {
        this.shown_range = "";
        desk.go({ range, seen: null });
      },
      own: (seen) => desk.go({ seen }),
    });
    const field = new SymbolField(() => desk.store.symbols(), (symbol) => desk.go({ symbol }));
    this.search = field.input;
    const save = csv_button("The visible bars and windows", () => this.save());
    const menu = parts_menu(this.parts, () => this.chart?.show_parts(this.parts));
    this.plot.setAttribute("role", "img");
    this.root = element(
      "div",
      "view symbol-view",
      element("header", "symbol-head", this.name, this.price, this.change, this.badge, field.root, this.ranges.root, this.make_intervals(), menu, save, this.make_picture_button()),
      this.make_legend(),
      element("section", "panel", element("div", "chart-room", this.plot, this.why.root)),
      element("p", "hint", this.note, credit()),
    );
  }

  title(): string {
    return this.symbol;
  }

  emptiness(): string {
    const is_empty = this.drawn !== "" && this.points.length === 0 && this.past.lake.is_known;
    this.root.dataset.page = is_empty ? "no-bars" : "full";
    return is_empty ? `No bar of ${this.symbol} has come${this.past.lake.note === "" ? ", and the lake has none" : ""}.` : "";
  }

  opened(): void {
    this.choose();
    void this.load();
  }

  repaint(): void {
    this.chart?.repaint();
    this.drawn = "";
  }

  step(by: 1 | -1): void {
    const symbols = this.desk.store.symbols();
    const at = symbols.indexOf(this.symbol);
    const next = symbols[Math.min(symbols.length - 1, Math.max(0, at + by))];
    if (next) this.desk.go({ symbol: next });
  }

  save(): void {
    const { first, last } = this.chart?.in_sight() ?? { first: 0, last: -1 };
    const seen = this.points.slice(first, last + 1);
    const rows = seen.map(({ time, bar, row }) => [
      new Date(time * 1000).toISOString().replace(".000", ""), bar?.open, bar?.high, bar?.low, bar?.close, bar?.volume, ...window_cells(row, saved_of_window),
    ]);
    const times = seen.length > 0 ? [seen[0]!.time, seen.at(-1)!.time] : [];
    save_csv(file_name(["symbol", this.symbol], ...times), to_csv(["timestamp", "open", "high", "low", "close", "volume", ...saved_of_window], rows));
  }

  draw(): void {
    this.choose();
    void this.load();
    this.desk.previous.look(performance.now());
    this.draw_head();
    const { range, seen } = this.desk.address();
    this.intervals.value = this.desk.address().interval ?? "";
    this.intervals.options[0]!.text = this.intervals.value === "" && this.drawn !== "" ? `Auto: ${interval_texts[this.interval]}` : "Auto";
    this.ranges.show(seen ? null : range, seen, this.points.at(-1)?.time ?? null);
    const { changes } = this.desk.store.history(this.symbol);
    const picture = [this.symbol, this.desk.address().interval, changes, this.desk.bars.watched_changes, this.past.lake.changes].join(" ");
    if (picture !== this.drawn && this.chart) {
      this.drawn = picture;
      this.minutes = this.make_points();
      const by_sessions = has_sessions(this.symbol, this.minutes.map(({ time }) => time));
      this.interval = this.desk.address().interval ?? fitting(this.minutes, by_sessions);
      this.points = aggregated(this.minutes, this.interval, by_sessions);
      this.chart.draw(this.symbol, this.points, this.places().price, lengths[this.interval]);
    }
    this.show_range();
    this.draw_legend();
    set_text(this.note, this.past.lake.note);
  }

  // What is on the canvas, for the debug hook.
  on_canvas(): ({ interval: Interval; points: readonly Point[]; marks: ReturnType<Candles["marks"]> } & ReturnType<Candles["drawn"]>) | null {
    return this.chart ? { interval: this.interval, points: structuredClone(this.points), marks: structuredClone(this.chart.marks()), ...this.chart.drawn() } : null;
  }

  // The symbol of the URL, or else the first available one. After a new snapshot its history is requested again.
  private choose(): void {
    const symbol = this.desk.address().symbol ?? this.desk.store.symbols()[0] ?? "";
    const { snapshots } = this.desk.counts();
    if (symbol === "" || (symbol === this.symbol && snapshots === this.snapshots)) return;
    const is_other = symbol !== this.symbol;
    this.symbol = symbol;
    this.snapshots = snapshots;
    if (is_other) {
      this.pointed = null;
      this.shown_range = "";
      this.drawn = "";
    }
    this.plot.setAttribute("aria-label", `Candles of ${symbol} with its windows. Arrow keys move the crosshair.`);
    this.desk.bars.watch(symbol);
    this.desk.need_history(symbol);
    void this.past.begin(symbol);
  }

  private async load(): Promise<void> {
    if (this.chart || this.is_loading) return;
    this.is_loading = true;
    try {
      const { Candles } = await import("../charts/candles");
      this.chart = new Candles(
        this.plot,
        (index, why) => {
          this.pointed = index;
          this.draw_legend();
          const row = index === null || why === null ? null : (this.points[index]?.row ?? null);
          if (row) this.why.show(row, this.places().price, why!, this.plot.clientWidth);
          else this.why.hide();
        },
        (from, to) => this.note_look(from, to),
      );
      this.chart.show_parts(this.parts);
      this.desk.draw_soon();
    } catch {
      // The server is unreachable; the next drawing tries again.
    }
    this.is_loading = false;
  }

  private places() {
    return widest(this.past.lake.places, this.desk.store.history(this.symbol).places);
  }

  private make_points(): Point[] {
    const points = new Map<number, Point>();
    const at = (time: number) => {
      let point = points.get(time);
      if (!point) points.set(time, (point = { time, bar: null, row: null }));
      return point;
    };
    // Live bars are newer than the lake's.
    for (const bar of this.past.lake.bars) at(bar.time).bar = bar;
    for (const bar of this.desk.bars.bars(this.symbol)) at(bar.time).bar = bar;
    const { ends, rows } = this.past.lake.all(this.desk.store.history(this.symbol));
    ends.forEach((end, i) => (at(end - minute).row = rows[i]!));
    return until_last_bar([...points.values()].sort((a, b) => a.time - b.time));
  }

  // Applies a new range, or the range of a new symbol once it has points. Afterwards the user controls zoom and pan.
  private show_range(): void {
    const { range, seen } = this.desk.address();
    const newest = this.minutes.findLast(({ bar }) => bar)?.time;
    if (this.past.is_answered && newest === undefined) this.past.reach(-Infinity, Infinity);
    if (!this.chart || newest === undefined) return;
    const from = seen ? seen.from : { "15m": newest - 15 * minute, "1h": newest - 60 * minute, day: days_back(newest, 1, [this.symbol]), "5d": days_back(newest, 5, [this.symbol]), all: null }[range];
    const held_from = Math.max(this.minutes.find(({ bar }) => bar)!.time, this.minutes.find(({ row }) => row)?.time ?? 0);
    this.past.reach(from ?? -Infinity, held_from);
    const wanted = `${this.symbol} ${range} ${this.interval} ${from === null || held_from > from ? held_from : ""}`;
    if (wanted === this.shown_range || this.noted === seen && seen !== null) return;
    this.shown_range = wanted;
    if (seen) this.chart.show_part(seen.from, seen.to);
    else this.chart.show(from);
  }

  // The URL holds what was zoomed or moved to, so that it survives a reload.
  private noted: Seen | null = null; // what the chart shows already
  private note_look(from: number, to: number | null): void {
    this.noted = { from, to };
    this.desk.go({ seen: this.noted });
  }

  private make_intervals(): HTMLElement {
    this.intervals.append(new Option("Auto", ""), ...interval_names.map((name) => new Option(interval_texts[name], name)));
    this.intervals.setAttribute("aria-label", "Interval of the candles");
    this.intervals.title = "Interval of the candles";
    this.intervals.addEventListener("change", () => this.desk.go({ interval: (this.intervals.value || null) as Interval | null }));
    return this.intervals;
  }

  private make_picture_button(): HTMLElement {
    const button = element("button", "quiet", "PNG");
    button.type = "button";
    button.title = "The chart as a picture";
    button.addEventListener("click", () => void this.save_picture());
    return button;
  }

  private async save_picture(): Promise<void> {
    if (!this.chart) return;
    const { save_picture } = await import("../charts/picture");
    const { first, last } = this.chart.in_sight();
    const times = [this.points[first], this.points[last]].flatMap((point) => point?.time ?? []);
    const [from, to] = times.map((time) => `${full_day(time)} ${clock_seconds(time).slice(0, 5)}`);
    const source = this.desk.source();
    save_picture(file_name(["symbol", this.symbol], ...times), this.chart.picture(), [this.symbol, interval_texts[this.interval], `${from} to ${to} ${zone_label()}`, source?.label ?? "", "Tidemark"].filter(Boolean).join("  ·  "));
  }

  private draw_head(): void {
    const bar = this.desk.bars.last(this.symbol);
    const before = this.desk.previous.of(this.symbol);
    const trend = this.desk.store.current(this.symbol);
    const places = of_bars(this.places());
    set_text(this.name, this.symbol || no_value);
    set_text(this.price, bar ? money(bar.close, places) : no_value);
    const change = bar && before ? difference(bar.close, before.close) : null;
    const percent = bar && before ? percent_change(bar.close, before.close) : null;
    this.change.dataset.direction = change === null ? "" : ["down", "", "up"][sign(change) + 1]!;
    set_text(this.change, change === null ? "" : `${sign(change) > 0 ? "+" : ""}${money(change, places)}  ${percent === null ? "" : signed_percent(percent)}`);
    this.change.title = before ? `since ${money(before.close, places)}, the close of ${full_day(before.time)} ${clock_seconds(before.time)} ${zone_label()}` : this.desk.previous.why_not();
    this.badge.dataset.signal = trend ? trend.trend_signal.toLowerCase() : "none";
    const forming = this.desk.store.is_forming(this.symbol) ? ", forming" : "";
    set_text(this.badge, trend ? `${shapes[trend.trend_signal]} ${trend.trend_signal}${forming}` : "");
  }

  private draw_legend(): void {
    const newest = this.points.findLastIndex(({ bar }) => bar);
    const point = this.points[this.pointed ?? newest];
    const bar = point?.bar ?? null;
    const row = point?.row ?? null;
    const places = this.places();
    const price = (text: string | undefined) => (text === undefined ? no_value : money(text, of_bars(places)));
    const number = (value: number | null | undefined) => (value === null || value === undefined ? no_value : exact(value, places.price));
    const texts: Record<LegendName, string> = {
      Time: point ? `${full_day(point.time)} ${clock_seconds(point.time)} ${zone_label()}` : no_value,
      Open: price(bar?.open),
      High: price(bar?.high),
      Low: price(bar?.low),
      Close: price(bar?.close),
      Volume: bar ? count(bar.volume) : no_value,
      "Avg close": number(row?.avg_close),
      VWAP: number(row?.avg_vwap),
      "High of closes": number(row?.max_close),
      "Low of closes": number(row?.min_close),
      "Buy pressure": row ? share(row.buy_pressure) : no_value,
      Volatility: number(row?.volatility),
      Window: row ? window_text(row) : no_value,
    };
    for (const name of legend_names) set_text(this.legend.get(name)!, texts[name]);
  }

  private make_legend(): HTMLElement {
    const list = element("dl", "candle-legend");
    for (const name of legend_names) {
      const value = element("dd", "", no_value);
      value.dataset.legend = name;
      this.legend.set(name, value);
      const key = line_of[name];
      const mark = element("i", "key");
      if (key) mark.style.background = `var(--series-${key})`;
      list.append(element("div", "", element("dt", "", ...(key ? [mark] : []), name), value));
    }
    return list;
  }
}

// Without the windows that reach past the last bar before a pause, or past the newest bar: their points would stand in
// the night, and begin a day that has no bar yet.
export function until_last_bar(points: readonly Point[]): Point[] {
  let next = Infinity; // the time of the next bar
  const kept: Point[] = [];
  for (const point of points.toReversed()) {
    if (point.bar) next = point.time;
    if (next - point.time <= longest_pause) kept.push(point);
  }
  return kept.reverse();
}

function window_text(row: TrendRow): string {
  const bars = `${row.bar_count} ${row.bar_count === 1 ? "bar" : "bars"}`;
  return `${shapes[row.trend_signal]} ${row.trend_signal} · ${bars} · ${row.status === "final" ? "final" : "still open"}`;
}

// The library's licence requires it.
function credit(): HTMLElement {
  const link = element("a", "credit", "Chart: Lightweight Charts™ by TradingView");
  link.href = "https://www.tradingview.com/";
  link.rel = "noreferrer";
  return link;
}

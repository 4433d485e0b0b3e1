// The candles of one symbol with its windows drawn over them: three panes with one time axis and one crosshair.
//
//     candles, volume, average close, VWAP, high and low          lines end dashed where windows are still open
//     buy pressure, with the 50 % line
//     volatility
//
// Loaded with its library when a symbol is opened.
import {
  CandlestickSeries, createChartEx, CrosshairMode, HistogramSeries, PriceScaleMode,
  type IChartApiBase, type ISeriesApi, type Logical, type LogicalRange, type Time, type UTCTimestamp,
} from "lightweight-charts";
import type { Bar } from "../bars";
import { clock_seconds, full_day } from "../format";
import { decimals_of } from "../places";
import type { TrendRow } from "../protocol";
import { calendar_marks, CalendarLayer, type CalendarMarks } from "./calendar_marks";
import { faded, ink, refresh_ink } from "./ink";
import { Overlays, price_format } from "./overlays";
import type { Part } from "./parts";
import { ribbon_height, RibbonLayer, signal_runs, type Run } from "./signal_ribbon";
import { ProfileLayer, type Slot } from "./volume_profile";
import { ZoneScale } from "./zone_scale";

// A window is drawn at the last bar that it can hold.
export interface Point {
  time: number; // seconds since the epoch
  bar: Bar | null;
  row: TrendRow | null;
}

const font = 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const minute = 60; // seconds
const day = 86_400;
const least_places = 2; // of prices on the axis
const least_seen = 5; // points
const told_after = 300; // milliseconds after the last zoom or move
const at = (time: number) => time as UTCTimestamp;

export class Candles {
  private readonly chart: IChartApiBase<Time>;
  private readonly candles: ISeriesApi<"Candlestick">;
  private readonly volume: ISeriesApi<"Histogram">;
  private readonly overlays: Overlays;
  private readonly scale = new ZoneScale();
  private readonly ribbon = new RibbonLayer();
  private readonly profile: ProfileLayer;
  private readonly calendar = new CalendarLayer(true); // of the candles' pane
  private readonly calendars: CalendarLayer[] = [this.calendar];
  private shown: ReadonlySet<Part> = new Set();
  private symbol = "";
  private points: readonly Point[] = [];
  private places = 4; // of the windows' prices
  private apart = minute; // seconds between neighbouring points
  private formats = ""; // the places that the axes currently use
  private pointed: number | null = null;
  private steered: number | null = null; // the time at the crosshair if keys moved it there
  private told: () => void = () => {};
  private wanted: LogicalRange | null = null; // the range to show; the chart applies it with its next frame

  // `on_point` is called with the point at the crosshair, and its pixel if the card "why" belongs there: at the ribbon,
  // or where keys put the crosshair. `on_look` is called when the user has zoomed or moved, with the times of the edges; the second is null while the
  // newest point is in sight.
  constructor(place: HTMLElement, private readonly on_point: (index: number | null, why: number | null) => void, on_look: (from: number, to: number | null) => void) {
    this.chart = createChartEx<Time, ZoneScale>(place, this.scale, { autoSize: true, layout: { fontFamily: font, fontSize: 11, attributionLogo: false }, crosshair: { mode: CrosshairMode.Normal } });
    this.candles = this.chart.addSeries(CandlestickSeries, { borderVisible: false, priceLineVisible: false }, 0);
    this.volume = this.chart.addSeries(HistogramSeries, { priceScaleId: "volume", priceFormat: { type: "volume" }, priceLineVisible: false, lastValueVisible: false }, 0);
    this.volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0.045 } });
    this.candles.priceScale().applyOptions({ scaleMargins: { top: 0.06, bottom: 0.2 } });
    const prices = this.chart.panes()[0];
    prices!.attachPrimitive(this.calendar);
    prices!.setStretchFactor(6);
    this.profile = new ProfileLayer(this.candles);
    prices!.attachPrimitive(this.profile);
    this.overlays = new Overlays(this.chart, (pane) => {
      const layer = new CalendarLayer(false);
      this.calendars.push(layer);
      pane.attachPrimitive(layer);
      layer.show(this.calendar.marks);
    });
    this.chart.subscribeCrosshairMove(({ time, point, paneIndex, sourceEvent }) => {
      if (sourceEvent) this.steered = null; // the mouse has taken over
      if (this.steered !== null) return;
      const is_on_ribbon = paneIndex === 0 && this.shown.has("ribbon") && point !== undefined && point.y >= prices!.getHeight() - ribbon_height;
      this.point(time === undefined ? null : this.index_of(time), is_on_ribbon);
    });
    this.chart.applyOptions({
      localization: { timeFormatter: (time: Time) => `${full_day(Number(time))} ${clock_seconds(Number(time))}` },
      timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 2, minBarSpacing: 0.2 },
    });
    this.chart.timeScale().subscribeVisibleLogicalRangeChange(() => (this.wanted = null));
    prices!.attachPrimitive(this.ribbon);
    let timer = 0;
    const tell = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => this.tell_look(on_look), told_after);
    };
    this.told = tell;
    let before = "";
    const look = () => JSON.stringify(this.range());
    place.addEventListener("wheel", tell, { passive: true });
    place.addEventListener("pointerdown", () => (before = look()), { passive: true });
    window.addEventListener("pointerup", () => before !== "" && before !== look() && tell(), { passive: true });
    place.tabIndex = 0;
    place.addEventListener("keydown", (event) => this.step(event));
    this.repaint();
  }

  repaint(): void {
    refresh_ink();
    this.chart.applyOptions({
      layout: { background: { color: "transparent" }, textColor: ink.faint, panes: { separatorColor: ink.grid, separatorHoverColor: ink.line } },
      grid: { vertLines: { color: ink.grid }, horzLines: { color: ink.grid } },
      rightPriceScale: { borderVisible: false },
      timeScale: { borderVisible: false },
      crosshair: { vertLine: { color: ink.faint, labelBackgroundColor: ink.line }, horzLine: { color: ink.faint, labelBackgroundColor: ink.line } },
    });
    this.candles.applyOptions({ upColor: ink.bullish, downColor: ink.bearish, wickUpColor: ink.bullish, wickDownColor: ink.bearish });
    this.overlays.repaint();
    this.weigh_times_again();
    this.draw(this.symbol, this.points, this.places, this.apart);
  }

  // Which parts are drawn.
  show_parts(shown: ReadonlySet<Part>): void {
    this.shown = new Set(shown);
    this.overlays.show(shown);
    this.volume.applyOptions({ visible: shown.has("volume") });
    this.candles.priceScale().applyOptions({
      mode: shown.has("log") ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal,
      scaleMargins: { top: 0.06, bottom: shown.has("volume") ? 0.2 : 0.08 },
    });
    this.formats = "";
    this.draw(this.symbol, this.points, this.places, this.apart);
  }

  // Points in strict order of time, the places of their windows' prices, and the seconds between neighbours. A view of the
  // newest points follows them; a view that was moved away stays.
  draw(symbol: string, points: readonly Point[], places: number, apart: number): void {
    const before = this.points;
    if (symbol !== this.symbol) this.steered = null;
    this.symbol = symbol;
    const seen = this.wanted ?? this.chart.timeScale().getVisibleLogicalRange();
    this.points = points;
    this.places = places;
    this.apart = apart;
    this.set_formats();
    this.set_data(points);
    const marks = calendar_marks(symbol, points.map(({ time }) => time), apart);
    for (const layer of this.calendars) layer.show(marks);
    this.ribbon.show(this.shown.has("ribbon") ? signal_runs(points.map(({ row }) => row)) : []);
    this.profile.show(this.shown.has("profile") ? points : null);
    this.keep_crosshair();
    if (!seen || before.length === 0 || points.length === 0) return;
    const left = Math.min(before.length - 1, Math.max(0, Math.ceil(seen.from)));
    const moved = points.findIndex(({ time }) => time >= before[left]!.time) - left;
    if (seen.to < before.length - 1.5) return this.look_at(seen.from + moved, seen.to + moved);
    // Each new bar pushes an old one out, but windows that reach back further stay.
    const last = before.findLast(({ bar }) => bar)?.time ?? Infinity;
    const newer = points.filter(({ time, bar }) => bar && time > last).length;
    this.look_at(seen.from + moved + newer, seen.to + points.length - before.length);
  }

  // Shows everything from `from` on; null: everything.
  show(from: number | null): void {
    const first = from === null ? 0 : this.points.findIndex(({ time }) => time >= from);
    if (this.points.length === 0) return;
    this.look_at(Math.max(0, first) - 0.5, this.points.length - 1 + 2);
  }

  // Shows from the point at `from` to that at `to`; null: to the newest.
  show_part(from: number, to: number | null): void {
    const first = this.points.findIndex(({ time }) => time >= from);
    const last = to === null ? this.points.length - 1 + 2 : this.points.findLastIndex(({ time }) => time <= to) + 0.5;
    if (first < 0 || last <= first) return this.show(null);
    this.look_at(first - 0.5, last);
  }

  private tell_look(on_look: (from: number, to: number | null) => void): void {
    const { first, last } = this.in_sight();
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (!range || last <= first) return;
    on_look(this.points[first]!.time, range.to >= this.points.length - 0.5 ? null : this.points[last]!.time);
  }

  // The first and last visible points.
  in_sight(): { first: number; last: number } {
    const { from, to } = this.wanted ?? this.chart.timeScale().getVisibleLogicalRange() ?? { from: 0, to: -1 };
    return { first: Math.max(0, Math.ceil(from)), last: Math.min(this.points.length - 1, Math.floor(to)) };
  }

  // As it is on the screen, without the crosshair.
  picture(): HTMLCanvasElement {
    return this.chart.takeScreenshot(true, false);
  }

  // What is on the canvas, for the debug hook.
  drawn(): { candles: number; panes: number; price_label: string; visible: { from: number; to: number } | null } {
    const last = this.points.findLast(({ bar }) => bar)?.bar;
    const range = this.chart.timeScale().getVisibleLogicalRange();
    const price_label = last ? this.candles.priceFormatter().format(Number(last.close)) : "";
    return { panes: this.chart.panes().length, candles: this.candles.data().filter((one) => "open" in one).length, price_label, visible: range ? { from: range.from, to: range.to } : null };
  }

  // The time axis as text, for the debug hook: the points that begin a day, the sessions, the time left out, and the
  // times whose label is a date.
  marks(): CalendarMarks & { dated: number[]; runs: Run[]; profile: readonly Slot[] } {
    return { ...this.calendar.marks, dated: [...this.scale.dated], runs: this.ribbon.runs, profile: this.profile.slots() };
  }

  // The library weighs a time once. It has to forget them, because the zone may be another one.
  private weigh_times_again(): void {
    this.wanted = this.wanted ?? this.chart.timeScale().getVisibleLogicalRange();
    for (const series of [this.candles, this.volume]) series.setData([]);
    this.overlays.clear();
  }

  private set_data(points: readonly Point[]): void {
    this.candles.setData(points.map(({ time, bar }) => (bar ? { time: at(time), open: Number(bar.open), high: Number(bar.high), low: Number(bar.low), close: Number(bar.close) } : { time: at(time) })));
    this.volume.setData(points.map(({ time, bar }) => (bar ? { time: at(time), value: Number(bar.volume), color: faded(Number(bar.close) < Number(bar.open) ? ink.bearish : ink.bullish, 0.34) } : { time: at(time) })));
    this.overlays.draw(points, this.apart >= day ? Infinity : this.apart); // between days there is always a pause
  }

  // The price axis has the places of the bars, the volatility axis those of the windows.
  private set_formats(): void {
    const of_bar = ({ bar }: Point) => (bar ? Math.max(decimals_of(bar.open), decimals_of(bar.high), decimals_of(bar.low), decimals_of(bar.close)) : 0);
    const places = this.points.reduce((most, point) => Math.max(most, of_bar(point)), least_places);
    const formats = `${places} ${this.places}`;
    if (formats === this.formats) return;
    this.formats = formats;
    this.candles.applyOptions({ priceFormat: price_format(places) });
    this.overlays.format(places, this.places);
  }

  private look_at(from: number, to: number): void {
    this.wanted = { from, to } as LogicalRange;
    this.chart.timeScale().setVisibleLogicalRange(this.wanted);
  }

  // New data moves the points. A crosshair that keys have placed stays on its time.
  private keep_crosshair(): void {
    if (this.steered === null) return;
    const index = this.points.findIndex(({ time }) => time === this.steered);
    if (index < 0) return this.release();
    this.put_crosshair(index);
    this.point(index, true);
  }

  private index_of(time: Time): number | null {
    const index = this.points.findIndex((point) => point.time === Number(time));
    return index < 0 ? null : index;
  }

  private point(index: number | null, asks_why = false): void {
    this.pointed = index;
    const x = index === null || !asks_why ? null : this.chart.timeScale().logicalToCoordinate(index as Logical);
    this.on_point(index, x);
  }

  // Left and right move the crosshair, by ten with Shift; + and − zoom, Page Up and Page Down move by half a screen.
  private step(event: KeyboardEvent): void {
    const last = this.points.length - 1;
    if (last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = this.pointed ?? last;
    const reach = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: from - reach, ArrowRight: from + reach, Home: 0, End: last }[event.key];
    const zoom = { "+": 1 / 1.5, "=": 1 / 1.5, "-": 1.5, "−": 1.5 }[event.key];
    const pan = { PageUp: -0.5, PageDown: 0.5 }[event.key];
    if (to !== undefined) this.steer(Math.min(last, Math.max(0, to)));
    else if (zoom !== undefined) this.zoom(zoom);
    else if (pan !== undefined) this.pan(pan);
    else if (event.key === "Escape") this.release();
    else return;
    event.preventDefault();
  }

  // Puts the crosshair on a point, and the point in sight.
  private steer(index: number): void {
    const { time } = this.points[index]!;
    const { from, to } = this.range();
    if (index < from || index > to) {
      const width = to - from;
      const begin = index < from ? index - width * 0.1 : index + width * 0.1 - width;
      this.look_at(begin, begin + width);
      this.told();
    }
    this.steered = time;
    this.put_crosshair(index);
    this.point(index, true);
  }

  private put_crosshair(index: number): void {
    const { time, bar, row } = this.points[index]!;
    this.chart.setCrosshairPosition(Number(bar?.close ?? row?.avg_close ?? 0), at(time), this.candles);
  }

  private release(): void {
    this.steered = null;
    this.chart.clearCrosshairPosition();
    this.point(null);
  }

  // Around the crosshair if it is in sight, else around the right edge.
  private zoom(factor: number): void {
    const { from, to } = this.range();
    const middle = this.pointed !== null && this.pointed >= from && this.pointed <= to ? this.pointed : to;
    const width = Math.min(Math.max((to - from) * factor, least_seen), this.points.length + 4);
    const begin = middle - ((middle - from) / (to - from)) * width;
    this.look_at(begin, begin + width);
    this.told();
  }

  private pan(part: number): void {
    const { from, to } = this.range();
    const width = to - from;
    const begin = Math.min(Math.max(from + part * width, -0.5), Math.max(-0.5, this.points.length + 1 - width));
    this.look_at(begin, begin + width);
    this.told();
  }

  private range(): LogicalRange {
    return this.wanted ?? this.chart.timeScale().getVisibleLogicalRange() ?? ({ from: -0.5, to: this.points.length } as LogicalRange);
  }
}

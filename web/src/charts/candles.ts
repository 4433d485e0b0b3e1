// The candles of one symbol with its windows drawn over them: three panes with one time axis and one crosshair.
//
//     candles, volume, average close, VWAP, high and low          lines end dashed where windows are still open
//     buy pressure, with the 50 % line
//     volatility
//
// Loaded with its library when a symbol is opened.
import {
  CandlestickSeries, createChartEx, CrosshairMode, HistogramSeries, LineSeries, LineStyle,
  type IChartApiBase, type IPriceLine, type ISeriesApi, type LineData, type Logical, type LogicalRange, type SeriesType, type Time, type UTCTimestamp, type WhitespaceData,
} from "lightweight-charts";
import type { Bar } from "../bars";
import { clock_seconds, full_day } from "../format";
import { decimals_of } from "../places";
import type { TrendRow } from "../protocol";
import { calendar_marks, CalendarLayer, type CalendarMarks } from "./calendar_marks";
import { split_tail, type Column } from "./frame";
import { faded, ink, refresh_ink } from "./ink";
import { ribbon_height, RibbonLayer, signal_runs, type Run } from "./signal_ribbon";
import { ZoneScale } from "./zone_scale";

// A window is drawn at the last bar that it can hold.
export interface Point {
  time: number; // seconds since the epoch
  bar: Bar | null;
  row: TrendRow | null;
}

interface Overlay {
  name: string;
  pane: number;
  value: (row: TrendRow) => number | null;
  color: () => string;
  width: 1 | 2;
}

const overlays: readonly Overlay[] = [
  { name: "avg_close", pane: 0, value: (row) => row.avg_close, color: () => ink.series[0]!, width: 2 },
  { name: "avg_vwap", pane: 0, value: (row) => row.avg_vwap, color: () => ink.series[1]!, width: 1 },
  { name: "max_close", pane: 0, value: (row) => row.max_close, color: () => faded(ink.series[2]!, 0.75), width: 1 },
  { name: "min_close", pane: 0, value: (row) => row.min_close, color: () => faded(ink.series[2]!, 0.75), width: 1 },
  { name: "buy_pressure", pane: 1, value: (row) => row.buy_pressure, color: () => ink.series[4]!, width: 2 },
  { name: "volatility", pane: 2, value: (row) => row.volatility, color: () => ink.series[5]!, width: 2 },
];

const font = 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const minute = 60; // seconds
const least_places = 2; // of prices on the axis
const percent_format = { type: "custom" as const, minMove: 0.0001, formatter: (value: number) => `${Math.round(value * 100)} %` };
const least_seen = 5; // points
const told_after = 300; // milliseconds after the last zoom or move
const at = (time: number) => time as UTCTimestamp;

export class Candles {
  private readonly chart: IChartApiBase<Time>;
  private readonly candles: ISeriesApi<"Candlestick">;
  private readonly volume: ISeriesApi<"Histogram">;
  private readonly lines: { overlay: Overlay; solid: ISeriesApi<"Line">; tail: ISeriesApi<"Line">; dots: ISeriesApi<"Line"> }[];
  private readonly half: IPriceLine;
  private readonly scale = new ZoneScale();
  private readonly ribbon = new RibbonLayer();
  private readonly calendar: CalendarLayer[];
  private symbol = "";
  private points: readonly Point[] = [];
  private places = 4; // of the windows' prices
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
    this.lines = overlays.map((overlay) => ({ overlay, solid: this.line(overlay, LineStyle.Solid), tail: this.line(overlay, LineStyle.Dashed), dots: this.dots(overlay) }));
    const pressure = this.lines.find(({ overlay }) => overlay.name === "buy_pressure")!.solid;
    this.half = pressure.createPriceLine({ price: 0.5, color: "", lineWidth: 1, lineStyle: LineStyle.Dotted, axisLabelVisible: true, title: "" });
    const [prices, ...others] = this.chart.panes();
    this.calendar = this.chart.panes().map((pane, i) => {
      const layer = new CalendarLayer(i === 0);
      pane.attachPrimitive(layer);
      return layer;
    });
    prices!.setStretchFactor(6);
    for (const pane of others) pane.setStretchFactor(1.4);
    this.chart.subscribeCrosshairMove(({ time, point, paneIndex, sourceEvent }) => {
      if (sourceEvent) this.steered = null; // the mouse has taken over
      if (this.steered !== null) return;
      const is_on_ribbon = paneIndex === 0 && point !== undefined && point.y >= prices!.getHeight() - ribbon_height;
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
    for (const { overlay, solid, tail, dots } of this.lines)
      for (const line of [solid, tail, dots]) line.applyOptions({ color: overlay.color(), crosshairMarkerBackgroundColor: overlay.color() });
    this.half.applyOptions({ color: ink.faint });
    this.weigh_times_again();
    this.draw(this.symbol, this.points, this.places);
  }

  // Points in strict order of time, and the places of their windows' prices. A view of the newest points follows them;
  // a view that was moved away stays.
  draw(symbol: string, points: readonly Point[], places: number): void {
    const before = this.points;
    if (symbol !== this.symbol) this.steered = null;
    this.symbol = symbol;
    const seen = this.wanted ?? this.chart.timeScale().getVisibleLogicalRange();
    this.points = points;
    this.places = places;
    this.set_formats();
    this.set_data(points);
    const marks = calendar_marks(symbol, points.map(({ time }) => time));
    for (const layer of this.calendar) layer.show(marks);
    this.ribbon.show(signal_runs(points.map(({ row }) => row)));
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

  // What is on the canvas, for the debug hook.
  drawn(): { candles: number; price_label: string; visible: { from: number; to: number } | null } {
    const last = this.points.findLast(({ bar }) => bar)?.bar;
    const range = this.chart.timeScale().getVisibleLogicalRange();
    const price_label = last ? this.candles.priceFormatter().format(Number(last.close)) : "";
    return { candles: this.candles.data().filter((one) => "open" in one).length, price_label, visible: range ? { from: range.from, to: range.to } : null };
  }

  // The time axis as text, for the debug hook: the points that begin a day, the sessions, the time left out, and the
  // times whose label is a date.
  marks(): CalendarMarks & { dated: number[]; runs: Run[] } {
    return { ...this.calendar[0]!.marks, dated: [...this.scale.dated], runs: this.ribbon.runs };
  }

  // The library weighs a time once. It has to forget them, because the zone may be another one.
  private weigh_times_again(): void {
    this.wanted = this.wanted ?? this.chart.timeScale().getVisibleLogicalRange();
    for (const series of [this.candles, this.volume, ...this.lines.flatMap(({ solid, tail, dots }) => [solid, tail, dots])]) series.setData([]);
  }

  private set_data(points: readonly Point[]): void {
    this.candles.setData(points.map(({ time, bar }) => (bar ? { time: at(time), open: Number(bar.open), high: Number(bar.high), low: Number(bar.low), close: Number(bar.close) } : { time: at(time) })));
    this.volume.setData(points.map(({ time, bar }) => (bar ? { time: at(time), value: Number(bar.volume), color: faded(Number(bar.close) < Number(bar.open) ? ink.bearish : ink.bullish, 0.34) } : { time: at(time) })));
    const rows = points.map(({ row }) => row);
    const times = points.map(({ time }) => time);
    for (const { overlay, solid, tail, dots } of this.lines) {
      const values = rows.map((row) => (row ? overlay.value(row) : null));
      const [finals, open] = split_tail(values, rows);
      solid.setData(column(finals, times));
      tail.setData(column(open, times));
      const lone = values.map((value, i) => (is_end(values, times, i) && is_end(values, times, i - 1) ? value : null));
      dots.setData(lone.map((value, i) => (value === null ? { time: at(times[i]!) } : { time: at(times[i]!), value })));
    }
  }

  // The price axis has the places of the bars, the volatility axis those of the windows.
  private set_formats(): void {
    const of_bar = ({ bar }: Point) => (bar ? Math.max(decimals_of(bar.open), decimals_of(bar.high), decimals_of(bar.low), decimals_of(bar.close)) : 0);
    const places = this.points.reduce((most, point) => Math.max(most, of_bar(point)), least_places);
    const formats = `${places} ${this.places}`;
    if (formats === this.formats) return;
    this.formats = formats;
    this.candles.applyOptions({ priceFormat: price_format(places) });
    for (const { overlay, solid, tail, dots } of this.lines) {
      if (overlay.pane === 1) continue;
      for (const line of [solid, tail, dots]) line.applyOptions({ priceFormat: price_format(overlay.pane === 0 ? places : this.places) });
    }
  }

  private look_at(from: number, to: number): void {
    this.wanted = { from, to } as LogicalRange;
    this.chart.timeScale().setVisibleLogicalRange(this.wanted);
  }

  // Values without neighbours, which no line would show.
  private dots(overlay: Overlay): ISeriesApi<"Line"> {
    const series = this.line(overlay, LineStyle.Solid);
    series.applyOptions({ lineVisible: false, pointMarkersVisible: true, pointMarkersRadius: 2, crosshairMarkerVisible: false });
    return series;
  }

  private line(overlay: Overlay, style: LineStyle): ISeriesApi<"Line"> {
    const is_solid = style === LineStyle.Solid;
    const options = {
      lineWidth: overlay.width, lineStyle: style, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: is_solid,
      ...(overlay.pane === 1 ? { priceFormat: percent_format, autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 1 } }) } : {}),
    };
    return this.chart.addSeries(LineSeries, options, overlay.pane) as ISeriesApi<"Line", Time> & ISeriesApi<SeriesType & "Line", Time>;
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

// Never uses an exponent.
function price_format(places: number) {
  return { type: "custom" as const, minMove: 10 ** -places, formatter: (value: number) => value.toFixed(places) };
}

// The library draws a line across times without a value, so the line gets no colour from the last value before them on.
function column(values: Column, times: readonly number[]): (LineData<UTCTimestamp> | WhitespaceData<UTCTimestamp>)[] {
  return values.map((value, i) => {
    const time = at(times[i]!);
    if (value === null) return { time };
    return is_end(values, times, i) ? { time, value, color: "transparent" } : { time, value };
  });
}

// Whether the line stops here: this or the next point has no value, or there is a time without windows between them.
function is_end(values: Column, times: readonly number[], i: number): boolean {
  return (values[i] ?? null) === null || (values[i + 1] ?? null) === null || times[i + 1]! - times[i]! > minute;
}

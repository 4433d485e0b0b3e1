// The lines of a symbol's windows: over the candles the average close, VWAP, highest and lowest close; below them, each in
// a pane of its own, buy pressure and volatility. Lines end dashed where windows are still open.
import { LineSeries, LineStyle, type IChartApiBase, type IPaneApi, type IPriceLine, type ISeriesApi, type LineData, type SeriesType, type Time, type UTCTimestamp, type WhitespaceData } from "lightweight-charts";
import type { TrendRow } from "../protocol";
import type { Point } from "./candles";
import { split_tail, type Column } from "./frame";
import { faded, ink } from "./ink";
import type { Part } from "./parts";

interface Overlay {
  name: string;
  part: Part;
  over_prices: boolean; // else in a pane of its own
  value: (row: TrendRow) => number | null;
  color: () => string;
  width: 1 | 2;
}

interface Lines {
  solid: ISeriesApi<"Line">;
  tail: ISeriesApi<"Line">;
  dots: ISeriesApi<"Line">; // values without neighbours, which no line would show
}

const overlays: readonly Overlay[] = [
  { name: "avg_close", part: "avg_close", over_prices: true, value: (row) => row.avg_close, color: () => ink.series[0]!, width: 2 },
  { name: "avg_vwap", part: "avg_vwap", over_prices: true, value: (row) => row.avg_vwap, color: () => ink.series[1]!, width: 1 },
  { name: "max_close", part: "range_of_closes", over_prices: true, value: (row) => row.max_close, color: () => faded(ink.series[2]!, 0.75), width: 1 },
  { name: "min_close", part: "range_of_closes", over_prices: true, value: (row) => row.min_close, color: () => faded(ink.series[2]!, 0.75), width: 1 },
  { name: "buy_pressure", part: "buy_pressure", over_prices: false, value: (row) => row.buy_pressure, color: () => ink.series[4]!, width: 2 },
  { name: "volatility", part: "volatility", over_prices: false, value: (row) => row.volatility, color: () => ink.series[5]!, width: 2 },
];

const percent_format = { type: "custom" as const, minMove: 0.0001, formatter: (value: number) => `${Math.round(value * 100)} %` };
const many_points = 600; // more are drawn with thin lines
const pane_height = 1.4; // against 6 of the prices
const at = (time: number) => time as UTCTimestamp;

export class Overlays {
  private readonly lines = new Map<Overlay, Lines>();
  private half: IPriceLine | null = null;
  private is_thin = false;

  // `on_pane` is called with each new pane.
  constructor(private readonly chart: IChartApiBase<Time>, private readonly on_pane: (pane: IPaneApi<Time>) => void) {}

  // Makes the lines of these parts, and removes the others. A pane without a line goes with it.
  show(shown: ReadonlySet<Part>): void {
    for (const overlay of overlays) {
      const lines = this.lines.get(overlay);
      if (shown.has(overlay.part) && !lines) this.make(overlay);
      if (shown.has(overlay.part) || !lines) continue;
      for (const line of Object.values(lines) as ISeriesApi<"Line">[]) this.chart.removeSeries(line as Parameters<typeof this.chart.removeSeries>[0]);
      this.lines.delete(overlay);
      if (overlay.name === "buy_pressure") this.half = null;
    }
    const of_pressure = [...this.lines].find(([{ name }]) => name === "buy_pressure")?.[1].solid.getPane();
    if (of_pressure && of_pressure.paneIndex() > 1) of_pressure.moveTo(1);
    this.repaint();
  }

  repaint(): void {
    for (const [overlay, { solid, tail, dots }] of this.lines)
      for (const line of [solid, tail, dots]) line.applyOptions({ color: overlay.color(), crosshairMarkerBackgroundColor: overlay.color() });
    this.half?.applyOptions({ color: ink.faint });
  }

  // `gap` is the longest time between two points that a line crosses, in seconds.
  draw(points: readonly Point[], gap: number): void {
    const is_thin = points.length > many_points;
    if (is_thin !== this.is_thin) for (const [{ width }, { solid, tail }] of this.lines) for (const line of [solid, tail]) line.applyOptions({ lineWidth: is_thin ? 1 : width });
    this.is_thin = is_thin;
    const rows = points.map(({ row }) => row);
    const times = points.map(({ time }) => time);
    for (const [overlay, { solid, tail, dots }] of this.lines) {
      const values = rows.map((row) => (row ? overlay.value(row) : null));
      const [finals, open] = split_tail(values, rows);
      solid.setData(column(finals, times, gap));
      tail.setData(column(open, times, gap).filter((one, i) => "value" in one || open[i - 1] !== null));
      dots.setData(values.flatMap((value, i) => (value !== null && is_end(values, times, i, gap) && is_end(values, times, i - 1, gap) ? [{ time: at(times[i]!), value }] : [])));
    }
  }

  format(price_places: number, window_places: number): void {
    for (const [{ name, over_prices }, { solid, tail, dots }] of this.lines) {
      if (name === "buy_pressure") continue;
      for (const line of [solid, tail, dots]) line.applyOptions({ priceFormat: price_format(over_prices ? price_places : window_places) });
    }
  }

  // The library weighs a time once; without data it forgets it.
  clear(): void {
    for (const lines of this.lines.values()) for (const line of Object.values(lines) as ISeriesApi<"Line">[]) line.setData([]);
  }

  private make(overlay: Overlay): void {
    const pane = overlay.over_prices ? 0 : this.chart.panes().length;
    const dots = { lineVisible: false, pointMarkersVisible: true, pointMarkersRadius: 2, crosshairMarkerVisible: false };
    const lines = { solid: this.line(overlay, pane, LineStyle.Solid), tail: this.line(overlay, pane, LineStyle.Dashed), dots: this.line(overlay, pane, LineStyle.Solid) };
    lines.dots.applyOptions(dots);
    this.lines.set(overlay, lines);
    if (overlay.over_prices) return;
    const own = lines.solid.getPane() as IPaneApi<Time>;
    own.setStretchFactor(pane_height);
    this.on_pane(own);
    if (overlay.name !== "buy_pressure") return;
    this.half = lines.solid.createPriceLine({ price: 0.5, color: "", lineWidth: 1, lineStyle: LineStyle.Dotted, axisLabelVisible: true, title: "" });
  }

  private line(overlay: Overlay, pane: number, style: LineStyle): ISeriesApi<"Line"> {
    const is_solid = style === LineStyle.Solid;
    const is_share = overlay.name === "buy_pressure";
    const options = {
      lineWidth: this.is_thin ? (1 as const) : overlay.width, lineStyle: style, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: is_solid,
      ...(is_share ? { priceFormat: percent_format, autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 1 } }) } : {}),
    };
    return this.chart.addSeries(LineSeries, options, pane) as ISeriesApi<"Line", Time> & ISeriesApi<SeriesType & "Line", Time>;
  }
}

// Never uses an exponent.
export function price_format(places: number) {
  return { type: "custom" as const, minMove: 10 ** -places, formatter: (value: number) => value.toFixed(places) };
}

// The library draws a line across times without a value, so the line gets no colour from the last value before them on.
function column(values: Column, times: readonly number[], gap: number): (LineData<UTCTimestamp> | WhitespaceData<UTCTimestamp>)[] {
  return values.map((value, i) => {
    const time = at(times[i]!);
    if (value === null) return { time };
    return is_end(values, times, i, gap) ? { time, value, color: "transparent" } : { time, value };
  });
}

// Whether the line stops here: this or the next point has no value, or there is a time without windows between them.
function is_end(values: Column, times: readonly number[], i: number, gap: number): boolean {
  return (values[i] ?? null) === null || (values[i + 1] ?? null) === null || times[i + 1]! - times[i]! > gap;
}

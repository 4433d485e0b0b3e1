// One line per symbol on a common scale: average close, volatility and average volume.
import type uPlot from "uplot";
import { no_value } from "../format";
import type { Places } from "../places";
import type { TrendRow } from "../protocol";
import type { Crosshair } from "./crosshair";
import { split_tail, type Column, type Frame } from "./frame";
import { ink } from "./ink";
import { Panel } from "./panel";
import { Plot, type PointFilters } from "./plot";

export interface LineChartOptions {
  kind: string;
  title: string;
  note: string;
  explanation: string;
  value: (row: TrendRow) => number | null;
  text: (value: number, places: Places, drawn: number | null) => string; // in the legend; `drawn` is the transformed value
  transform?: () => ((values: Column) => Column) | null; // called before each drawing
  unit?: () => string; // of the transformed values
  from_zero?: boolean;
}

export class LineChart {
  readonly panel: Panel;
  private plot: Plot | null = null;
  private frame: Frame | null = null;
  private columns: Column[] = []; // as drawn: one per symbol

  constructor(private readonly options: LineChartOptions, private readonly crosshair: Crosshair) {
    this.panel = new Panel(options.kind, options.title, options.note, options.explanation);
  }

  show_symbols(symbols: readonly string[]): void {
    this.panel.show_symbols(symbols);
    this.plot?.destroy();
    this.plot = new Plot(this.panel.plot, {
      crosshair: this.crosshair,
      series: (points) => symbols.flatMap((_, i) => line_and_tail(i, points)),
      range: this.options.from_zero ? from_zero : with_air,
      ...(this.options.unit ? { y_unit: this.options.unit } : {}),
    });
  }

  draw(frame: Frame): void {
    this.frame = frame;
    const transform = this.options.transform?.() ?? ((values: Column) => values);
    this.columns = frame.rows.map((rows) => transform(rows.map((row) => row && this.options.value(row))));
    this.plot?.draw(frame, this.columns.flatMap((values, i) => split_tail(values, frame.rows[i]!)));
  }

  read(index_of: (symbol: number) => number): void {
    const { rows: of_symbols = [], places = [] } = this.frame ?? {};
    of_symbols.forEach((rows, i) => {
      const row = rows[index_of(i)];
      const value = row ? this.options.value(row) : null;
      this.panel.show_value(i, value === null ? no_value : this.options.text(value, places[i]!, this.columns[i]?.[index_of(i)] ?? null));
    });
  }

  redraw(): void {
    this.plot?.redraw();
  }

  drawn(): Column[] {
    return this.columns;
  }
}

// The line of the finals and, dashed with hollow points, that of the open windows.
export function line_and_tail(symbol: number, points: PointFilters, width = 1.5): [uPlot.Series, uPlot.Series] {
  const stroke = () => ink.series[symbol]!;
  return [
    { stroke, width, points: { show: false, size: 5, fill: stroke, filter: points.lone } },
    {
      stroke,
      width: 1.25,
      dash: [3, 3],
      points: { show: true, size: 5, width: 1.25, stroke, fill: () => ink.panel, filter: points.open },
    },
  ];
}

// The range of the values, with a margin above and below.
export const with_air: uPlot.Range.Function = (_, low, high) => {
  if (low === null || high === null) return [0, 1];
  const air = (high - low) * 0.06 || Math.abs(high) * 0.001 || 1;
  return [low - air, high + air];
};

const from_zero: uPlot.Range.Function = (_, __, high) => [0, high > 0 ? high * 1.08 : 1];

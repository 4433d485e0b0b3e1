// The cells of the heat map: which symbols, in which order, how strong each one's colour is. Thousands of symbols are
// read in slices, so that no task of the page is long.
import type { Measure } from "../address";
import type { WatchRow } from "./watch_row";

const slice = 1_500; // symbols read in one drawing

export interface Cell {
  readonly symbol: string;
  readonly value: number | null; // of the measure
  readonly tone: "bullish" | "bearish" | "neutral" | "none";
}

export interface Cells {
  readonly cells: readonly Cell[];
  readonly low: number; // of the values, for the legend; the colour is palest
  readonly high: number; // the colour is full: 95 % of the values are within
}

// What the measure reads of a symbol; null if it is not known.
export function value_of(row: WatchRow, measure: Measure): number | null {
  const { trend } = row;
  if (measure === "change") return row.percent;
  if (!trend) return null;
  if (measure === "signal") return { BULLISH: 1, NEUTRAL: 0, BEARISH: -1 }[trend.trend_signal];
  if (measure === "volume") return trend.avg_volume;
  return trend.volatility === null || trend.avg_close === 0 ? null : (trend.volatility / trend.avg_close) * 100;
}

export function to_cell(row: WatchRow, measure: Measure): Cell {
  const value = value_of(row, measure);
  const has_sides = measure === "signal" || measure === "change";
  const tone = value === null ? "none" : !has_sides || value === 0 ? "neutral" : value > 0 ? "bullish" : "bearish";
  return { symbol: row.symbol, value, tone };
}

// The range of the colours. Signals have one strength; changes are measured from zero; the others from the fifth to the
// ninety-fifth of a hundred values, so that one outlier does not make the rest pale.
export function range_of(cells: readonly Cell[], measure: Measure): { low: number; high: number } {
  if (measure === "signal") return { low: 0, high: 1 };
  const values = Float64Array.from(cells.flatMap(({ value }) => (value === null ? [] : [measure === "change" ? Math.abs(value) : value]))).sort();
  if (values.length === 0) return { low: 0, high: 0 };
  const at = (part: number) => values[Math.round((values.length - 1) * part)]!;
  return { low: measure === "change" ? 0 : at(0.05), high: at(0.95) };
}

// From 0, the palest, to 1. Volumes differ by powers of ten.
export function strength({ value }: Cell, { low, high }: { low: number; high: number }, measure: Measure): number {
  if (value === null) return 0;
  const of = (number: number) => (measure === "volume" ? Math.log1p(Math.max(0, number)) : number);
  const span = of(high) - of(low);
  if (span <= 0) return measure === "change" ? 0 : 1;
  return Math.min(1, Math.max(0, (of(measure === "volatility" || measure === "volume" ? value : Math.abs(value)) - of(low)) / span));
}

// Columns and rows of cells of about this shape that fill a box.
export function grid_of(count: number, width: number, height: number): { columns: number; rows: number } {
  const shape = 1.7;
  if (count === 0 || width <= 0 || height <= 0) return { columns: 1, rows: 1 };
  const columns = Math.min(count, Math.max(1, Math.round(Math.sqrt((count * width) / (height * shape)))));
  return { columns, rows: Math.ceil(count / columns) };
}

// Reads the symbols slice by slice. Until a round is over, the round before it stands.
export class CellRound {
  held: Cells = { cells: [], low: 0, high: 0 };
  private coming: Cell[] = [];
  private wanted = "";

  // True if the round is over. Other symbols or another measure begin a new one.
  read(symbols: readonly string[], measure: Measure, by_value: boolean, row: (symbol: string) => WatchRow): boolean {
    const wanted = `${measure} ${by_value} ${symbols.length} ${symbols[0] ?? ""} ${symbols.at(-1) ?? ""}`;
    if (wanted !== this.wanted) this.coming = [];
    this.wanted = wanted;
    const from = this.coming.length;
    for (const symbol of symbols.slice(from, from + slice)) this.coming.push(to_cell(row(symbol), measure));
    if (this.coming.length < symbols.length) return false;
    const cells = by_value ? this.coming.sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity) || (a.symbol < b.symbol ? -1 : 1)) : this.coming;
    this.held = { cells, ...range_of(cells, measure) };
    this.coming = [];
    return true;
  }
}

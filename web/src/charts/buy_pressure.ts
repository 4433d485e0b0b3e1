// Buy pressure, one lane per symbol around its 50 % line: buyers fill the upper half, sellers the lower. Windows of
// five bars have only six possible values, so lines on one scale would hide each other.
//
//     AAPL ───────▇▇▇──────▇▇────  100 %
//          ··············▇▇·······   50 %
//     TSLA ···
import uPlot from "uplot";
import { no_value, share } from "../format";
import type { Crosshair } from "./crosshair";
import { split_tail, type Column, type Frame } from "./frame";
import { faded, ink } from "./ink";
import { Panel } from "./panel";
import { Plot } from "./plot";

const lane_part = 0.8; // of the height; the rest separates the lanes

export class BuyPressure {
  readonly panel = new Panel(
    "buy-pressure",
    "Buy pressure",
    "around the 50 % line",
    "The part of each window's bars that closed above their open, against the 50 % line.",
  );
  private plot: Plot | null = null;
  private frame: Frame | null = null;
  private columns: Column[] = [];

  constructor(private readonly crosshair: Crosshair) {}

  show_symbols(symbols: readonly string[]): void {
    this.panel.show_symbols(symbols);
    this.plot?.destroy();
    const count = symbols.length;
    const middle = (symbol: number) => count - symbol - 0.5;
    this.plot = new Plot(this.panel.plot, {
      crosshair: this.crosshair,
      steps: true,
      range: () => [0, Math.max(1, count)],
      series: () => symbols.flatMap((_, i) => [this.lane(middle(i), false), this.lane(middle(i), true)]),
      y_width: 68,
      y_axis: {
        splits: () => symbols.map((_, i) => middle(i)),
        values: () => symbols.map((symbol) => (symbol.length > 8 ? `${symbol.slice(0, 7)}…` : symbol)),
        stroke: () => ink.text,
        grid: { stroke: () => ink.line, width: 1, dash: [2, 3] },
      },
    });
  }

  draw(frame: Frame): void {
    this.frame = frame;
    this.columns = frame.rows.map((rows) => rows.map((row) => row && row.buy_pressure));
    const count = frame.symbols.length;
    const columns = this.columns.map((values, i) =>
      values.map((value) => (value === null ? null : count - i - 0.5 + (value - 0.5) * lane_part)),
    );
    this.plot?.draw(frame, columns.flatMap((values, i) => split_tail(values, frame.rows[i]!)));
  }

  read(index_of: (symbol: number) => number): void {
    this.frame?.rows.forEach((rows, i) => {
      const row = rows[index_of(i)];
      this.panel.show_value(i, row ? share(row.buy_pressure) : no_value);
    });
  }

  redraw(): void {
    this.plot?.redraw();
  }

  drawn(): Column[] {
    return this.columns;
  }

  private lane(middle: number, open: boolean): uPlot.Series {
    const paint = (opacity: number) => (u: uPlot) => around(u, middle, opacity);
    const series: uPlot.Series = {
      width: open ? 0 : 1,
      stroke: paint(open ? 0.6 : 0.9),
      fill: paint(open ? 0.14 : 0.32),
      fillTo: () => middle,
      points: { show: false },
      paths: uPlot.paths.stepped!({ align: -1 }),
    };
    if (open) series.dash = [2, 2];
    return series;
  }
}

// A gradient with the buyers' colour above the middle of the lane and the sellers' below.
function around(u: uPlot, middle: number, opacity: number): CanvasGradient | string {
  const top = u.valToPos(middle + 0.5, "y", true);
  const bottom = u.valToPos(middle - 0.5, "y", true);
  if (!Number.isFinite(top) || !Number.isFinite(bottom)) return ink.bullish;
  const gradient = u.ctx.createLinearGradient(0, top, 0, bottom);
  gradient.addColorStop(0.5, faded(ink.bullish, opacity));
  gradient.addColorStop(0.5, faded(ink.bearish, opacity));
  return gradient;
}

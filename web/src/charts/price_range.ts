// The price range, a small chart per symbol: the band between lowest and highest close with the average in it. The
// charts are side by side, each with its own scale, because 140 and 380 dollars on one scale would flatten both bands
// to lines.
import { element, set_text } from "../dom";
import { exact, no_value } from "../format";
import type { Crosshair } from "./crosshair";
import { split_tail, type Column, type Frame } from "./frame";
import { faded, ink } from "./ink";
import { line_and_tail, with_air } from "./line_chart";
import { Plot } from "./plot";

const values_shown = ["max", "avg", "min", "range"] as const;

interface Small {
  plot: Plot;
  values: HTMLElement[];
}

export class PriceRange {
  readonly root: HTMLElement;
  private readonly grid = element("div", "small-multiples");
  private smalls: Small[] = [];
  private frame: Frame | null = null;

  constructor(private readonly crosshair: Crosshair) {
    const heading = element("h2", "", "Price range");
    heading.title = "The highest, average and lowest close of each window.";
    const note = element("span", "note-of", "lowest, average and highest close; each symbol on its own scale");
    this.root = element("section", "panel price-range", element("header", "panel-head", heading, note), this.grid);
    this.root.setAttribute("aria-label", "Price range");
  }

  show_symbols(symbols: readonly string[]): void {
    for (const small of this.smalls) small.plot.destroy();
    this.grid.replaceChildren();
    this.grid.style.setProperty("--columns", String(symbols.length <= 5 ? symbols.length : Math.ceil(symbols.length / 2)));
    this.smalls = symbols.map((symbol, i) => this.make(symbol, i));
  }

  draw(frame: Frame): void {
    this.frame = frame;
    this.smalls.forEach((small, i) => {
      const rows = frame.rows[i]!;
      const column = (value: "min_close" | "avg_close" | "max_close"): Column => rows.map((row) => row && row[value]);
      small.plot.draw(frame, [column("max_close"), column("min_close"), ...split_tail(column("avg_close"), rows)]);
    });
  }

  read(index_of: (symbol: number) => number): void {
    this.smalls.forEach((small, i) => {
      const row = this.frame?.rows[i]?.[index_of(i)];
      const values = row ? [row.max_close, row.avg_close, row.min_close, row.price_range] : [];
      const places = this.frame?.places[i]?.price ?? 0;
      small.values.forEach((place, j) => set_text(place, values[j] === undefined ? no_value : exact(values[j], places)));
    });
  }

  redraw(): void {
    for (const small of this.smalls) small.plot.redraw();
  }

  private make(symbol: string, i: number): Small {
    const key = element("i", "key");
    key.style.background = ink.series[i]!;
    const values = values_shown.map(() => element("dd", "", ""));
    const legend = element("dl", "stacked", ...values_shown.map((name, j) => element("div", "", element("dt", "", name), values[j]!)));
    const place = element("div", "plot");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", `Lowest, average and highest close of each window of ${symbol}. Arrow keys move the crosshair.`);
    this.grid.append(element("div", "small", element("h3", "", key, element("span", "", symbol)), legend, place));
    const edge = { stroke: () => faded(ink.series[i]!, 0.45), width: 0.75, points: { show: false } };
    const plot = new Plot(place, {
      crosshair: this.crosshair,
      series: (points) => [edge, edge, ...line_and_tail(i, points, 1.2)],
      bands: [{ series: [1, 2], fill: () => faded(ink.series[i]!, 0.22) }],
      range: with_air,
      y_width: 50,
    });
    return { plot, values };
  }
}

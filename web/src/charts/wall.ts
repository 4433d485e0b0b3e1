// The five charts together: they show the same symbols, the same windows and the same crosshair.
import { element, set_text } from "../dom";
import { clock, exact, full_day, signed_percent } from "../format";
import { to_seconds } from "../protocol";
import { zone_label } from "../zone";
import type { Scale } from "../address";
import { BuyPressure } from "./buy_pressure";
import { Crosshair } from "./crosshair";
import { change_since_left, type Column, type Frame } from "./frame";
import { refresh_ink } from "./ink";
import { LineChart } from "./line_chart";
import { PriceRange } from "./price_range";

export interface WallOptions {
  charts: HTMLElement; // the container of the charts
  readout: HTMLElement; // shows the window under the crosshair
  on_scale: (scale: Scale) => void; // called when the user switches between price and % change
}

export class Wall {
  private readonly crosshair = new Crosshair();
  private readonly average_close: LineChart;
  private readonly volatility: LineChart;
  private readonly average_volume: LineChart;
  private readonly price_range = new PriceRange(this.crosshair);
  private readonly buy_pressure = new BuyPressure(this.crosshair);
  private readonly charts: (LineChart | PriceRange | BuyPressure)[];
  private readonly scale_buttons: Record<Scale, HTMLButtonElement>;
  private scale: Scale = "percent";
  private shown = "";
  private frame: Frame | null = null;

  constructor(private readonly options: WallOptions) {
    refresh_ink();
    this.average_close = new LineChart(
      {
        kind: "average-close",
        title: "Average close",
        note: "",
        explanation: "The average close of each window.",
        value: (row) => row.avg_close,
        text: (value, { price }, drawn) =>
          this.scale === "percent" && drawn !== null ? `${exact(value, price)}  ${signed_percent(drawn)}` : exact(value, price),
        unit: () => (this.scale === "percent" ? "\u202f%" : ""),
        transform: () => (this.scale === "percent" ? change_since_left : null),
      },
      this.crosshair,
    );
    this.volatility = new LineChart(
      {
        kind: "volatility",
        title: "Volatility",
        note: "standard deviation of the closes",
        explanation: "The standard deviation of the closes in each window; a window of one bar has none.",
        value: (row) => row.volatility,
        text: (value, { price }) => exact(value, price),
        from_zero: true,
      },
      this.crosshair,
    );
    this.average_volume = new LineChart(
      {
        kind: "average-volume",
        title: "Average volume",
        note: "a bar",
        explanation: "The average volume of the bars in each window.",
        value: (row) => row.avg_volume,
        text: (value, { volume }) => exact(value, volume),
        from_zero: true,
      },
      this.crosshair,
    );
    this.charts = [this.average_close, this.price_range, this.buy_pressure, this.volatility, this.average_volume];
    this.scale_buttons = this.make_scale_switch();
    options.charts.append(
      this.average_close.panel.root,
      this.price_range.root,
      this.buy_pressure.panel.root,
      this.volatility.panel.root,
      this.average_volume.panel.root,
    );
    this.crosshair.on_move(() => this.read());
  }

  draw(frame: Frame, scale: Scale): void {
    const wanted = frame.symbols.join(" ");
    if (wanted !== this.shown) {
      this.shown = wanted;
      for (const chart of this.charts) chart.show_symbols(frame.symbols);
    }
    this.scale = scale;
    for (const [name, button] of Object.entries(this.scale_buttons)) button.setAttribute("aria-pressed", String(name === scale));
    this.frame = frame;
    for (const chart of this.charts) chart.draw(frame);
    this.read();
  }

  // Draws again after a change of theme.
  repaint(): void {
    refresh_ink();
    this.shown = "";
    if (this.frame) this.draw(this.frame, this.scale);
  }

  // What is on the canvas, for the debug hook.
  drawn(): Record<string, Column[]> {
    return {
      average_close: this.average_close.drawn(),
      buy_pressure: this.buy_pressure.drawn(),
      volatility: this.volatility.drawn(),
      average_volume: this.average_volume.drawn(),
    };
  }

  private read(): void {
    if (!this.frame) return;
    const { x, rows, now } = this.frame;
    const at = this.crosshair.at();
    const pointed = at !== null && at < x.length ? at : null;
    for (const chart of this.charts) chart.read((symbol) => pointed ?? now[symbol]!);
    const read = rows.flatMap((of_symbol, symbol) => of_symbol[pointed ?? now[symbol]!] ?? []);
    const row = read[0];
    if (!row) return set_text(this.options.readout, "");
    if (read.some(({ window_end }) => window_end !== row.window_end)) {
      return set_text(this.options.readout, "Now: the newest window that each symbol's bars have filled");
    }
    const start = to_seconds(row.window_start);
    const end = to_seconds(row.window_end);
    const bars = `${row.bar_count} ${row.bar_count === 1 ? "bar" : "bars"}`;
    const state = row.status === "final" ? "final" : "still open";
    const which = pointed === null ? "Now" : "At the crosshair";
    set_text(this.options.readout, `${which}: ${full_day(end)} ${clock(start)}–${clock(end)} ${zone_label()} · ${bars} · ${state}`);
  }

  private make_scale_switch(): Record<Scale, HTMLButtonElement> {
    const make = (scale: Scale, text: string) => {
      const button = element("button", "", text);
      button.type = "button";
      button.addEventListener("click", () => this.options.on_scale(scale));
      return button;
    };
    const buttons = { price: make("price", "Price"), percent: make("percent", "% change") };
    buttons.percent.title = `Change since the left edge, for example ${signed_percent(0.42)}`;
    const group = element("div", "switch", buttons.price, buttons.percent);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Scale of the average close");
    this.average_close.panel.head.append(group);
    return buttons;
  }
}

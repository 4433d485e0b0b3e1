// A chart with the house's look: UTC axis, hairline grid, open windows shaded, gaps left open, one shared crosshair.
import uPlot from "uplot";
import { clock, day, tick } from "../format";
import type { Crosshair } from "./crosshair";
import type { Frame } from "./frame";
import { ink } from "./ink";

const font = '11px Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

// Which points to draw as points.
export interface PointFilters {
  lone: PointFilter; // those without a neighbour, which no line would show
  open: PointFilter; // those of windows that are still open
}

type PointFilter = (u: uPlot, series: number, show: boolean) => number[] | null;

export interface PlotOptions {
  crosshair: Crosshair;
  series: (points: PointFilters) => uPlot.Series[]; // without the time
  bands?: uPlot.Band[];
  range?: uPlot.Range.Function;
  y_axis?: Partial<uPlot.Axis>;
  y_width?: number; // pixels
  y_unit?: () => string; // behind the numbers of the axis, asked before each drawing
  steps?: boolean; // a value holds for the whole slide before its time, instead of sloping to its neighbours
  draw_behind?: (u: uPlot) => void;
}

export class Plot {
  readonly u: uPlot;
  private frame: Frame | null = null;
  private readonly observer: ResizeObserver;

  constructor(private readonly place: HTMLElement, options: PlotOptions) {
    const series = options.series({ lone: this.lone_points, open: this.open_points });
    this.u = new uPlot(this.settings(options, series), [[], ...series.map(() => [])], place);
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(place);
    place.tabIndex = 0;
    place.addEventListener("keydown", (event) => this.step(event, options.crosshair));
    place.addEventListener("blur", () => this.leave());
  }

  draw(frame: Frame, columns: (number | null)[][]): void {
    this.frame = frame;
    this.u.setData([frame.x, ...columns]);
  }

  redraw(): void {
    this.u.redraw(false, true);
  }

  destroy(): void {
    this.observer.disconnect();
    this.u.destroy();
  }

  private settings(options: PlotOptions, series: uPlot.Series[]): uPlot.Options {
    const { crosshair } = options;
    return {
      width: Math.max(80, this.place.clientWidth),
      height: Math.max(60, this.place.clientHeight),
      padding: [10, 16, 0, 0],
      legend: { show: false },
      focus: { alpha: 1 },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        sync: { key: crosshair.sync.key, scales: ["x", null] },
        points: { size: 6, width: 0 },
      },
      scales: { x: { time: true }, y: options.range ? { range: options.range } : {} },
      axes: [
        {
          size: 28,
          space: 56,
          stroke: () => ink.faint,
          font,
          gap: 6,
          values: (_, splits) => splits.map((at, i) => time_label(at, splits[i - 1])),
          grid: { stroke: () => ink.grid, width: 1 },
          ticks: { show: false },
        },
        {
          size: options.y_width ?? 52,
          space: 30,
          stroke: () => ink.faint,
          font,
          gap: 8,
          values: (_, splits, __, ___, step) => splits.map((value) => tick(value, step) + (options.y_unit?.() ?? "")),
          grid: { stroke: () => ink.grid, width: 1 },
          ticks: { show: false },
          ...options.y_axis,
        },
      ],
      series: [{}, ...series.map((one) => ({ ...one, gaps: options.steps ? this.step_gaps : this.gaps }))],
      ...(options.bands ? { bands: options.bands } : {}),
      hooks: {
        drawClear: [(u) => this.shade_open(u), ...(options.draw_behind ? [options.draw_behind] : [])],
        setCursor: [(u) => crosshair.move(u.cursor.idx ?? null)],
      },
    };
  }

  // A line is broken where a value is missing and where time jumps.
  private readonly gaps: uPlot.Series.GapsRefiner = (u, series, from, to) => {
    const values = u.data[series] as (number | null)[];
    const gaps: [number, number][] = [];
    for (let i = from; i < to; i++) {
      if (values[i] !== null && values[i + 1] !== null && !this.jump(i)) continue;
      const left = u.valToPos(u.data[0][i]!, "x", true);
      const right = u.valToPos(u.data[0][i + 1]!, "x", true);
      const last = gaps.at(-1);
      if (last && last[1] === left) last[1] = right;
      else gaps.push([left, right]);
    }
    return gaps;
  };

  // A step belongs to the value at its right end, so only the slide before a missing value is empty.
  private readonly step_gaps: uPlot.Series.GapsRefiner = (u, series, from, to) => {
    const values = u.data[series] as (number | null)[];
    const { x, slide } = this.frame ?? { x: [], slide: Infinity };
    const gaps: [number, number][] = [];
    for (let i = from; i < to; i++) {
      if (values[i + 1] !== null && !this.jump(i)) continue;
      const end = values[i + 1] === null ? x[i + 1]! : x[i + 1]! - slide;
      gaps.push([u.valToPos(x[i]!, "x", true), u.valToPos(end, "x", true)]);
    }
    return gaps;
  };

  private jump(i: number): boolean {
    const { x, slide } = this.frame ?? { x: [], slide: Infinity };
    return x[i + 1]! - x[i]! > slide * 1.5;
  }

  private readonly lone_points: PointFilter = (u, series, show) => {
    if (show) return null;
    const values = u.data[series] as (number | null)[];
    const missing = (i: number) => values[i] === null || values[i] === undefined;
    const lone = values.flatMap((value, i) =>
      value !== null && (missing(i - 1) || this.jump(i - 1)) && (missing(i + 1) || this.jump(i)) ? [i] : [],
    );
    return lone.length > 0 ? lone : null;
  };

  private readonly open_points: PointFilter = (u, series) => {
    const values = u.data[series] as (number | null)[];
    const { closed_until, slide } = this.frame ?? { closed_until: Infinity, slide: 0 };
    const open = values.flatMap((value, i) => (value !== null && u.data[0][i]! > closed_until ? [i] : []));
    const apart = u.valToPos(slide, "x") - u.valToPos(0, "x"); // pixels; points that touch would be a smear
    return apart < 7 ? open.slice(-1) : open;
  };

  private shade_open(u: uPlot): void {
    if (!this.frame || this.frame.x.length === 0 || this.frame.closed_until >= this.frame.x.at(-1)!) return;
    const { left, top, width, height } = u.bbox;
    const from = Math.max(left, Math.min(left + width, u.valToPos(this.frame.closed_until, "x", true)));
    const start = Number.isFinite(from) ? from : left;
    u.ctx.fillStyle = ink.open_zone;
    u.ctx.fillRect(start, top, left + width - start, height);
  }

  // The arrow keys move the crosshair for people without a mouse.
  private step(event: KeyboardEvent, crosshair: Crosshair): void {
    const { x, now } = this.frame ?? { x: [], now: [] };
    if (x.length === 0) return;
    const at = crosshair.at() ?? Math.max(...now);
    const reach = event.shiftKey ? 10 : 1;
    const target = { ArrowLeft: at - reach, ArrowRight: at + reach, Home: 0, End: x.length - 1 }[event.key];
    if (event.key === "Escape") return this.leave();
    if (target === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(x.length - 1, target));
    this.point_at({ left: this.u.valToPos(x[index]!, "x"), top: 1 });
  }

  private leave(): void {
    this.point_at({ left: -10, top: -10 });
  }

  // The third argument, which uPlot's types leave out, tells the other charts as well.
  private point_at(place: { left: number; top: number }): void {
    (this.u.setCursor as (place: { left: number; top: number }, fire: boolean, publish: boolean) => void)(place, true, true);
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width > 0 && height > 0 && (width !== this.u.width || height !== this.u.height)) this.u.setSize({ width, height });
  }
}

// "10:05", and at the first label and at midnight the day as well.
function time_label(at: number, before: number | undefined): string {
  return before === undefined || Math.floor(at / 86_400) === Math.floor(before / 86_400) ? clock(at) : day(at);
}

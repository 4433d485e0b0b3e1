// A chart in the page's style: UTC axis, hairline grid, open windows shaded, gaps left open, one shared crosshair.
import uPlot from "uplot";
import { tick } from "../format";
import { axis_width } from "./axis_width";
import type { Crosshair } from "./crosshair";
import type { Frame } from "./frame";
import { ink } from "./ink";
import { shortened, time_marks, type Mark } from "./time_axis";

const font = '11px Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

// Which values to draw as points.
export interface PointFilters {
  lone: PointFilter; // those without a neighbour, which no line would show
  open: PointFilter; // those of windows that are still open
}

type PointFilter = (u: uPlot, series: number, show: boolean) => number[] | null;

const label_room = 62; // pixels

export interface PlotOptions {
  crosshair: Crosshair;
  series: (points: PointFilters) => uPlot.Series[]; // without the time
  bands?: uPlot.Band[];
  range?: uPlot.Range.Function;
  y_axis?: Partial<uPlot.Axis>;
  y_width?: number; // pixels
  y_unit?: () => string; // appended to the numbers of the axis; called before each drawing
  steps?: boolean; // a value fills the whole slide before its time instead of sloping to its neighbours
}

export class Plot {
  readonly u: uPlot;
  private frame: Frame | null = null;
  private marks: Mark[] = [];
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
    this.u.setData([frame.at, ...columns]);
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
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        sync: { key: crosshair.sync.key, scales: ["x", null] },
        points: { size: 6, width: 0 },
      },
      scales: { x: { time: false, range: whole }, y: options.range ? { range: options.range } : {} },
      axes: [
        {
          size: 28,
          stroke: () => ink.faint,
          font,
          gap: 6,
          splits: (u) => this.mark_times(u),
          values: () => this.marks.map(({ label }) => label),
          grid: { stroke: () => ink.grid, width: 1 },
          ticks: { show: false },
        },
        {
          size: axis_width(options.y_width ?? 52),
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
        drawClear: [(u) => this.shade_open(u), (u) => this.show_shortened(u)],
        setCursor: [(u) => crosshair.move(u.cursor.idx ?? null)],
      },
    };
  }

  // Breaks a line where a value is missing and where time jumps.
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
    const at = u.data[0];
    const gaps: [number, number][] = [];
    for (let i = from; i < to; i++) {
      if (values[i + 1] !== null && !this.jump(i)) continue;
      const end = values[i + 1] === null ? at[i + 1]! : at[i + 1]! - 1;
      gaps.push([u.valToPos(at[i]!, "x", true), u.valToPos(end, "x", true)]);
    }
    return gaps;
  };

  private jump(i: number): boolean {
    const at = this.frame?.at ?? [];
    return at[i + 1]! - at[i]! > 1.5;
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
    const last_final = this.frame?.last_final ?? Infinity;
    const open = values.flatMap((value, i) => (value !== null && i > last_final ? [i] : []));
    const apart = u.valToPos(1, "x") - u.valToPos(0, "x"); // pixels; closer points would blur
    return apart < 7 ? open.slice(-1) : open;
  };

  private shade_open(u: uPlot): void {
    if (!this.frame || this.frame.last_final >= this.frame.x.length - 1) return;
    const { left, top, width, height } = u.bbox;
    const start = this.frame.last_final < 0 ? left : u.valToPos(this.frame.at[this.frame.last_final]!, "x", true);
    u.ctx.fillStyle = ink.open_zone;
    u.ctx.fillRect(start, top, left + width - start, height);
  }

  // A dotted line where the axis skips time.
  private show_shortened(u: uPlot): void {
    if (!this.frame) return;
    const { top, height } = u.bbox;
    u.ctx.save();
    u.ctx.strokeStyle = ink.line;
    u.ctx.lineWidth = devicePixelRatio;
    u.ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
    u.ctx.beginPath();
    for (const i of shortened(this.frame.x, this.frame.slide)) {
      const x = Math.round(u.valToPos((this.frame.at[i - 1]! + this.frame.at[i]!) / 2, "x", true)) + 0.5;
      u.ctx.moveTo(x, top);
      u.ctx.lineTo(x, top + height);
    }
    u.ctx.stroke();
    u.ctx.restore();
  }

  private mark_times(u: uPlot): number[] {
    if (!this.frame || this.frame.x.length === 0) return [];
    const { x, at, slide } = this.frame;
    const room = label_room / (u.valToPos(1, "x") - u.valToPos(0, "x"));
    this.marks = time_marks(x, at, slide, room);
    return this.marks.map(({ index }) => at[index]!);
  }

  // The arrow keys move the crosshair, for people without a mouse.
  private step(event: KeyboardEvent, crosshair: Crosshair): void {
    const { at: places, now } = this.frame ?? { at: [], now: [] };
    if (places.length === 0) return;
    const at = crosshair.at() ?? Math.max(...now);
    const reach = event.shiftKey ? 10 : 1;
    const target = { ArrowLeft: at - reach, ArrowRight: at + reach, Home: 0, End: places.length - 1 }[event.key];
    if (event.key === "Escape") return this.leave();
    if (target === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(places.length - 1, target));
    this.point_at({ left: this.u.valToPos(places[index]!, "x"), top: 1 });
  }

  private leave(): void {
    this.point_at({ left: -10, top: -10 });
  }

  // The third argument, missing in uPlot's types, notifies the other charts, too.
  private point_at(place: { left: number; top: number }): void {
    (this.u.setCursor as (place: { left: number; top: number }, fire: boolean, publish: boolean) => void)(place, true, true);
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width > 0 && height > 0 && (width !== this.u.width || height !== this.u.height)) this.u.setSize({ width, height });
  }
}

const whole: uPlot.Range.Function = (_, first, last) => (first === last ? [first - 1, last + 1] : [first, last]);

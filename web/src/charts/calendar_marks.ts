// What the calendar says about the candles' time axis, drawn behind them: where a day begins in the chosen zone, the
// exchange's pre-market and after hours as bands, and the time that the axis leaves out.
//
//     ░░░░░░ pre ░░░░░░|              regular              |░░ after hours ░░┊░░░░ pre
//                                                                            ┊ night: dotted; weekend or holiday: dashed
import type { IPanePrimitive, IPanePrimitivePaneView, IChartApiBase, ITimeScaleApi, Logical, PaneAttachedParameter, Time } from "lightweight-charts";
import { session_at, type Part } from "../session";
import { exchange_midnight, moved } from "../zone";
import { faded, ink } from "./ink";

export interface Band {
  part: Exclude<Part, "regular">;
  from: number; // indexes of its first and last point
  to: number;
}

export interface Skip {
  index: number; // of the first point after it
  kind: "thin" | "night" | "weekend";
}

export interface CalendarMarks {
  days: number[]; // the first point of each day of the zone, but of the first day
  bands: Band[];
  skips: Skip[];
}

type Target = Parameters<NonNullable<ReturnType<IPanePrimitivePaneView["renderer"]>>["draw"]>[0];

const thin = 5 * 60; // seconds without a bar within a session
const night = 6 * 3_600; // or a pause between two days of the exchange
const weekend = 36 * 3_600;
const around_the_clock = 0.1; // a symbol with more of its bars than this while the exchange is closed has no sessions
const names = { pre: "Pre-market", post: "After hours", closed: "Closed" };
const font = '10px Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const room_for_a_name = 76; // pixels

// `apart` is the interval of the points, in seconds. Of daily candles the months are marked, and nothing within a day.
export function calendar_marks(symbol: string, times: readonly number[], apart = 60): CalendarMarks {
  if (apart >= 86_400) return { days: month_begins(times), skips: [], bands: [] };
  const days: number[] = [];
  const skips: Skip[] = [];
  const parts = times.map(session_at);
  times.forEach((time, i) => {
    if (i === 0) return;
    const before = times[i - 1]!;
    if (Math.floor(moved(time) / 86_400) !== Math.floor(moved(before) / 86_400)) days.push(i);
    const pause = time - before;
    if (pause > Math.max(thin, apart)) skips.push({ index: i, kind: pause > weekend ? "weekend" : pause > night || exchange_midnight(before) !== exchange_midnight(time) ? "night" : "thin" });
  });
  return { days, skips, bands: are_sessions(symbol, parts) ? bands_of(parts) : [] };
}

function month_begins(times: readonly number[]): number[] {
  const month = (time: number) => new Date(moved(time) * 1000).toISOString().slice(0, 7);
  return times.flatMap((time, i) => (i > 0 && month(time) !== month(times[i - 1]!) ? [i] : []));
}

// Whether what has bars at these times trades in the exchange's sessions.
export function has_sessions(symbol: string, times: readonly number[]): boolean {
  return are_sessions(symbol, times.map(session_at));
}

// Currency pairs trade around the clock, and so does what has bars at night.
function are_sessions(symbol: string, parts: readonly Part[]): boolean {
  return !symbol.includes("/") && parts.filter((part) => part === "closed").length <= around_the_clock * parts.length;
}

function bands_of(parts: readonly Part[]): Band[] {
  const bands: Band[] = [];
  parts.forEach((part, i) => {
    if (part === "regular") return;
    const last = bands.at(-1);
    if (last && last.part === part && last.to === i - 1) last.to = i;
    else bands.push({ part, from: i, to: i });
  });
  return bands;
}

export class CalendarLayer implements IPanePrimitive<Time> {
  marks: CalendarMarks = { days: [], bands: [], skips: [] };
  private chart: IChartApiBase<Time> | null = null;
  private ask_to_draw = () => {};
  private readonly views: readonly IPanePrimitivePaneView[];

  constructor(has_names: boolean) {
    this.views = [{ zOrder: () => "bottom" as const, renderer: () => ({ draw: (target) => this.paint(target, has_names) }) }];
  }

  attached({ chart, requestUpdate }: PaneAttachedParameter<Time>): void {
    this.chart = chart;
    this.ask_to_draw = requestUpdate;
  }

  paneViews(): readonly IPanePrimitivePaneView[] {
    return this.views;
  }

  show(marks: CalendarMarks): void {
    this.marks = marks;
    this.ask_to_draw();
  }

  private paint(target: Target, has_names: boolean): void {
    target.useMediaCoordinateSpace(({ context, mediaSize: { width, height } }) => {
      const scale = this.chart!.timeScale();
      const x = (index: number) => left_edge(scale, index);
      const is_seen = (from: number, to: number) => to >= 0 && from <= width;
      for (const { part, from, to } of this.marks.bands) {
        const [left, right] = [x(from), x(to + 1)];
        if (!is_seen(left, right)) continue;
        context.fillStyle = faded(ink.faint, part === "closed" ? 0.16 : 0.09);
        context.fillRect(left, 0, right - left, height);
        const begin = Math.max(0, left);
        if (!has_names || Math.min(width, right) - begin < room_for_a_name) continue;
        context.font = font;
        context.fillStyle = ink.faint;
        context.textBaseline = "top";
        context.fillText(names[part], begin + 5, 4);
      }
      for (const index of this.marks.days) if (is_seen(x(index), x(index))) rule(context, x(index), height, faded(ink.faint, 0.55), []);
      for (const { index, kind } of this.marks.skips) {
        const at = x(index);
        if (!is_seen(at, at)) continue;
        if (kind === "thin") rule(context, at, 5, faded(ink.faint, 0.8), [], height - 5);
        else rule(context, at, height, ink.faint, kind === "night" ? [1, 4] : [6, 4]);
      }
    });
  }
}

// Of a point; the library places whole points only, by their middles.
function left_edge(scale: ITimeScaleApi<Time>, index: number): number {
  const [middle, next] = [index, index + 1].map((one) => scale.logicalToCoordinate(one as Logical) ?? 0) as [number, number];
  return middle - (next - middle) / 2;
}

function rule(context: CanvasRenderingContext2D, at: number, length: number, color: string, dash: number[], from = 0): void {
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(Math.round(at) + 0.5, from);
  context.lineTo(Math.round(at) + 0.5, from + length);
  context.stroke();
  context.restore();
}

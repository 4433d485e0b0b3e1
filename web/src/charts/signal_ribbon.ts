// The ribbon of signals under the candles: each window's signal at the minute where the window is drawn, hollow while it
// is provisional, and a marker where the signal turns.
//
//          ▲             ▼
//     ▒▒▒▒▒████████▒▒▒▒▒▒████▯▯▯      green: bullish, red: bearish, grey: neutral
import type { IChartApiBase, IPanePrimitive, IPanePrimitivePaneView, Logical, PaneAttachedParameter, Time } from "lightweight-charts";
import type { Signal, TrendRow } from "../protocol";
import { faded, ink } from "./ink";

// Neighbouring points with the same signal.
export interface Run {
  signal: Signal;
  is_final: boolean;
  from: number; // indexes of its first and last point
  to: number;
  turns: boolean; // the window before it had another signal
}

type Target = Parameters<NonNullable<ReturnType<IPanePrimitivePaneView["renderer"]>>["draw"]>[0];

const thickness = 9; // pixels
const above_edge = 3;
const marker = 5;
const room_for_marker = 14;

export const ribbon_height = above_edge + thickness + 2 * marker + 4; // pixels: where a pointer is on the ribbon

export function signal_runs(rows: readonly (TrendRow | null)[]): Run[] {
  const runs: Run[] = [];
  let before: Signal | null = null;
  rows.forEach((row, i) => {
    if (!row) return;
    const signal = row.trend_signal;
    const is_final = row.status === "final";
    const last = runs.at(-1);
    if (last && last.to === i - 1 && last.signal === signal && last.is_final === is_final) last.to = i;
    else runs.push({ signal, is_final, from: i, to: i, turns: before !== null && before !== signal });
    before = signal;
  });
  return runs;
}

export class RibbonLayer implements IPanePrimitive<Time> {
  runs: Run[] = [];
  private chart: IChartApiBase<Time> | null = null;
  private ask_to_draw = () => {};
  private readonly views: readonly IPanePrimitivePaneView[] = [{ zOrder: () => "normal" as const, renderer: () => ({ draw: (target) => this.paint(target) }) }];

  attached({ chart, requestUpdate }: PaneAttachedParameter<Time>): void {
    this.chart = chart;
    this.ask_to_draw = requestUpdate;
  }

  paneViews(): readonly IPanePrimitivePaneView[] {
    return this.views;
  }

  show(runs: Run[]): void {
    this.runs = runs;
    this.ask_to_draw();
  }

  private paint(target: Target): void {
    target.useMediaCoordinateSpace(({ context, mediaSize: { width, height } }) => {
      const scale = this.chart!.timeScale();
      const middle = (index: number) => scale.logicalToCoordinate(index as Logical) ?? 0;
      const spacing = middle(1) - middle(0);
      const top = height - above_edge - thickness;
      let free_from = -Infinity; // where the next marker has room
      for (const { signal, is_final, from, to, turns } of this.runs) {
        const [left, right] = [middle(from) - spacing / 2, middle(to) + spacing / 2];
        if (right < 0 || left > width) continue;
        context.fillStyle = context.strokeStyle = color_of(signal);
        if (is_final) context.fillRect(left, top, Math.max(0.5, right - left), thickness);
        else if (right - left > 2) context.strokeRect(left + 1, top + 0.5, right - left - 2, thickness - 1);
        if (!turns || middle(from) - free_from < room_for_marker) continue;
        free_from = middle(from);
        draw_marker(context, signal, middle(from), top - marker - 2, is_final);
      }
    });
  }
}

function color_of(signal: Signal): string {
  return signal === "BULLISH" ? ink.bullish : signal === "BEARISH" ? ink.bearish : faded(ink.faint, 0.55);
}

// The shape says the same as the colour: up, down, or a diamond.
function draw_marker(context: CanvasRenderingContext2D, signal: Signal, x: number, y: number, is_final: boolean): void {
  const corners = { BULLISH: [[0, -1], [1, 1], [-1, 1]], BEARISH: [[0, 1], [1, -1], [-1, -1]], NEUTRAL: [[0, -1], [1, 0], [0, 1], [-1, 0]] }[signal];
  context.beginPath();
  for (const [dx, dy] of corners as [number, number][]) context.lineTo(x + dx * marker, y + dy * marker);
  context.closePath();
  if (is_final) context.fill();
  else context.stroke();
}

// A simple line chart of an answer: its numbers along its first time column, or along its rows. If times repeat for
// each symbol, or for each value of the first text column, each of them has a line.
import uPlot from "uplot";
import { axis_width } from "../charts/axis_width";
import { ink, refresh_ink } from "../charts/ink";
import { element } from "../dom";
import { clock, day, tick } from "../format";
import type { Answer, Value } from "../lake";
import { to_seconds } from "../protocol";
import { moved } from "../zone";
import { is_number } from "./answer_table";

const most_lines = 6;
const height = 220;
const font = '11px Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

export class AnswerChart {
  readonly root: HTMLDetailsElement;
  private readonly plot = element("div", "plot");
  private readonly legend = element("p", "hint");
  private u: uPlot | null = null;

  constructor() {
    this.root = element("details", "answer-chart", element("summary", "", "Line chart"), this.legend, this.plot);
    this.root.addEventListener("toggle", () => this.fit());
    new ResizeObserver(() => this.fit()).observe(this.plot);
  }

  show(answer: Answer): void {
    this.u?.destroy();
    this.u = null;
    const picture = to_lines(answer);
    this.root.hidden = picture === null;
    if (!picture) return;
    refresh_ink();
    this.legend.replaceChildren(...picture.names.map((name, i) => {
      const key = element("i", "key");
      key.style.background = ink.series[i]!;
      return element("span", "legend-of", key, name);
    }));
    const axis = { stroke: ink.faint, font, grid: { stroke: ink.grid, width: 1 }, ticks: { show: false } };
    this.u = new uPlot(
      {
        width: Math.max(80, this.plot.clientWidth),
        height,
        padding: [10, 16, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: true, y: false } },
        tzDate: (seconds) => uPlot.tzDate(new Date(moved(seconds) * 1e3), "Etc/UTC"),
        scales: { x: { time: picture.of_time } },
        axes: [{ ...axis, size: 30, ...(picture.of_time ? { values: (_: uPlot, splits: number[]) => splits.map(time_label) } : {}) }, { ...axis, size: axis_width(64), values: (_, splits, __, ___, step) => splits.map((value) => tick(value, step)) }],
        series: [{}, ...picture.names.map((_, i) => ({ stroke: ink.series[i]!, width: 1.5, points: { show: picture.x.length < 60 } }))],
      },
      [picture.x, ...picture.lines],
      this.plot,
    );
  }

  private fit(): void {
    if (this.u && this.plot.clientWidth > 0) this.u.setSize({ width: this.plot.clientWidth, height });
  }
}

function time_label(seconds: number): string {
  return moved(seconds) % 86_400 === 0 ? day(seconds) : clock(seconds);
}

interface Lines {
  of_time: boolean;
  x: number[];
  names: string[];
  lines: (number | null)[][];
}

// Null if there is nothing to draw: fewer than two rows, or no numbers.
export function to_lines({ columns, rows }: Answer): Lines | null {
  const time = columns.findIndex(({ name, type }) => /^(TIMESTAMP|DATE)/.test(type) || /^window_(start|end)$/.test(name));
  const numbers = columns.flatMap(({ type }, i) => (is_number(type) && i !== time ? [i] : [])).slice(0, most_lines);
  if (rows.length < 2 || numbers.length === 0) return null;
  const points = rows.map((row, i) => ({ row, x: time < 0 ? i : to_seconds(String(row[time]).slice(0, 19)) }));
  if (points.some(({ x }) => Number.isNaN(x))) return null;
  points.sort((a, b) => a.x - b.x);
  const x = [...new Set(points.map((point) => point.x))];
  if (x.length < points.length) return by_name(columns, points, x, time, numbers[0]!);
  return { of_time: time >= 0, x, names: numbers.map((i) => columns[i]!.name), lines: numbers.map((i) => points.map(({ row }) => number(row[i]))) };
}

// The first number of each name; null if there are too many names, or a name has two rows with the same time.
function by_name(columns: Answer["columns"], points: { row: Value[]; x: number }[], x: number[], time: number, column: number): Lines | null {
  const name = columns.findIndex(({ type }, i) => type === "VARCHAR" && i !== time);
  const names = [...new Set(points.map(({ row }) => String(row[name])))].sort();
  const held = new Map(points.map((point) => [`${point.x} ${String(point.row[name])}`, number(point.row[column])]));
  if (name < 0 || x.length < 2 || names.length > most_lines || held.size < points.length) return null;
  return { of_time: true, x, names, lines: names.map((one) => x.map((at) => held.get(`${at} ${one}`) ?? null)) };
}

function number(value: Value | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

// How the cells of an answer are written, and where a row leads to.
import type { Answer, Value } from "../lake";
import { to_seconds } from "../protocol";
import { is_number } from "./answer_table";

const around = 30 * 60; // seconds shown on both sides of a row's minute
const minute = 60;

// A number with the places that it has: without the zeros that its column's type adds, and without an exponent.
export function plain_number(text: string): string {
  const [, minus = "", whole = "", places = "", exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === "") return text; // nan, inf
  let digits = whole + places;
  let point = whole.length + Number(exponent ?? 0);
  if (point <= 0) [digits, point] = ["0".repeat(1 - point) + digits, 1];
  if (point > digits.length) digits = digits.padEnd(point, "0");
  const behind = digits.slice(point).replace(/0+$/, "");
  const before = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  return `${minus}${before}${behind && `.${behind}`}`;
}

export function written(value: Value, type: string): string {
  if (value === null) return "null";
  if (typeof value === "object") return JSON.stringify(value);
  return is_number(type) ? plain_number(String(value)) : String(value);
}

export function is_time({ name, type }: Answer["columns"][number]): boolean {
  return /^TIMESTAMP/.test(type) || /^window_(start|end)$/.test(name);
}

// Where a row leads: its symbol's chart, around its minute if it has one, and a replay from there.
export interface Way {
  readonly chart: string;
  readonly replay: string | null;
}

export function way_of(columns: Answer["columns"], row: readonly Value[]): Way | null {
  const of_symbol = columns.findIndex(({ name }) => name === "symbol");
  const symbol = row[of_symbol];
  if (typeof symbol !== "string") return null;
  const path = `#/symbol/${encodeURIComponent(symbol)}`;
  const at = columns.findIndex(is_time);
  const seconds = at < 0 ? NaN : to_seconds(String(row[at]).slice(0, 19));
  if (Number.isNaN(seconds)) return { chart: path, replay: null };
  const begin = columns[at]!.name === "window_end" ? seconds - minute : seconds; // of the last minute of the window
  const text = (time: number) => new Date(Math.floor(time / minute) * minute * 1000).toISOString().slice(0, 16);
  return { chart: `${path}?from=${text(begin - around)}Z&to=${text(begin + around)}Z`, replay: `${path}?replay=${text(begin)}:00Z` };
}

// The plan of EXPLAIN, whose text is a drawing; null if the answer is another one.
export function plan_of({ columns, rows }: Answer): string | null {
  if (columns.length !== 2 || columns[0]!.name !== "explain_key" || columns[1]!.name !== "explain_value") return null;
  return rows.map(([, plan]) => String(plan)).join("\n");
}

// What the server sends on /api/v1/live: rows, status and messages, validated on arrival.
import { trend_fields, type BarTuple, type Message, type Status, type TrendRow } from "./contract";

export { trend_fields };
export type { BarTuple, Message, Part, ReplayState, Snapshot, Status, TrendRow, Trends } from "./contract";

export type Signal = TrendRow["trend_signal"];

// Thousands of rows of one message share a few times, and so do its bars.
const known_times = new Map<string, number>();
const most_known_times = 5_000;
const window_time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const bar_time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

type Kind = Exclude<(typeof trend_fields)[keyof typeof trend_fields], readonly string[]>;

const is_of_kind: Record<Kind, (value: unknown) => boolean> = {
  string: (value) => typeof value === "string",
  "string?": (value) => value === null || typeof value === "string",
  number: (value) => typeof value === "number",
  "number?": (value) => value === null || typeof value === "number",
  time: (value) => typeof value === "string" && ((value[10] === " " && known_times.has(value)) || window_time.test(value)),
};

const field_checks = Object.entries(trend_fields).map(([name, kind]) => [name, typeof kind === "string" ? is_of_kind[kind] : is_one_of(kind)] as const);

function is_one_of(words: readonly string[]): (value: unknown) => boolean {
  return (value) => words.includes(value as string);
}

export type Account = Status["account"];
export type FeedState = Status["feed"]["state"];
export type Session = NonNullable<Status["session"]>;

// The message in `text`, or null if the page does not understand it.
export function parse_message(text: string): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(quote_bars(text));
  } catch {
    return null;
  }
  return is_message(value) ? value : null;
}

function is_message(value: unknown): value is Message {
  if (!is_object(value) || !(value.trends === undefined || are_rows(value.trends)) || !are_bars(value.bars)) return false;
  const is_told = value.status === undefined || is_status(value.status);
  switch (value.type) {
    case "snapshot":
      return is_count(value.sequence) && Array.isArray(value.symbols) && Array.isArray(value.trends) && is_told;
    case "part":
      return is_told;
    case "resumed":
      return is_count(value.sequence) && is_status(value.status);
    case "trends":
      return is_count(value.sequence) && Array.isArray(value.trends);
    case "status":
      return is_status(value.status);
    case "replay":
      return is_object(value.replay) && typeof value.replay.phase === "string";
    default:
      return false;
  }
}

// "2026-11-22 10:05:00" or "2026-11-22T10:05:00Z", both UTC, as seconds since the epoch; NaN if neither.
export function to_seconds(time: string): number {
  const known = known_times.get(time);
  if (known !== undefined) return known;
  const is_bar_time = bar_time.test(time);
  if (!is_bar_time && !window_time.test(time)) return Date.parse(time.length === 19 ? `${time}Z` : time) / 1000;
  const seconds = Date.parse(is_bar_time ? time : `${time.replace(" ", "T")}Z`) / 1000;
  if (known_times.size >= most_known_times) known_times.clear();
  known_times.set(time, seconds);
  return seconds;
}

// The same JSON with the numbers of its bars as strings: a double would not hold every digit.
export function quote_bars(text: string): string {
  const begin = text.indexOf('"bars":[[');
  if (begin < 0) return text;
  const from = begin + '"bars":[['.length;
  let is_over = false;
  const quoted = text.slice(from).replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.]*|\]\]/g, (part) => {
    if (part === "]]") is_over = true;
    return is_over || part.startsWith('"') || part === "]]" ? part : `"${part}"`;
  });
  return text.slice(0, from) + quoted;
}

// Bars may be missing if the server has none.
export function are_bars(value: unknown): value is BarTuple[] | undefined {
  return value === undefined || (Array.isArray(value) && value.every((bar) => Array.isArray(bar) && bar.length === 7 && bar.every((part) => typeof part === "string")));
}

function are_rows(value: unknown): value is TrendRow[] {
  return Array.isArray(value) && value.every(is_row);
}

function is_row(value: unknown): boolean {
  return is_object(value) && field_checks.every(([name, is_right]) => is_right(value[name]));
}

function is_status(value: unknown): value is Status {
  return is_object(value) && is_object(value.feed) && is_object(value.account) && is_object(value.latency_ms);
}

function is_count(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function is_object(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

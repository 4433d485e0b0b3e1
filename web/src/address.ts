// What the page shows, stored in its URL after the #: a view and its state. An absent parameter means the default.
//
//     #/watch?find=AA&sort=change&down       #/symbol/AAPL?range=1h       #/compare?symbols=AAPL,TSLA&scale=price&range=1h
//     #/health                               #/sql?q=SELECT…              everywhere: zone=exchange
//     #/signals?find=AA&kind=reversal&least=0.1&since=5d                  and replay=2026-01-06T15:04:00Z&speed=300
//     #/map?by=change&order=value&table    #/words/4.5
import { flip_kinds, type FlipKind } from "./flips";
import { interval_names, type Interval } from "./intervals";
import { speeds, type Speed } from "./replay";
import { is_zone, type Zone } from "./zone";

export type Scale = "price" | "percent";
export type ViewName = "watch" | "symbol" | "compare" | "health" | "sql" | "signals" | "map" | "words";
export type Span = "1h" | "4h" | "day" | "5d" | "all";
export type Since = "1h" | "day" | "5d";
export type Measure = "signal" | "change" | "volatility" | "volume";
export type Range = "15m" | "1h" | "day" | "5d" | "all";

export const view_names: readonly ViewName[] = ["watch", "symbol", "compare", "health", "sql", "signals", "map", "words"];
export const spans: readonly Span[] = ["1h", "4h", "day", "5d", "all"];
export const sinces: Record<Since, number> = { "1h": 3_600, day: 86_400, "5d": 5 * 86_400 }; // seconds
export const measures: readonly Measure[] = ["signal", "change", "volatility", "volume"];
export const ranges: readonly Range[] = ["15m", "1h", "day", "5d", "all"];

// Seconds; without an end the chart follows the newest bar.
export interface Seen {
  from: number;
  to: number | null;
}

export interface Address {
  view: ViewName;
  zone: Zone | null;
  find: string; // watch, signals, map: the filter
  sort: string; // watch: the column; empty = symbol
  down: boolean; // watch: descending
  symbol: string | null; // symbol
  range: Range; // symbol
  interval: Interval | null; // symbol: of the candles; null: as short as they fit
  seen: Seen | null; // symbol: the part of the time axis that was zoomed or moved to
  symbols: string[] | null; // compare
  scale: Scale | null; // compare
  span: Span; // compare
  between: Seen | null; // compare: a range of one's own, instead of the span
  question: string; // sql
  kind: FlipKind; // signals
  least: number; // signals: the least range, percent
  since: Since; // signals
  measure: Measure; // map: what colours the cells
  by_value: boolean; // map: in the order of the measure
  as_table: boolean; // map
  clause: string; // words: the clause of the contract
  replay: string | null; // the day, or a moment of it
  speed: Speed; // of the replay
}

export const nowhere: Address = {
  view: "watch", zone: null, find: "", sort: "", down: false, symbol: null, range: "1h", interval: null, seen: null, symbols: null, scale: null, span: "4h", between: null, question: "", kind: "", least: 0, since: "day", measure: "signal", by_value: false, as_table: false, clause: "", replay: null, speed: 60,
};

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/;
const replay_moment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/;

// `search` is from old URLs (?symbols=…), when the charts were the whole page; it leads to the charts.
export function read_address(hash: string, search = ""): Address {
  const [path = "", text = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const of_old = path === "" && /[?&](symbols|scale)=/.test(search);
  const query = new URLSearchParams(of_old ? search : text);
  const [name, symbol] = path.split("/", 2) as [string, string?];
  const scale = query.get("scale");
  const zone = query.get("zone");
  const range = query.get("range") as Range;
  const replay = query.get("replay") ?? "";
  const symbols = query.get("symbols")?.split(",").map((one) => one.trim()).filter(Boolean);
  const view = of_old ? "compare" : view_names.includes(name as ViewName) ? (name as ViewName) : "watch";
  return {
    view,
    zone: is_zone(zone) ? zone : null,
    find: query.get("find") ?? "",
    sort: query.get("sort") ?? "",
    down: query.has("down"),
    symbol: view === "symbol" && symbol ? decoded(symbol) : null,
    range: ranges.includes(range) ? range : "1h",
    interval: interval_names.find((one) => one === query.get("interval")) ?? null,
    seen: view === "symbol" ? seen_of(query.get("from"), query.get("to")) : null,
    between: view === "compare" ? seen_of(query.get("from"), query.get("to")) : null,
    symbols: symbols ? [...new Set(symbols)] : null,
    scale: scale === "price" || scale === "percent" ? scale : null,
    span: spans.includes(query.get("range") as Span) && view === "compare" ? (query.get("range") as Span) : "4h",
    question: query.get("q") ?? "",
    kind: flip_kinds.find((kind) => kind === query.get("kind")) ?? "",
    least: Math.max(0, Number(query.get("least")) || 0),
    since: (Object.keys(sinces) as Since[]).find((since) => since === query.get("since")) ?? "day",
    measure: measures.find((measure) => measure === query.get("by")) ?? "signal",
    by_value: query.get("order") === "value",
    as_table: query.has("table"),
    clause: view === "words" && /^\d+(\.\d+)?$/.test(symbol ?? "") ? symbol! : "",
    replay: replay_moment.test(replay) ? replay : null,
    speed: speeds.find((speed) => String(speed) === query.get("speed")) ?? 60,
  };
}

// Writes only what belongs to the view and differs from the default.
export function write_address(address: Address): string {
  const { view } = address;
  const parts: string[] = [];
  const add = (name: string, value: string) => value && parts.push(`${name}=${encodeURIComponent(value)}`);
  if (view === "watch" || view === "signals" || view === "map") add("find", address.find);
  if (view === "signals") {
    add("kind", address.kind);
    if (address.least > 0) add("least", String(address.least));
    if (address.since !== "day") add("since", address.since);
  }
  if (view === "map") {
    if (address.measure !== "signal") add("by", address.measure);
    if (address.by_value) add("order", "value");
    if (address.as_table) parts.push("table");
  }
  if (view === "watch") {
    add("sort", address.sort);
    if (address.down) parts.push("down");
  }
  if (view === "symbol" && address.range !== "1h") add("range", address.range);
  if (view === "symbol") add("interval", address.interval ?? "");
  const part = view === "symbol" ? address.seen : view === "compare" ? address.between : null;
  if (part) {
    parts.push(`from=${minute_of(part.from)}`);
    if (part.to !== null) parts.push(`to=${minute_of(part.to)}`);
  }
  if (view === "compare") {
    if (address.symbols) parts.push(`symbols=${address.symbols.map(encodeURIComponent).join(",")}`);
    add("scale", address.scale ?? "");
    if (address.span !== "4h") add("range", address.span);
  }
  if (view === "sql") add("q", address.question);
  add("zone", address.zone ?? "");
  add("replay", address.replay ?? "");
  if (address.replay && address.speed !== 60) add("speed", String(address.speed));
  const path = view === "words" && address.clause ? `words/${address.clause}` : view === "symbol" && address.symbol ? `symbol/${encodeURIComponent(address.symbol)}` : view;
  return `#/${path}${parts.length > 0 ? `?${parts.join("&")}` : ""}`;
}

function seen_of(from: string | null, to: string | null): Seen | null {
  const [begin, end] = [from, to].map((text) => (text && moment.test(text) ? Date.parse(text) / 1000 : NaN)) as [number, number];
  if (Number.isNaN(begin) || (to !== null && !(end > begin))) return null;
  return { from: begin, to: to === null ? null : end };
}

function minute_of(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

// The filter of watchlist and map: a part of a symbol, or a condition such as `signal = BULLISH and buy pressure > 60`.
import type { WatchRow } from "./views/watch_row";

type Read = (row: WatchRow) => string | number | null;

const percent = (part: number, whole: number) => (whole === 0 ? null : (part / whole) * 100);

// What a condition may name. Shares are in percent, as the page writes them.
const fields: Readonly<Record<string, Read>> = {
  symbol: ({ symbol }) => symbol,
  last: ({ bar }) => (bar ? Number(bar.close) : null),
  change: ({ change }) => (change === null ? null : Number(change)),
  "%": ({ percent }) => percent,
  "change %": ({ percent }) => percent,
  signal: ({ trend }) => trend?.trend_signal ?? null,
  pressure: ({ trend }) => (trend ? trend.buy_pressure * 100 : null),
  "buy pressure": ({ trend }) => (trend ? trend.buy_pressure * 100 : null),
  volatility: ({ trend }) => trend?.volatility ?? null,
  "volatility %": ({ trend }) => (trend?.volatility == null ? null : percent(trend.volatility, trend.avg_close)),
  volume: ({ trend }) => trend?.avg_volume ?? null,
  range: ({ trend }) => trend?.price_range ?? null,
  "range %": ({ trend }) => (trend ? percent(trend.price_range, trend.avg_close) : null),
  bars: ({ trend }) => trend?.bar_count ?? null,
  session: ({ session }) => session,
  age: ({ age }) => age,
};

export const field_names = Object.keys(fields);

const compare: Readonly<Record<string, (a: string | number, b: string | number) => boolean>> = {
  "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<>": (a, b) => a !== b, "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
};

export interface Screen {
  readonly passes: (row: WatchRow) => boolean;
  readonly error: string; // why the text is no condition; then nothing is left out
}

export const is_condition = (text: string) => /[<>=]/.test(text);

export function read_screen(text: string): Screen {
  const wanted = text.trim().toUpperCase();
  if (!is_condition(text)) return { passes: ({ symbol }) => symbol.toUpperCase().includes(wanted), error: "" };
  try {
    // `and` binds stronger than `or`.
    const any = text.split(/\s+or\s+/i).map((part) => part.split(/\s+and\s+/i).map(condition));
    return { passes: (row) => any.some((all) => all.every((passes) => passes(row))), error: "" };
  } catch (error) {
    return { passes: () => true, error: (error as Error).message };
  }
}

// A symbol whose value is not known passes no condition.
function condition(text: string): (row: WatchRow) => boolean {
  const [, name = "", sign = "", value = ""] = /^\s*([^<>=!]*?)\s*(<=|>=|<>|!=|=|<|>)\s*(.*?)\s*$/.exec(text) ?? [];
  const read = fields[name.toLowerCase().replace(/[_\s]+/g, " ")];
  if (!read) throw new Error(`"${name || text.trim()}" is none of ${field_names.join(", ")}.`);
  if (value === "") throw new Error(`A value is missing behind "${text.trim()}".`);
  const number = /^[−-]?[\d,]*\.?\d+\s*%?$/.test(value) ? Number(value.replace(/[,%\s]/g, "").replace("−", "-")) : null;
  const is_text = ["symbol", "signal", "session"].includes(name.toLowerCase());
  if (!is_text && number === null) throw new Error(`"${value}" is no number.`);
  const other = is_text ? value.replace(/^['"]|['"]$/g, "").toUpperCase() : number!;
  const test = compare[sign]!;
  return (row) => {
    const own = read(row);
    return own !== null && test(typeof own === "string" ? own.toUpperCase() : own, other);
  };
}

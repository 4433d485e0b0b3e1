// The flips that the lake has: the newest that pass the filter, a page at a time, and how many there were in each hour.
import { ask_lake, quoted, sql_time } from "./lake";
import { hour_of, type Flip, type FlipFilter, type HourCount } from "./flips";
import { to_seconds, type Signal, type TrendRow } from "./protocol";
import type { Desk } from "./views/view";

export const flips_a_page = 1_000; // more would take longer to read than a frame

const columns = [
  "symbol", "window_start", "window_end", "avg_close", "max_close", "min_close", "avg_volume", "volatility", "avg_vwap", "avg_pct_change",
  "buy_pressure", "bar_count", "price_range", "vwap_deviation_pct", "trend_signal", "revision", "feed",
] as const;
const texts: readonly string[] = ["symbol", "window_start", "window_end", "trend_signal", "feed"];
const looked_back = 4 * 86_400; // seconds: for the final before the first one, longer than a weekend

export interface FlipQuestion extends FlipFilter {
  readonly from: number; // seconds: windows that end after this
  readonly until: number; // windows that end at or before this
}

// The condition of docs/questions.md, "When did the signal turn?".
function flips_in({ find, kind, least, from, until }: FlipQuestion): string {
  const day = new Date((from - looked_back) * 1000).toISOString().slice(0, 10);
  const of_symbol = find === "" ? "" : ` AND contains(upper(symbol), ${quoted(find.toUpperCase())})`;
  const of_kind = kind === "" ? "" : kind === "reversal" ? " AND was <> 'NEUTRAL' AND trend_signal <> 'NEUTRAL'" : ` AND trend_signal = ${quoted(kind.toUpperCase())}`;
  return (
    `(SELECT *, lag(trend_signal) OVER (PARTITION BY symbol ORDER BY window_end) AS was FROM stock_trends WHERE dt >= '${day}'${of_symbol}) ` +
    `WHERE was <> trend_signal${of_kind} AND window_end > ${text_time(from)} AND window_end <= ${text_time(until)}` +
    (least > 0 ? ` AND (price_range / avg_close) * 100 >= ${least}` : "")
  );
}

export async function ask_flips(desk: Pick<Desk, "ask">, question: FlipQuestion, skip: number): Promise<Flip[]> {
  const sql = `SELECT ${columns.join(", ")}, was FROM ${flips_in(question)} ORDER BY window_end DESC, symbol LIMIT ${flips_a_page} OFFSET ${skip}`;
  const { rows } = await ask_lake(desk, sql);
  return rows.map(to_flip);
}

export async function ask_flip_counts(desk: Pick<Desk, "ask">, question: FlipQuestion): Promise<HourCount[]> {
  const count = (signal: Signal) => `count(*) FILTER (trend_signal = '${signal}')`;
  const sql = `SELECT date_trunc('hour', window_end::TIMESTAMP - INTERVAL 1 SECOND)::VARCHAR AS hour, ${count("BULLISH")}, ${count("NEUTRAL")}, ${count("BEARISH")} FROM ${flips_in(question)} GROUP BY ALL ORDER BY hour`;
  const { rows } = await ask_lake(desk, sql);
  return rows.map(([hour, bullish, neutral, bearish]) => ({ hour: hour_of(to_seconds(String(hour)) + 1), BULLISH: Number(bullish), NEUTRAL: Number(neutral), BEARISH: Number(bearish) }));
}

// The end of the newest window in the lake before `until`; null if it has none.
export async function ask_newest_end(desk: Pick<Desk, "ask">, until: number | null): Promise<number | null> {
  const { rows } = await ask_lake(desk, `SELECT max(window_end) FROM stock_trends${until === null ? "" : ` WHERE window_end <= ${text_time(until)}`}`);
  const newest = rows[0]?.[0];
  return typeof newest === "string" ? to_seconds(newest) : null;
}

// window_end is a text that sorts like the time.
function text_time(seconds: number): string {
  return sql_time(seconds).replace("TIMESTAMP ", "");
}

function to_flip(values: (string | boolean | null)[]): Flip {
  const row: Record<string, unknown> = { status: "final" };
  columns.forEach((name, i) => {
    const value = values[i] ?? null;
    row[name] = value === null || texts.includes(name) ? value : Number(value);
  });
  const trend = row as unknown as TrendRow;
  return { symbol: trend.symbol, end: to_seconds(trend.window_end), before: values.at(-1) as Signal, row: trend };
}

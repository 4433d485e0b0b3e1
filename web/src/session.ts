// The trading days of the New York Stock Exchange: the same rules as src/core/time/exchange_calendar.cc, for shading the
// charts. Tests compare both with contract/exchange_days.csv. Times are seconds since the epoch.
import { exchange_midnight, moved, unmoved } from "./zone";

export type Part = "pre" | "regular" | "post" | "closed";

interface TradingDay {
  pre: number;
  open: number;
  close: number;
  post_end: number;
}

const day = 86_400;
const hour = 3_600;

// Closings besides the holidays: September 2001; the funerals of Reagan, Ford, Bush and Carter; hurricane Sandy.
const closed_days = new Set(["2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14", "2004-06-11", "2007-01-02", "2012-10-29", "2012-10-30", "2018-12-05", "2025-01-09"]);

const days = new Map<number, TradingDay | null>(); // by the exchange's midnight

export function session_at(seconds: number): Part {
  const midnight = exchange_midnight(seconds);
  let hours = days.get(midnight);
  if (hours === undefined) days.set(midnight, (hours = trading_day(midnight)));
  if (!hours || seconds < hours.pre || seconds >= hours.post_end) return "closed";
  return seconds < hours.open ? "pre" : seconds < hours.close ? "regular" : "post";
}

// When the exchange's session that holds this moment began; at night the exchange's midnight.
export function session_begin(seconds: number): number {
  const part = session_at(seconds);
  const midnight = exchange_midnight(seconds);
  const hours = days.get(midnight);
  if (!hours || part === "closed") return midnight;
  return { pre: hours.pre, regular: hours.open, post: hours.close }[part];
}

// The midnight at which the last `count` days begin, the newest of them included: days of the exchange, or, if nothing
// but currency pairs is shown, days of the chosen zone.
export function days_back(newest: number, count: number, symbols: readonly string[]): number {
  if (symbols.length > 0 && symbols.every((symbol) => symbol.includes("/"))) {
    return unmoved((Math.floor(moved(newest) / day) - (count - 1)) * day);
  }
  let midnight = exchange_midnight(newest);
  for (let left = count - 1; left > 0; ) {
    midnight = exchange_midnight(midnight - 1);
    if (trading_day(midnight)) left--;
  }
  return midnight;
}

function trading_day(midnight: number): TradingDay | null {
  const date = Math.floor(moved(midnight, "exchange") / day); // days since 1970 in New York
  if (is_weekend(date) || is_holiday(date)) return null;
  // Clocks change on Sundays only, so a trading day has 24 hours.
  const is_half = is_half_day(date);
  return { pre: midnight + 4 * hour, open: midnight + 9.5 * hour, close: midnight + (is_half ? 13 : 16) * hour, post_end: midnight + (is_half ? 17 : 20) * hour };
}

const number_of = (year: number, month: number, of_month: number) => Date.UTC(year, month - 1, of_month) / 1000 / day;
const weekday = (date: number) => (((date + 4) % 7) + 7) % 7; // 0: Sunday
const is_weekend = (date: number) => weekday(date) % 6 === 0;

function is_holiday(date: number): boolean {
  const written = new Date(date * day * 1000).toISOString().slice(0, 10);
  const year = Number(written.slice(0, 4));
  if (closed_days.has(written)) return true;
  const new_year = number_of(year, 1, 1);
  return (
    (weekday(new_year) !== 6 && date === observed(new_year)) ||
    (year >= 1998 && date === nth(year, 1, 1, 3)) || // Martin Luther King
    date === nth(year, 2, 1, 3) || // Washington
    date === easter(year) - 2 || // Good Friday
    date === nth(year, 6, 1, 1) - 7 || // Memorial Day, the last Monday of May
    (year >= 2022 && date === observed(number_of(year, 6, 19))) || // Juneteenth
    date === observed(number_of(year, 7, 4)) || // Independence Day
    date === nth(year, 9, 1, 1) || // Labor Day
    date === nth(year, 11, 4, 4) || // Thanksgiving
    date === observed(number_of(year, 12, 25)) // Christmas
  );
}

function is_half_day(date: number): boolean {
  const written = new Date(date * day * 1000).toISOString().slice(0, 10);
  return written.endsWith("-07-03") || written.endsWith("-12-24") || date === nth(Number(written.slice(0, 4)), 11, 4, 4) + 1;
}

// A holiday on a Saturday is observed on Friday, one on a Sunday on Monday.
function observed(date: number): number {
  return date + ({ 6: -1, 0: 1 }[weekday(date)] ?? 0);
}

// The n-th such weekday of a month.
function nth(year: number, month: number, of_week: number, n: number): number {
  const first = number_of(year, month, 1);
  return first + ((of_week - weekday(first) + 7) % 7) + 7 * (n - 1);
}

// Gregorian Easter Sunday (Meeus, Jones, Butcher).
function easter(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return number_of(year, Math.floor(n / 31), (n % 31) + 1);
}

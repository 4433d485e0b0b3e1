// Numbers and times as people read them: en-US digits, times in the chosen zone, stable widths.
import { moved } from "./zone";

const of_places = Array.from({ length: 10 }, (_, places) => new Intl.NumberFormat("en-US", { minimumFractionDigits: places, maximumFractionDigits: places }));
const two_places = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const thin_space = "\u202f";
export const no_value = "–";

// With this many places (places.ts), never with an exponent.
export const exact = (value: number, places: number) => minus(of_places[places]!.format(value));
export const integer = (value: number) => minus(whole.format(value));
export const compact = (value: number) => minus(short.format(value));

// 0.6667 → "66.67 %"; "60 %" stays short.
export function share(value: number): string {
  const percent = Math.round(value * 10_000) / 100;
  return `${Number.isInteger(percent) ? whole.format(percent) : two_places.format(percent)}${thin_space}%`;
}

export function signed_percent(value: number): string {
  const text = two_places.format(Math.abs(value));
  return `${text === "0.00" ? "±" : value < 0 ? "−" : "+"}${text}${thin_space}%`;
}

// "175.30" and "00": the main digits, and the two additional places of an average.
export function split_price(value: number, places: number): [string, string] {
  const text = exact(value, places);
  return [text.slice(0, -2), text.slice(-2)];
}

// An axis label with as many places as the step between labels needs: 0.25, 2.5, 10, 0.00000002.
export function tick(value: number, step: number): string {
  if (step >= 1000) return compact(value);
  let places = 0;
  while (places < 12 && !is_whole(step * 10 ** places)) places++;
  return minus(value.toFixed(places).replace(/^-(0\.?0*)$/, "$1"));
}

function is_whole(value: number): boolean {
  return Math.round(value) > 0 && Math.abs(value - Math.round(value)) < 1e-6;
}

// A decimal as received, with at least `least` places and grouped thousands: "1234.5" → "1,234.50". No digit is lost.
export function money(decimal: string, least = 2): string {
  const [whole_part, places = ""] = decimal.replace("-", "").split(".") as [string, string?];
  const grouped = whole_part.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${decimal.startsWith("-") ? "−" : ""}${grouped}.${places.padEnd(least, "0")}`;
}

// A count as received: "1500" → "1,500"; "0.25" is unchanged.
export function count(decimal: string): string {
  const [whole_part, places] = decimal.split(".") as [string, string?];
  const grouped = whole_part.replace(/\B(?=(\d{3})+$)/g, ",");
  return places ? `${grouped}.${places}` : grouped;
}

export function clock(seconds: number): string {
  return date_of(seconds).toISOString().slice(11, 16);
}

export function clock_seconds(seconds: number): string {
  return date_of(seconds).toISOString().slice(11, 19);
}

export function day(seconds: number): string {
  return date_of(seconds).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

export function day_and_year(seconds: number): string {
  return `${day(seconds)} ${full_day(seconds).slice(0, 4)}`;
}

export function full_day(seconds: number): string {
  return date_of(seconds).toISOString().slice(0, 10);
}

function date_of(seconds: number): Date {
  return new Date(moved(seconds) * 1000);
}

function minus(text: string): string {
  return text.replace("-", "−");
}

// The decimal places of a symbol's numbers (contract 4.2): prices have two more than their closes, volumes as many as
// they came with. The server's text has them, but parsed numbers have lost their trailing zeros, so they are computed
// again.
import type { TrendRow } from "./protocol";

export interface Places {
  price: number;
  volume: number;
}

export const fewest: Places = { price: 4, volume: 0 };

const most = 9; // a unit is 1e-9
const of_the_signal = 2; // the contract's two more than the closes have
const prices = ["avg_close", "max_close", "min_close", "volatility", "avg_vwap", "price_range"] as const;

// The places of the prices of its bars.
export const of_bars = ({ price }: Places) => price - of_the_signal;

// The places of the shortest decimal that reads back as `value`: 0.00000812 has 8.
export function decimals(value: number): number {
  const [mantissa, exponent = "0"] = String(value).split("e") as [string, string?];
  return Math.max(0, decimals_of(mantissa) - Number(exponent));
}

// The places of a decimal as text, without trailing zeros.
export function decimals_of(text: string): number {
  const point = text.indexOf(".");
  if (point < 0) return 0;
  let end = text.length;
  while (text[end - 1] === "0") end--;
  return end - point - 1;
}

// Prices that all fit in four places get four: contract 1 had no others, and in contract 2 these are prices in cents.
export function places_of(row: TrendRow): Places {
  let own = 0;
  for (const name of prices) own = Math.max(own, decimals(row[name] ?? 0));
  const closes = Math.max(decimals(row.max_close), decimals(row.min_close));
  const price = own <= fewest.price ? fewest.price : Math.min(most, Math.max(own, closes + of_the_signal));
  return { price, volume: Math.min(most, decimals(row.avg_volume)) };
}

// The larger of both; returns `held` itself if it is large enough.
export function widest(held: Places, other: Places): Places {
  if (held.price >= other.price && held.volume >= other.volume) return held;
  return { price: Math.max(held.price, other.price), volume: Math.max(held.volume, other.volume) };
}

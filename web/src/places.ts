// How many decimal places the numbers of a symbol have (contract 4.2): prices two more than their closes, volumes as many as they
// came with. The server's numbers carry them, but a number here has forgotten the zeros at its end, so they are found anew.
import type { TrendRow } from "./protocol";

export interface Places {
  price: number;
  volume: number;
}

export const fewest: Places = { price: 4, volume: 0 };

const most = 9; // a unit is 1e-9
const of_the_signal = 2; // the contract's two more than the closes have
const prices = ["avg_close", "max_close", "min_close", "volatility", "avg_vwap", "price_range"] as const;

// Of the prices of its bars.
export const of_bars = ({ price }: Places) => price - of_the_signal;

// Of the shortest decimal that reads back as `value`: 0.00000812 has 8.
export function decimals(value: number): number {
  const [mantissa, exponent = "0"] = String(value).split("e") as [string, string?];
  return Math.max(0, decimals_of(mantissa) - Number(exponent));
}

// Of a decimal as text, without the zeros at its end.
export function decimals_of(text: string): number {
  const point = text.indexOf(".");
  if (point < 0) return 0;
  let end = text.length;
  while (text[end - 1] === "0") end--;
  return end - point - 1;
}

// Prices that all fit four places have four: contract 1 knew no other, and of contract 2 these are the prices in cents.
export function places_of(row: TrendRow): Places {
  let own = 0;
  for (const name of prices) own = Math.max(own, decimals(row[name] ?? 0));
  const closes = Math.max(decimals(row.max_close), decimals(row.min_close));
  const price = own <= fewest.price ? fewest.price : Math.min(most, Math.max(own, closes + of_the_signal));
  return { price, volume: Math.min(most, decimals(row.avg_volume)) };
}

// As many as both need; `held` itself where it has them.
export function widest(held: Places, other: Places): Places {
  if (held.price >= other.price && held.volume >= other.volume) return held;
  return { price: Math.max(held.price, other.price), volume: Math.max(held.volume, other.volume) };
}

// Exact arithmetic with decimals as text, without a double's rounding.

// a − b, with as many places as the longer of them.
export function difference(a: string, b: string): string {
  const places = Math.max(places_of(a), places_of(b));
  return write(units(a, places) - units(b, places), places);
}

// (a / b − 1) in percent, to two places, halves away from zero; null when b is zero.
export function percent_change(a: string, b: string): number | null {
  const places = Math.max(places_of(a), places_of(b));
  const base = units(b, places);
  if (base === 0n) return null;
  const scaled = (units(a, places) - base) * 10_000n * 2n;
  const divisor = base < 0n ? -base : base;
  const half = scaled < 0n ? -divisor : divisor;
  return Number((scaled + half) / (2n * divisor)) / 100;
}

// −1, 0 or 1. Rounding to doubles keeps the order, so only equal doubles are compared digit by digit.
export function compare(a: string, b: string): -1 | 0 | 1 {
  const [x, y] = [Number(a), Number(b)];
  return x === y ? sign(difference(a, b)) : x < y ? -1 : 1;
}

// With as many places as the longest of them.
export function sum(decimals: readonly string[]): string {
  if (decimals.every(is_whole)) {
    const total = decimals.reduce((held, one) => held + Number(one), 0);
    if (Number.isSafeInteger(total)) return String(total); // nothing was rounded, because none is negative
  }
  const places = decimals.reduce((most, one) => Math.max(most, places_of(one)), 0);
  return write(decimals.reduce((total, one) => total + units(one, places), 0n), places);
}

// Without trailing zeros: the lake writes nine places.
export function trimmed(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

export function sign(decimal: string): -1 | 0 | 1 {
  if (!/[1-9]/.test(decimal)) return 0;
  return decimal.startsWith("-") ? -1 : 1;
}

function is_whole(decimal: string): boolean {
  return !decimal.includes(".") && !decimal.startsWith("-");
}

function places_of(decimal: string): number {
  const point = decimal.indexOf(".");
  return point < 0 ? 0 : decimal.length - point - 1;
}

function units(decimal: string, places: number): bigint {
  return BigInt(decimal.replace(".", "") + "0".repeat(places - places_of(decimal)));
}

function write(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  const point = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return value < 0n ? `-${text}` : text;
}

// Real minute bars, where they lie beside the project: several days of stocks with pre-market and after hours, a half
// day, and a coin around the clock.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const folder = join(process.env.TIDEMARK_SHARED ?? "", "data");

export const no_real_bars = process.env.TIDEMARK_SHARED && existsSync(folder) ? "" : "there are no real bars in ../shared/data";

// Lines of JSON in order of time; `kind` is equity or crypto.
export function real_bars(kind, symbols) {
  const lines = gunzipSync(readFileSync(join(folder, `bars_${kind}_1min.jsonl.gz`))).toString().split("\n").filter(Boolean);
  const of_symbols = lines.map((line) => ({ line, bar: JSON.parse(line) })).filter(({ bar }) => symbols.includes(bar.symbol));
  of_symbols.sort((a, b) => (a.bar.timestamp < b.bar.timestamp ? -1 : a.bar.timestamp > b.bar.timestamp ? 1 : 0));
  return of_symbols.map(({ line }) => line);
}

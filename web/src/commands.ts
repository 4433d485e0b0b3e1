// The commands of the palette, and which of them a text finds.
import { ranges, sinces, spans, type Address, type Range, type Since, type ViewName } from "./address";
import { zones, type Zone } from "./zone";

export interface Command {
  readonly group: "Symbol" | "View" | "Range" | "Action";
  readonly name: string;
  readonly key?: string; // that does the same
  readonly run: () => void;
}

export interface Doings {
  readonly go: (change: Partial<Address>) => void;
  readonly act: Record<"theme" | "replay" | "save" | "help" | "find", () => void>;
}

const views: readonly (readonly [ViewName, string, string?])[] = [
  ["watch", "Watchlist", "1"], ["symbol", "Symbol", "2"], ["compare", "Compare", "3"], ["health", "Health", "4"], ["sql", "SQL", "5"],
  ["signals", "Signals", "6"], ["map", "Map", "7"], ["words", "Words: what the numbers mean"],
];
const range_names: Record<Range | Since | "4h" | "5d", string> = { "15m": "15 minutes", "1h": "1 hour", "4h": "4 hours", day: "Day", "5d": "5 days", all: "Everything" };
const zone_names: Record<Zone, string> = { utc: "UTC", exchange: "New York", local: "local time" };

export function commands_of({ go, act }: Doings): Command[] {
  return [
    ...views.map(([view, name, key]): Command => ({ group: "View", name, ...(key ? { key } : {}), run: () => go({ view }) })),
    ...ranges.map((range): Command => ({ group: "Range", name: `Symbol: ${range_names[range]}`, run: () => go({ view: "symbol", range, seen: null }) })),
    ...spans.map((span): Command => ({ group: "Range", name: `Compare: ${range_names[span]}`, run: () => go({ view: "compare", span }) })),
    ...(Object.keys(sinces) as Since[]).map((since): Command => ({ group: "Range", name: `Signals: ${range_names[since]}`, run: () => go({ view: "signals", since }) })),
    { group: "Action", name: "Dark or light", run: act.theme },
    ...zones.map((zone): Command => ({ group: "Action", name: `Times in ${zone_names[zone]}`, run: () => go({ zone }) })),
    { group: "Action", name: "Replay a stored day", key: "r", run: act.replay },
    { group: "Action", name: "Save what is shown as CSV", key: "e", run: act.save },
    { group: "Action", name: "Find in this view", key: "/", run: act.find },
    { group: "Action", name: "List of keys", key: "?", run: act.help },
  ];
}

export function of_symbol(symbol: string, go: Doings["go"]): Command {
  return { group: "Symbol", name: symbol, run: () => go({ view: "symbol", symbol }) };
}

// How well a text fits: 3 it begins the name, 2 it begins a word, 1 it stands somewhere, 0 not at all. Each word of the
// text must be there.
export function fit(name: string, text: string): number {
  const whole = name.toLowerCase();
  const fits = text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => {
    if (whole.startsWith(word)) return 3;
    const at = whole.indexOf(word);
    return at < 0 ? 0 : /[\s:/.-]/.test(whole[at - 1]!) ? 2 : 1;
  });
  return fits.length === 0 ? 1 : Math.min(...fits);
}

const most_symbols = 8;

// The best first; of equal ones symbols come first, the shortest before the others. Without a text: no symbols.
export function found(commands: readonly Command[], symbols: readonly string[], text: string, go: Doings["go"]): Command[] {
  const fitting = text.trim() === "" ? [] : symbols.map((symbol) => ({ symbol, fits: fit(symbol, text) })).filter(({ fits }) => fits > 0);
  fitting.sort((a, b) => b.fits - a.fits || a.symbol.length - b.symbol.length || (a.symbol < b.symbol ? -1 : 1));
  const of_symbols = fitting.slice(0, most_symbols).map(({ symbol, fits }) => ({ command: of_symbol(symbol, go), fits }));
  const others = commands.map((command) => ({ command, fits: fit(command.name, text) })).filter(({ fits }) => fits > 0);
  return [...of_symbols, ...others].sort((a, b) => b.fits - a.fits).map(({ command }) => command);
}

// One line of the signals view: an element that is reused for whichever flip scrolls into it.
import { element, set_text } from "../dom";
import { place_in_range, range_percent, type Flip } from "../flips";
import { clock, day, exact, integer, no_value, share } from "../format";
import { places_of } from "../places";
import type { Signal } from "../protocol";
import type { Word } from "../words";
import { shapes } from "./watch_line";

const words: Record<Signal, string> = { BULLISH: "Bullish", BEARISH: "Bearish", NEUTRAL: "Neutral" };

export interface FlipColumn {
  id: string;
  title: string;
  word: Word;
}

export const flip_columns: readonly FlipColumn[] = [
  { id: "time", title: "Window's end", word: "end" },
  { id: "symbol", title: "Symbol", word: "symbol" },
  { id: "flip", title: "Flip", word: "flip" },
  { id: "place", title: "Average at", word: "place" },
  { id: "range", title: "Range", word: "range" },
  { id: "range-percent", title: "Range %", word: "range_percent" },
  { id: "pressure", title: "Buy pressure", word: "pressure" },
  { id: "bars", title: "Bars", word: "bars" },
];

export class FlipLine {
  readonly root = element("div", "line flip-line");
  private readonly cells = new Map<string, HTMLElement>();
  private readonly link = element("a", "name");
  private readonly before = element("span", "signal");
  private readonly after = element("span", "signal");

  constructor() {
    this.root.setAttribute("role", "row");
    this.link.tabIndex = -1;
    const inside: Record<string, (Node | string)[]> = { symbol: [this.link], flip: [this.before, " → ", this.after] };
    for (const { id } of flip_columns) {
      const cell = element("span", `cell of-${id}`, ...(inside[id] ?? []));
      cell.setAttribute("role", "cell");
      this.cells.set(id, cell);
      this.root.append(cell);
    }
  }

  draw({ symbol, end, before, row }: Flip, address: string): void {
    this.root.dataset.symbol = symbol;
    this.root.dataset.end = String(end);
    set_text(this.link, symbol);
    if (this.link.getAttribute("href") !== address) this.link.setAttribute("href", address);
    show_signal(this.before, before);
    show_signal(this.after, row.trend_signal);
    const place = place_in_range(row);
    this.text("time", `${day(end)} ${clock(end)}`);
    this.text("place", place === null ? no_value : share(Math.round(place * 100) / 100));
    this.text("range", exact(row.price_range, places_of(row).price));
    this.text("range-percent", share(range_percent(row) / 100));
    this.text("pressure", share(row.buy_pressure));
    this.text("bars", integer(row.bar_count));
  }

  private text(id: string, text: string): void {
    set_text(this.cells.get(id)!, text);
  }
}

function show_signal(badge: HTMLElement, signal: Signal): void {
  badge.dataset.signal = signal.toLowerCase();
  set_text(badge, `${shapes[signal]} ${words[signal]}`);
}

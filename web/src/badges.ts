// The signal badges: for each symbol its signal (colour, shape and word), average close and buy pressure. A click puts
// the symbol on the charts or removes it. Of thousands of symbols only a screenful is built; the search finds the
// others.
import { element, set_text } from "./dom";
import { clock, day_and_year, full_day, integer, share, split_price } from "./format";
import { type Places } from "./places";
import { to_seconds, type Signal, type TrendRow } from "./protocol";
import { zone, type Zone } from "./zone";

export const most_shown = 24;
const longest_price = 10; // characters, at the usual size

const shapes: Record<Signal, string> = { BULLISH: "▲", BEARISH: "▼", NEUTRAL: "◆" };

export interface BadgesPlaces {
  badges: HTMLElement;
  tools: HTMLElement;
  search: HTMLInputElement;
  count: HTMLElement;
}

export interface BadgesInput {
  symbols: readonly string[];
  chosen: readonly string[];
  color: (position: number) => string;
  current: (symbol: string) => TrendRow | null;
  is_forming: (symbol: string) => boolean;
  places: (symbol: string) => Places;
  newest_day: string; // 2026-11-22, in the zone of the page; badges of any other day show their day
}

export class Badges {
  private readonly badges = new Map<string, Badge>();
  private order = "";

  constructor(
    private readonly places: BadgesPlaces,
    private readonly on_toggle: (symbol: string) => void,
    on_search: () => void,
  ) {
    places.search.addEventListener("input", on_search);
  }

  draw(input: BadgesInput): void {
    const shown = this.select(input);
    const order = shown.join(" ");
    if (order !== this.order) this.arrange(shown);
    this.order = order;
    for (const symbol of shown) {
      const position = input.chosen.indexOf(symbol);
      this.badges.get(symbol)!.draw(input.current(symbol), position < 0 ? null : input.color(position), input.places(symbol).price, input.newest_day, input.is_forming(symbol));
    }
    const many = input.symbols.length > most_shown;
    this.places.tools.hidden = !many;
    if (many) set_text(this.places.count, `${shown.length} of ${integer(input.symbols.length)} symbols shown`);
  }

  // All symbols in order if they fit on a screen; else the chosen ones first, then what the search finds.
  private select({ symbols, chosen }: BadgesInput): string[] {
    const unheard = chosen.filter((symbol) => !symbols.includes(symbol));
    if (symbols.length <= most_shown) return [...symbols, ...unheard];
    const wanted = this.places.search.value.trim().toUpperCase();
    const shown = [...chosen];
    for (const symbol of symbols) {
      if (shown.length >= most_shown) break;
      if (symbol.toUpperCase().includes(wanted) && !chosen.includes(symbol)) shown.push(symbol);
    }
    return shown;
  }

  private arrange(shown: string[]): void {
    for (const symbol of [...this.badges.keys()]) if (!shown.includes(symbol)) this.badges.delete(symbol);
    for (const symbol of shown) {
      if (!this.badges.has(symbol)) this.badges.set(symbol, new Badge(symbol, () => this.on_toggle(symbol)));
    }
    const focused = document.activeElement;
    this.places.badges.replaceChildren(...shown.map((symbol) => this.badges.get(symbol)!.root));
    if (focused instanceof HTMLElement && this.places.badges.contains(focused)) focused.focus({ preventScroll: true });
  }
}

class Badge {
  readonly root = element("button", "badge");
  private readonly key = element("i", "key");
  private readonly signal = element("span", "signal");
  private readonly price = element("span", "price");
  private readonly minor = element("small");
  private readonly major = document.createTextNode("");
  private readonly fill = element("i");
  private readonly pressure = element("span", "pressure");
  private readonly window = element("span", "window");
  private row: TrendRow | null | undefined;
  private color: string | null | undefined;
  private newest_day = "";
  private forming = false;
  private price_places = 0;
  private zone: Zone = "utc";

  constructor(symbol: string, on_click: () => void) {
    this.root.type = "button";
    this.root.dataset.symbol = symbol;
    this.root.title = symbol;
    this.root.addEventListener("click", on_click);
    this.price.append(this.major, this.minor);
    this.root.append(
      element("span", "badge-top", this.key, element("b", "", symbol), this.signal),
      element("span", "badge-middle", this.price, this.pressure),
      element("span", "meter", this.fill),
      this.window,
    );
  }

  draw(row: TrendRow | null, color: string | null, places: number, newest_day: string, forming: boolean): void {
    if (color !== this.color) {
      this.color = color;
      this.root.setAttribute("aria-pressed", String(color !== null));
      this.key.style.background = color ?? "";
    }
    if (row === this.row && forming === this.forming && places === this.price_places && newest_day === this.newest_day && zone() === this.zone) return;
    this.zone = zone();
    this.forming = forming;
    this.row = row;
    this.price_places = places;
    this.newest_day = newest_day;
    if (row) this.draw_row(row, newest_day, forming);
    else set_text(this.window, "no bars yet");
    this.root.classList.toggle("unheard", row === null);
  }

  private draw_row(row: TrendRow, newest_day: string, forming: boolean): void {
    const [major, minor] = split_price(row.avg_close, this.price_places);
    set_text(this.major, major);
    set_text(this.minor, minor);
    this.price.classList.toggle("long", major.length + minor.length > longest_price);
    this.signal.className = `signal ${row.trend_signal.toLowerCase()}`;
    set_text(this.signal, `${shapes[row.trend_signal]} ${row.trend_signal}`);
    set_text(this.pressure, `buy ${share(Math.round(row.buy_pressure * 100) / 100)}`);
    this.fill.style.width = `${row.buy_pressure * 100}%`;
    this.fill.className = row.buy_pressure > 0.5 ? "bullish" : row.buy_pressure < 0.5 ? "bearish" : "";
    const bars = `${row.bar_count} ${row.bar_count === 1 ? "bar" : "bars"}`;
    const end = to_seconds(row.window_end);
    const when = full_day(end) === newest_day ? clock(end) : `${day_and_year(end)} ${clock(end)}`;
    set_text(this.window, `to ${when} · ${bars} · ${forming ? "forming" : row.status === "final" ? "final" : "open"}`);
    this.root.dataset.windowEnd = row.window_end;
    this.root.setAttribute(
      "aria-label",
      `${row.symbol}: ${row.trend_signal.toLowerCase()}, average close ${major}${minor}, buy pressure ${share(row.buy_pressure)}`,
    );
  }
}

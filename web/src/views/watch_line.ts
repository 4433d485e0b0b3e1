// One line of the watchlist: an element that is reused for whichever symbol scrolls into it.
import { sign } from "../decimal";
import type { LastHour } from "../bars";
import { element, set_text } from "../dom";
import { exact, money, no_value, share, signed_percent } from "../format";
import { age_text } from "../freshness";
import { of_bars } from "../places";
import type { Signal } from "../protocol";
import type { WatchRow } from "./watch_row";

export const shapes: Record<Signal, string> = { BULLISH: "▲", BEARISH: "▼", NEUTRAL: "◆" };
const words: Record<Signal, string> = { BULLISH: "Bullish", BEARISH: "Bearish", NEUTRAL: "Neutral" };
const sessions = { pre: "Pre", regular: "Regular", post: "Post", closed: "Closed", always: "Always" };

const width = 96; // of the sparkline, in its own units
const height = 22;
const length = 3_540; // seconds from the first to the last minute of an hour

export class WatchLine {
  readonly root = element("div", "line");
  private symbol = "";
  private drawn = "";
  private readonly link = element("a", "name");
  private readonly cells = new Map<string, HTMLElement>();
  private readonly badge = element("span", "signal");
  private readonly meter = element("i");
  private readonly pressure = element("span");
  private readonly path: SVGPathElement;

  constructor(ids: readonly string[]) {
    this.root.setAttribute("role", "row");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    this.path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.append(this.path);
    const inside: Record<string, Node[]> = {
      symbol: [this.link],
      move: [svg],
      signal: [this.badge],
      pressure: [element("span", "meter", this.meter), this.pressure],
    };
    for (const id of ids) {
      const cell = element("span", `cell of-${id}`, ...(inside[id] ?? []));
      cell.setAttribute("role", "cell");
      this.cells.set(id, cell);
      this.root.append(cell);
    }
    this.link.tabIndex = -1;
  }

  draw(row: WatchRow, index: number, is_active: boolean, has_turned: boolean): void {
    if (row.symbol !== this.symbol) this.become(row.symbol);
    this.root.setAttribute("aria-rowindex", String(index + 2));
    this.root.classList.toggle("active", is_active);
    this.badge.classList.toggle("turned", has_turned);
    this.text("last", row.bar ? money(row.bar.close, of_bars(row.places)) : no_value);
    this.text("change", row.change === null ? no_value : signed_money(row.change, of_bars(row.places)));
    this.text("percent", row.percent === null ? no_value : signed_percent(row.percent));
    const direction = row.change === null ? "" : ["down", "", "up"][sign(row.change) + 1]!;
    for (const id of ["change", "percent"]) this.direct(id, direction);
    this.text("session", row.session ? sessions[row.session] : no_value);
    this.text("age", row.age === null ? no_value : age_text(row.age));
    this.draw_trend(row);
    this.draw_hour(row.hour);
  }

  private become(symbol: string): void {
    this.symbol = symbol;
    this.root.dataset.symbol = symbol;
    set_text(this.link, symbol);
    this.link.href = `#/symbol/${encodeURIComponent(symbol)}`;
    this.link.title = symbol;
  }

  private draw_trend({ trend, is_forming, places }: WatchRow): void {
    this.badge.classList.toggle("forming", is_forming);
    const title = is_forming ? "Forming: its bars have not filled a window yet" : "";
    if (this.badge.title !== title) this.badge.title = title;
    const signal = trend?.trend_signal;
    const kind = signal ? signal.toLowerCase() : "none";
    if (this.badge.dataset.signal !== kind) {
      this.badge.dataset.signal = kind;
      set_text(this.badge, signal ? `${shapes[signal]} ${words[signal]}` : no_value);
    }
    set_text(this.pressure, trend ? share(Math.round(trend.buy_pressure * 100) / 100) : no_value);
    this.meter.style.width = `${(trend?.buy_pressure ?? 0) * 100}%`;
    this.meter.className = !trend || trend.buy_pressure === 0.5 ? "" : trend.buy_pressure > 0.5 ? "bullish" : "bearish";
    this.text("volatility", trend && trend.volatility !== null ? exact(trend.volatility, places.price) : no_value);
  }

  private draw_hour({ from, times, closes }: LastHour): void {
    const last = closes.at(-1) ?? NaN;
    const drawn = `${from} ${times.length} ${times[0] ?? ""} ${last}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.path.setAttribute("d", sparkline(closes, times.map((time) => (time - from) / length)));
    this.path.setAttribute("class", closes.length < 2 ? "" : last > closes[0]! ? "up" : last < closes[0]! ? "down" : "");
  }

  private text(id: string, text: string): void {
    set_text(this.cells.get(id)!, text);
  }

  private direct(id: string, direction: string): void {
    const cell = this.cells.get(id)!;
    if (cell.dataset.direction !== direction) cell.dataset.direction = direction;
  }
}

// The closes as a path, each at its place (0 to 1) in the width; a flat line in the middle if nothing moved.
export function sparkline(closes: readonly number[], places: readonly number[]): string {
  if (closes.length < 2) return "";
  const low = Math.min(...closes);
  const span = Math.max(...closes) - low;
  const y = (close: number) => (span === 0 ? height / 2 : height - 2 - ((close - low) / span) * (height - 4));
  return closes.map((close, i) => `${i === 0 ? "M" : "L"}${(places[i]! * width).toFixed(1)} ${y(close).toFixed(1)}`).join("");
}

function signed_money(decimal: string, places: number): string {
  return `${sign(decimal) > 0 ? "+" : sign(decimal) === 0 ? "±" : ""}${money(decimal, places)}`;
}

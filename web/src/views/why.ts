// The card "why": how a window's signal follows from its numbers, by clause 4.5 of the contract, and what would turn it.
import { element, set_text } from "../dom";
import { clock, exact, full_day, no_value, share, signed_percent } from "../format";
import { to_seconds, type Signal, type TrendRow } from "../protocol";
import { zone_label } from "../zone";
import { shapes } from "./watch_line";

const bullish_above = 0.6; // of the range
const bearish_below = 0.4;

export interface Why {
  place: number | null; // of the average in the range, 0 to 1; null if the window has no range
  average: string;
  turns: string;
}

export function why_of(row: TrendRow, places: number): Why {
  const { avg_close, min_close, max_close, trend_signal } = row;
  const price = (value: number) => exact(value, places);
  const range = max_close - min_close;
  if (range <= 0) return { place: null, average: `All closes are ${price(max_close)}: without a range the signal is neutral.`, turns: "Any close above or below turns it." };
  const place = (avg_close - min_close) / range;
  const [upper, lower] = [min_close + bullish_above * range, min_close + bearish_below * range].map(price) as [string, string];
  const turns: Record<Signal, string> = {
    BULLISH: `Neutral at an average of ${upper} or less, bearish below ${lower}.`,
    NEUTRAL: `Bullish above an average of ${upper}, bearish below ${lower}.`,
    BEARISH: `Neutral at an average of ${lower} or more, bullish above ${upper}.`,
  };
  return { place, average: `Average ${price(avg_close)} at ${share(place)} of the closes' range ${price(min_close)} … ${price(max_close)}.`, turns: turns[trend_signal] };
}

export class WhyCard {
  readonly root = element("div", "why");
  private readonly head = element("b", "signal");
  private readonly when = element("span", "when");
  private readonly average = element("p");
  private readonly gauge = element("i", "gauge", element("i", "at"));
  private readonly others = element("p");
  private readonly turns = element("p");

  constructor() {
    this.root.setAttribute("role", "tooltip");
    this.root.hidden = true;
    this.gauge.setAttribute("aria-hidden", "true");
    this.root.append(element("header", "", this.head, this.when), this.average, this.gauge, this.others, this.turns);
  }

  // Beside `x` pixels of the chart, which is `width` wide.
  show(row: TrendRow, places: number, x: number, width: number): void {
    const { place, average, turns } = why_of(row, places);
    this.head.dataset.signal = row.trend_signal.toLowerCase();
    set_text(this.head, `${shapes[row.trend_signal]} ${row.trend_signal}`);
    const [start, end] = [to_seconds(row.window_start), to_seconds(row.window_end)];
    set_text(this.when, `${full_day(start)} ${clock(start)} to ${full_day(end) === full_day(start) ? "" : `${full_day(end)} `}${clock(end)} ${zone_label()}${row.status === "final" ? "" : " · provisional"}`);
    set_text(this.average, average);
    this.gauge.hidden = place === null;
    (this.gauge.firstElementChild as HTMLElement).style.left = `${(place ?? 0) * 100}%`;
    const deviation = row.vwap_deviation_pct === null ? no_value : signed_percent(row.vwap_deviation_pct);
    set_text(this.others, `${row.bar_count} ${row.bar_count === 1 ? "bar" : "bars"} · buy pressure ${share(row.buy_pressure)} · VWAP deviation ${deviation}`);
    set_text(this.turns, turns);
    this.root.hidden = false;
    const own = this.root.offsetWidth;
    this.root.style.left = `${Math.max(4, Math.min(width - own - 4, x - own / 2))}px`;
  }

  hide(): void {
    this.root.hidden = true;
  }
}

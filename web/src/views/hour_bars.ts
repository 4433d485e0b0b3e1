// Flips by the hour: a column for each, stacked by the new signal.
import { element, set_text } from "../dom";
import type { HourCount } from "../flips";
import { clock, day, integer } from "../format";

const most_columns = 120;
const phone = matchMedia("(max-width: 760px)");
const signals = ["BULLISH", "NEUTRAL", "BEARISH"] as const;

export class HourBars {
  readonly root = element("section", "panel hour-bars");
  private readonly columns = element("div", "columns-of-hours");
  private readonly scale = element("span", "hint");
  private drawn: readonly HourCount[] = [];

  constructor() {
    this.columns.setAttribute("role", "list");
    this.root.setAttribute("aria-label", "Flips by the hour");
    this.root.append(element("header", "panel-head", element("h2", "", "Flips by the hour"), this.scale), this.columns);
  }

  repaint(): void {
    this.drawn = [];
  }

  draw(hours: readonly HourCount[]): void {
    this.root.hidden = hours.length === 0;
    if (hours === this.drawn) return;
    this.drawn = hours;
    const shown = hours.slice(-most_columns);
    const most = Math.max(1, ...shown.map(sum));
    set_text(this.scale, `at most ${integer(most)} in an hour`);
    const step = Math.ceil(shown.length / (phone.matches ? 7 : 28)); // labels that fit side by side
    this.columns.replaceChildren(...shown.map((hour, i) => column(hour, most, shown[i - 1], i % step === 0)));
  }
}

function sum({ BULLISH, NEUTRAL, BEARISH }: HourCount): number {
  return BULLISH + NEUTRAL + BEARISH;
}

function column(count: HourCount, most: number, before: HourCount | undefined, is_named: boolean): HTMLElement {
  const { hour } = count;
  const is_new_day = before === undefined || day(before.hour) !== day(hour);
  const parts = signals.map((signal) => {
    const part = element("i", "");
    part.dataset.signal = signal.toLowerCase();
    part.style.height = `${(count[signal] / most) * 100}%`;
    return part;
  });
  const label = element("span", "hour-of", !is_named ? "" : is_new_day ? day(hour) : clock(hour));
  const root = element("div", is_new_day ? "hour new-day" : "hour", element("span", "stack", ...parts), label);
  root.setAttribute("role", "listitem");
  root.dataset.hour = String(hour);
  const words = signals.map((signal) => `${integer(count[signal])} to ${signal.toLowerCase()}`).join(", ");
  root.title = `${day(hour)} ${clock(hour)} to ${clock(hour + 3_600)}: ${integer(sum(count))} (${words})`;
  root.setAttribute("aria-label", root.title);
  return root;
}

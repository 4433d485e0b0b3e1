// The top line: the status lamp, key figures of the data, and the banner for old numbers.
import { by_id, element, set_text } from "./dom";
import { clock_seconds, integer, no_value } from "./format";
import { age_text, last_bar_age, type Freshness } from "./freshness";
import { to_seconds, type Session, type Status } from "./protocol";
import { day_of_data, grey_lag, lag_of, live_lag, type Source } from "./source";
import { zone_label } from "./zone";

const sessions: Record<Session, string> = { pre: "Pre-market", regular: "Regular session", post: "After hours", closed: "Closed" };

export class Masthead {
  private readonly figures: Record<"session" | "age" | "rate" | "watermark", HTMLElement>;

  constructor() {
    this.figures = { session: element("dd"), age: element("dd"), rate: element("dd"), watermark: element("dd") };
    by_id("vitals").append(
      element("div", "", element("dt", "", "Exchange"), this.figures.session),
      element("div", "", element("dt", "", "Watermark"), this.figures.watermark),
      element("div", "", element("dt", "", "Bars a second"), this.figures.rate),
      element("div", "", element("dt", "", "Last bar"), this.figures.age),
    );
  }

  draw(freshness: Freshness, source: Source | null, status: Status | null, since_heard: number, subject: string): void {
    const { tone, word, sentence, grey } = freshness;
    document.documentElement.dataset.tone = tone;
    document.documentElement.toggleAttribute("data-grey", grey);
    set_text(by_id("lamp-word"), word);
    const badge = by_id("source");
    badge.hidden = source === null;
    badge.dataset.kind = source?.kind ?? "";
    const day = source?.kind === "replay" ? "" : day_of_data(status, Date.now());
    const label = source ? `${source.label}${day && ` · ${day}`}` : "";
    set_text(badge, label);
    badge.title = source?.sentence ?? "";
    const lag = lag_of(status, Date.now());
    by_id("lamp-word").title = source?.kind === "market" && lag !== null ? `${age_text(lag)} behind the clock. Live: up to ${live_lag / 60} min; grey: beyond ${grey_lag / 60} min.` : "";
    const title = `${source ? `${source.label} · ` : ""}${tone === "live" || tone === "running" || source?.kind === "replay" ? "" : `${word} · `}${subject ? `${subject} · ` : ""}Tidemark`;
    if (document.title !== title) document.title = title;
    const banner = by_id("banner");
    banner.hidden = sentence === "";
    set_text(banner, sentence);
    if (!status) return;
    const age = last_bar_age(status, since_heard);
    set_text(this.figures.session, status.session ? sessions[status.session] : no_value);
    set_text(this.figures.age, age === null ? no_value : `${age_text(age)} ago`);
    set_text(this.figures.rate, rate(status.bars_per_second));
    set_text(this.figures.watermark, status.watermark ? `${clock_seconds(to_seconds(status.watermark))} ${zone_label()}` : no_value);
  }
}

export function rate(bars_per_second: number): string {
  return bars_per_second < 10 ? bars_per_second.toFixed(1) : integer(bars_per_second);
}

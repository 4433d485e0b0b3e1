// The data panel: the feed, the watermark, and the account of all records.
import { element, set_text } from "./dom";
import { clock_seconds, full_day, integer, no_value } from "./format";
import { age_text } from "./freshness";
import { to_seconds, type Account, type Status } from "./protocol";
import { zone_label } from "./zone";

export const entries = ["accepted", "duplicate", "corrected", "late", "rejected"] as const;
const troubles = new Set<string>(["late", "rejected"]);

const meanings: Record<(typeof entries)[number], string> = {
  accepted: "new bars, counted in every window that was open",
  duplicate: "bars already known, without effect",
  corrected: "bars that replaced an earlier one in the open windows",
  late: "bars all of whose windows were closed",
  rejected: "records that are not valid bars",
};

export class DataPanel {
  readonly root: HTMLElement;
  private readonly facts = new Map<string, HTMLElement>();
  private readonly account = new Map<string, HTMLElement>();
  private readonly sum = element("p", "sum");

  constructor() {
    this.root = element(
      "section",
      "panel health",
      element("header", "panel-head", element("h2", "", "Data")),
      this.make_facts(),
      element("h3", "", "Account"),
      this.make_account(),
      this.sum,
    );
    this.root.setAttribute("aria-label", "Health of the data");
  }

  draw(status: Status): void {
    const { watermark, event_time } = status;
    const speed = status.feed.speed ? ` · ×${integer(status.feed.speed)}` : "";
    this.fact("Feed", `${status.feed.name}${speed}`, status.feed.detail);
    this.fact("Newest bar", moment(event_time));
    this.fact("Watermark", moment(watermark), "No bar before this time is expected any more");
    this.fact("Lag", lag(event_time, watermark), "How far the watermark is behind the newest bar");
    this.fact("Symbols", integer(status.symbols));
    this.fact("Bar to page", latency(status.latency_ms), "From the bar's acceptance to this page: median and 99th percentile");
    this.fact("Running for", age_text(status.uptime_seconds), `version ${status.version}`);
    this.draw_account(status.account);
  }

  private draw_account(account: Account): void {
    for (const entry of entries) {
      const place = this.account.get(entry)!;
      set_text(place, integer(account[entry]));
      place.parentElement!.classList.toggle("trouble", troubles.has(entry) && account[entry] > 0);
    }
    set_text(this.account.get("read")!, integer(account.read));
    const accounted = entries.reduce((total, entry) => total + account[entry], 0);
    const difference = account.read - accounted;
    set_text(this.sum, difference === 0 ? "Every record is accounted for." : `${integer(difference)} records are not accounted for.`);
    this.sum.classList.toggle("trouble", difference !== 0);
  }

  private fact(name: string, value: string, explanation = ""): void {
    const place = this.facts.get(name)!;
    set_text(place, value);
    if (place.title !== explanation) place.title = explanation;
  }

  private make_facts(): HTMLElement {
    const names = ["Feed", "Newest bar", "Watermark", "Lag", "Symbols", "Bar to page", "Running for"];
    return element(
      "dl",
      "facts",
      ...names.map((name) => {
        const value = element("dd", "", no_value);
        this.facts.set(name, value);
        return element("div", "", element("dt", "", name), value);
      }),
    );
  }

  private make_account(): HTMLElement {
    const line = (entry: string, title: string) => {
      const value = element("dd", "", no_value);
      value.dataset.account = entry;
      this.account.set(entry, value);
      const row = element("div", entry, element("dt", "", entry), value);
      row.title = title;
      return row;
    };
    return element("dl", "account", line("read", "all records received"), ...entries.map((entry) => line(entry, meanings[entry])));
  }
}

export function moment(time: string | null): string {
  if (!time) return no_value;
  const seconds = to_seconds(time);
  return `${full_day(seconds)} ${clock_seconds(seconds)} ${zone_label()}`;
}

export function lag(event_time: string | null, watermark: string | null): string {
  if (!event_time || !watermark) return no_value;
  return age_text(Math.max(0, to_seconds(event_time) - to_seconds(watermark)));
}

export function latency({ p50, p99 }: Status["latency_ms"]): string {
  const text = (value: number | null) => (value === null ? no_value : value < 10 ? value.toFixed(1) : integer(value));
  return p50 === null && p99 === null ? no_value : `${text(p50)} / ${text(p99)} ms`;
}

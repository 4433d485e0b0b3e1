// Data health: the connection, the feed, the watermark, the account, and the last rejected records.
import { DataPanel, lag, latency, moment } from "../data_panel";
import { element, set_text } from "../dom";
import { integer, no_value } from "../format";
import { age_text, last_bar_age } from "../freshness";
import type { FeedState, Status } from "../protocol";
import { lag_of, live_lag } from "../source";
import { rate } from "../masthead";
import { Letters } from "./letters";
import type { Desk, View } from "./view";

const feed_words: Record<FeedState, string> = {
  connecting: "Connecting: the source is not reached yet",
  filling: "Filling: fetching what was missed; the watermark waits for it",
  live: "Live: bars arrive as the source makes them",
  idle: "Idle: connected, and nothing is due",
  ended: "Ended: the input is complete",
  down: "Down: the source is lost",
};

export class Health implements View {
  readonly needs_data = false;
  readonly root: HTMLElement;
  private readonly data = new DataPanel();
  private readonly letters: Letters;
  private readonly facts = new Map<string, HTMLElement>();
  private readonly tiles = new Map<string, { value: HTMLElement; note: HTMLElement }>();
  private readonly verdict = element("p", "verdict");
  private readonly jump = element("p", "jump");
  private readonly lagging = element("p", "lagging");

  constructor(private readonly desk: Desk) {
    this.letters = new Letters(desk);
    this.data.root.querySelector("h2")!.textContent = "Data and account";
    const tiles = element("div", "tiles", ...["Last bar", "Watermark lag", "Bars a second", "Bar to page, median", "Bar to page, p99"].map((name) => this.make_tile(name)));
    this.jump.hidden = true;
    this.jump.dataset.tone = "stale";
    this.lagging.hidden = true;
    this.lagging.dataset.tone = "stale";
    this.root = element(
      "div",
      "view health-view",
      this.verdict,
      this.jump,
      this.lagging,
      tiles,
      element("div", "columns", this.panel("Connection", ["State", "Last message", "Snapshots", "Resumed", "Lost", "Messages", "Epoch", "Sequence"]), this.panel("Feed", ["Source", "Behind the clock", "Name", "State", "Detail", "Speed", "Exchange"]), this.data.root),
      this.letters.root,
    );
  }

  title(): string {
    return "Health";
  }

  opened(): void {
    this.letters.look(null);
  }

  draw(): void {
    const status = this.desk.status();
    const link = this.desk.link();
    const now = Date.now();
    const since_heard = link.heard_at === 0 ? 0 : (now - link.heard_at) / 1000;
    const judged = this.desk.freshness();
    this.verdict.dataset.tone = judged.tone;
    const source = this.desk.source();
    set_text(this.verdict, `${source ? `${source.label}. ${source.sentence} ` : ""}${judged.sentence || `${judged.word}. ${verdicts[judged.tone]}`}`);
    this.draw_line(since_heard, link.heard_at === 0);
    if (!status) return;
    this.draw_jump(status);
    this.lagging.hidden = status.lagging === null;
    set_text(this.lagging, status.lagging === null ? "" : `Behind: ${status.lagging}`);
    this.data.draw(status);
    this.draw_tiles(status, since_heard);
    this.draw_feed(status);
    this.letters.look(status.account.rejected);
    this.letters.draw();
  }

  private draw_line(since_heard: number, is_new: boolean): void {
    const { state, refusal } = this.desk.link();
    const counts = this.desk.counts();
    this.fact("State", { dialing: "Dialing", open: "Open", lost: refusal === "" ? "Lost" : "Access refused" }[state], "Connection");
    this.fact("Last message", is_new ? no_value : `${age_text(since_heard)} ago`);
    this.fact("Snapshots", integer(counts.snapshots));
    this.fact("Resumed", integer(counts.resumed));
    this.fact("Lost", counts.lost === 1 ? "once" : `${integer(counts.lost)} times`);
    this.fact("Messages", integer(counts.messages));
    this.fact("Epoch", this.desk.store.epoch || no_value);
    this.fact("Sequence", this.desk.store.sequence < 0 ? no_value : integer(this.desk.store.sequence));
  }

  private draw_jump({ watermark_jump: jump }: Status): void {
    this.jump.hidden = jump === null;
    if (jump === null) return;
    const late = jump.late === 1 ? "One bar after it was late and is" : `${integer(jump.late)} bars after it were late and are`;
    set_text(this.jump, `A bar of ${moment(jump.bar)} moved the watermark from ${moment(jump.from)} to ${moment(jump.to)}. ${late} in no trend.`);
  }

  private draw_feed({ feed, session }: Status): void {
    const source = this.desk.source();
    const lag = lag_of(this.desk.status(), Date.now());
    this.fact("Source", source?.label ?? no_value);
    this.fact("Behind the clock", source?.kind !== "market" || lag === null ? no_value : `${age_text(lag)}; live up to ${live_lag / 60} min`);
    this.fact("Name", feed.name);
    this.fact("State", feed_words[feed.state], "Feed");
    this.fact("Detail", feed.detail || no_value);
    this.fact("Speed", feed.speed === null ? "as fast as possible" : feed.speed === 1 ? "real time" : `×${integer(feed.speed)}`);
    this.fact("Exchange", session ?? no_value);
  }

  private draw_tiles(status: Status, since_heard: number): void {
    const age = last_bar_age(status, since_heard);
    const { p50, p99 } = status.latency_ms;
    const both = (value: number | null) => latency({ p50: value, p99: value }).split(" / ")[0]!;
    this.tile("Last bar", age === null ? no_value : age_text(age), age === null ? "none since the start" : "ago");
    this.tile("Watermark lag", lag(status.event_time, status.watermark), "behind the newest bar");
    this.tile("Bars a second", rate(status.bars_per_second), "over five seconds");
    this.tile("Bar to page, median", p50 === null ? no_value : `${both(p50)} ms`, "or less");
    this.tile("Bar to page, p99", p99 === null ? no_value : `${both(p99)} ms`, "or less");
  }

  private tile(name: string, value: string, note: string): void {
    const place = this.tiles.get(name)!;
    set_text(place.value, value);
    set_text(place.note, note);
  }

  private make_tile(name: string): HTMLElement {
    const value = element("b", "", no_value);
    const note = element("small");
    this.tiles.set(name, { value, note });
    return element("div", "tile", element("span", "", name), value, note);
  }

  private fact(name: string, value: string, panel = ""): void {
    const place = this.facts.get(panel === "" ? name : `${panel} ${name}`) ?? this.facts.get(name)!;
    set_text(place, value);
    place.title = value;
  }

  private panel(title: string, names: readonly string[]): HTMLElement {
    const list = element("dl", "facts");
    for (const name of names) {
      const value = element("dd", "", no_value);
      this.facts.set(name === "State" ? `${title} ${name}` : name, value);
      list.append(element("div", "", element("dt", "", name), value));
    }
    const root = element("section", "panel", element("header", "panel-head", element("h2", "", title)), list);
    root.setAttribute("aria-label", title);
    return root;
  }
}

const verdicts = {
  replay: "This is a stored day, not the current market.",
  live: "This is what the source said a moment ago.",
  running: "Bars keep coming.",
  waiting: "Nothing is wrong; there is nothing new.",
  stale: "These numbers are old.",
  ended: "These numbers are complete and will not change.",
  lost: "These numbers are old.",
};

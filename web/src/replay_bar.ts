// The bar of a replay, above the views: which day, its position, and the playback buttons.
import { element, set_text } from "./dom";
import { clock_seconds, full_day, no_value } from "./format";
import { to_seconds } from "./protocol";
import { speeds, type Replay, type Speed } from "./replay";
import { exchange_midnight, zone_label } from "./zone";

const minute = 60; // seconds
const opening_bell = 9.5 * 3600; // seconds after the exchange's midnight

export class ReplayBar {
  readonly root: HTMLElement;
  private readonly day = element("select", "quiet");
  private readonly toggle = button("", "Play or pause (Space)", "play");
  private readonly step = button("+1 min", "The next minute that has bars (.)");
  private readonly speed = element("select", "quiet");
  private readonly slider = element("input", "replay-slider");
  private readonly clock = element("output", "replay-clock", no_value);
  private readonly bell = button("Open", "To the opening bell of the exchange");
  private readonly back = button("Back to live", "Leave the replay");
  private readonly note = element("p", "replay-note");
  private days: readonly string[] | null = null;
  private is_dragged = false;
  private is_open = false;

  constructor(private readonly replay: Replay, actions: { choose: (day: string) => void; leave: () => void }) {
    this.day.setAttribute("aria-label", "Day");
    this.day.addEventListener("change", () => this.day.value !== "" && actions.choose(this.day.value));
    this.speed.setAttribute("aria-label", "Speed");
    this.speed.append(...speeds.map((speed) => new Option(speed === "max" ? "fastest" : `×${speed.toLocaleString("en-US")}`, String(speed))));
    this.speed.addEventListener("change", () => replay.set_speed(speed_of(this.speed.value)));
    this.slider.type = "range";
    this.slider.step = String(minute);
    this.slider.setAttribute("aria-label", "Time of the day");
    this.slider.addEventListener("input", () => {
      this.is_dragged = true;
      this.show_time(Number(this.slider.value));
    });
    this.slider.addEventListener("change", () => {
      this.is_dragged = false;
      replay.seek(Number(this.slider.value));
    });
    this.toggle.setAttribute("aria-label", "Play");
    this.toggle.addEventListener("click", () => replay.toggle());
    this.step.addEventListener("click", () => replay.step());
    this.bell.addEventListener("click", () => replay.seek(this.bell_time()));
    this.back.addEventListener("click", () => {
      this.is_open = false;
      replay.leave();
      actions.leave();
    });
    this.note.setAttribute("role", "status");
    this.root = element("section", "replay", element("strong", "", "Replay"), this.day, this.toggle, this.step, this.speed, this.slider, this.clock, this.bell, this.note, this.back);
    this.root.setAttribute("aria-label", "Replay");
    this.root.hidden = true;
  }

  // Opens the bar to choose a day, and requests the list of days.
  open(): void {
    this.is_open = true;
    void this.replay.look_for_days();
    this.draw();
    this.day.focus();
  }

  draw(): void {
    const { replay } = this;
    const is_shown = replay.is_on() || this.is_open || replay.sentence !== "";
    this.root.hidden = !is_shown;
    document.documentElement.toggleAttribute("data-replay", is_shown);
    if (!is_shown) return;
    if (replay.is_on() && replay.days === null && !this.is_open) {
      this.is_open = true; // the page was opened with a replay in its URL
      void replay.look_for_days();
    }
    this.draw_days();
    const { state } = replay;
    const is_there = state !== null && state.begin !== null && state.end !== null;
    for (const control of [this.toggle, this.step, this.slider, this.bell, this.speed]) control.disabled = !is_there;
    const is_playing = state?.phase === "playing";
    this.toggle.dataset.does = is_playing ? "pause" : "play";
    this.toggle.setAttribute("aria-label", is_playing ? "Pause" : "Play");
    this.back.textContent = replay.is_on() ? "Back to live" : "Close";
    set_text(this.note, this.words());
    if (!is_there) return;
    if (document.activeElement !== this.speed) this.speed.value = String(state.speed);
    this.slider.min = String(to_seconds(state.begin!));
    this.slider.max = String(to_seconds(state.end!));
    const bell = this.bell_time();
    this.bell.hidden = bell <= to_seconds(state.begin!) || bell >= to_seconds(state.end!);
    const time = replay.time();
    if (this.is_dragged || time === null) return;
    this.slider.value = String(time);
    this.show_time(time);
  }

  private show_time(seconds: number): void {
    const text = `${clock_seconds(seconds)} ${zone_label()}`;
    set_text(this.clock, text);
    this.clock.title = full_day(seconds);
    this.slider.setAttribute("aria-valuetext", text);
  }

  private words(): string {
    const { sentence, days, state } = this.replay;
    if (sentence !== "") return sentence.charAt(0).toUpperCase() + sentence.slice(1);
    if (days?.length === 0) return "The lake has no stored days yet.";
    if (!this.replay.is_on()) return "Choose a stored day.";
    return { opening: "Opening the day …", playing: "", paused: "Paused", ended: "The day is over", failed: "" }[state?.phase ?? "opening"];
  }

  private bell_time(): number {
    const { state } = this.replay;
    return state?.end ? exchange_midnight(to_seconds(state.end) - 1) + opening_bell : 0;
  }

  private draw_days(): void {
    const { replay } = this;
    const chosen = replay.day() ?? "";
    if (replay.days !== this.days || !this.day.options.length) {
      this.days = replay.days;
      const days = [...new Set([...(chosen === "" ? [] : [chosen]), ...(this.days ?? [])])].sort().reverse();
      this.day.replaceChildren(new Option("Day …", ""), ...days.map((day) => new Option(day, day)));
    }
    if (this.day.value !== chosen && document.activeElement !== this.day) this.day.value = chosen;
  }
}

function speed_of(text: string): Speed {
  return text === "max" ? "max" : Number(text);
}

function button(text: string, title: string, does = ""): HTMLButtonElement {
  const made = element("button", "quiet", text);
  made.type = "button";
  made.title = title;
  if (does) made.dataset.does = does;
  return made;
}

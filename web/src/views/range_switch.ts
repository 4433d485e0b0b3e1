// The switch of a chart's ranges: buttons with names, and one that opens fields for a range of one's own.
import type { Seen } from "../address";
import { element } from "../dom";
import { moved, unmoved, zone_label } from "../zone";

interface Picks<Name extends string> {
  name: (name: Name) => void;
  own: (range: Seen) => void;
}

export class RangeSwitch<Name extends string> {
  readonly root: HTMLElement;
  private readonly buttons = new Map<Name, HTMLButtonElement>();
  private readonly own = make_button("Own");
  private readonly from = make_field("From");
  private readonly to = make_field("To");
  private readonly form = element("form", "own-range");

  constructor(names: Record<Name, string>, picks: Picks<Name>) {
    const group = element("div", "switch");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Range");
    for (const [name, text] of Object.entries(names) as [Name, string][]) {
      const button = make_button(text);
      button.addEventListener("click", () => picks.name(name));
      this.buttons.set(name, button);
      group.append(button);
    }
    group.append(this.own);
    this.own.setAttribute("aria-expanded", "false");
    this.own.addEventListener("click", () => this.open(this.form.hidden === true));
    const show = element("button", "quiet", "Show");
    this.form.hidden = true;
    this.form.append(this.from.label, this.to.label, show);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [from, to] = [seconds_of(this.from.input), seconds_of(this.to.input)];
      this.to.input.setCustomValidity(to > from ? "" : "The end must be later than the beginning.");
      if (!this.form.reportValidity()) return;
      this.open(false);
      picks.own({ from, to });
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.open(false);
      this.own.focus();
    });
    this.to.input.addEventListener("input", () => this.to.input.setCustomValidity(""));
    this.root = element("div", "ranges", group, this.form);
    this.open(false);
  }

  // `seen` (seconds) fills the fields when they are opened; a null end is `newest`.
  show(chosen: Name | null, seen: Seen | null, newest: number | null): void {
    for (const [name, button] of this.buttons) button.setAttribute("aria-pressed", String(name === chosen));
    this.own.setAttribute("aria-pressed", String(chosen === null));
    if (!this.form.hidden) return;
    const to = seen?.to ?? newest;
    if (to === null) return;
    this.to.input.value = text_of(to);
    this.from.input.value = text_of(seen?.from ?? to - 3_600);
  }

  private open(is_open: boolean): void {
    this.form.hidden = !is_open;
    this.own.setAttribute("aria-expanded", String(is_open));
    for (const { input, name } of [this.from, this.to]) input.setAttribute("aria-label", `${name}, ${zone_label()}`);
    if (is_open) this.from.input.focus();
  }
}

function make_button(text: string): HTMLButtonElement {
  const button = element("button", "", text);
  button.type = "button";
  return button;
}

function make_field(name: string): { name: string; label: HTMLElement; input: HTMLInputElement } {
  const input = element("input");
  Object.assign(input, { type: "datetime-local", required: true });
  return { name, label: element("label", "", name, input), input };
}

function text_of(seconds: number): string {
  return new Date(moved(seconds) * 1000).toISOString().slice(0, 16);
}

function seconds_of(input: HTMLInputElement): number {
  return unmoved(Date.parse(`${input.value}Z`) / 1000);
}

// The last rejected records, each with its reason and its text.
import { element, set_text } from "../dom";
import { clock_seconds, full_day, integer } from "../format";
import type { DeadLetter } from "../contract";
import { to_seconds } from "../protocol";
import type { Desk } from "./view";

const shown = 20;
const least_wait = 2_000; // milliseconds between two requests
const longest_text = 400;

interface Rejected {
  offset: number;
  received_at: string;
  letter: DeadLetter;
}

export class Letters {
  readonly root: HTMLElement;
  private readonly body = element("tbody");
  private readonly note = element("p", "hint");
  private letters: Rejected[] = [];
  private rejected: number | null = null; // how many there were at the last request
  private asked_at = -Infinity;
  private is_asking = false;
  private drawn: readonly Rejected[] | null = null;
  private zone = "";

  constructor(private readonly desk: Desk) {
    const heads = ["Came", "Reason", "Field", "Offset", "Record"].map((title) => {
      const head = element("th", "", title);
      head.scope = "col";
      return head;
    });
    const table = element("table", "letters", element("thead", "", element("tr", "", ...heads)), this.body);
    this.root = element("section", "panel rejected", element("header", "panel-head", element("h2", "", "Latest rejected records"), this.note), element("div", "scroll", table));
    this.root.setAttribute("aria-label", "Rejected records");
    this.root.querySelector<HTMLElement>(".scroll")!.tabIndex = 0;
  }

  // Requests them again if more were rejected since; null: in any case.
  look(rejected: number | null): void {
    if (this.desk.replay.is_on()) return set_text(this.note, "A replay has the bars of the lake: none of them was rejected.");
    const now = performance.now();
    if (this.is_asking || now - this.asked_at < least_wait) return;
    if (rejected !== null && rejected === this.rejected) return;
    this.asked_at = now;
    void this.ask(rejected ?? this.desk.status()?.account.rejected ?? null);
  }

  draw(): void {
    const zone = clock_seconds(0);
    if (this.letters === this.drawn && zone === this.zone) return;
    this.drawn = this.letters;
    this.zone = zone;
    this.body.replaceChildren(...this.letters.map(make_line));
  }

  private async ask(rejected: number | null): Promise<void> {
    this.is_asking = true;
    try {
      const answer = JSON.parse(await this.desk.ask(`/api/v1/dead-letters?limit=${shown}`)) as { dead_letters: Rejected[] };
      this.letters = answer.dead_letters;
      this.rejected = rejected;
      set_text(this.note, this.letters.length === 0 ? "None: every record was a valid bar." : `the newest ${integer(this.letters.length)}; all are in the log until it is trimmed`);
    } catch (error) {
      set_text(this.note, `They are not to be had here: ${(error as Error).message}`);
      this.rejected = rejected;
    }
    this.is_asking = false;
    this.desk.draw_soon();
  }
}

function make_line({ offset, received_at, letter }: Rejected): HTMLElement {
  const came = to_seconds(received_at);
  const text = letter.record ?? `(bytes that are no text, base64) ${letter.record_base64 ?? ""}`;
  const record = element("code", "", text.length > longest_text ? `${text.slice(0, longest_text)}…` : text);
  return element(
    "tr",
    "",
    element("td", "", `${full_day(came)} ${clock_seconds(came)}`),
    element("td", "reason", letter.reason.replaceAll("_", " ")),
    element("td", "", letter.field || "the whole"),
    element("td", "number", integer(offset)),
    element("td", "", record),
  );
}

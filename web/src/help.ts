// The list of keys, opened by ?.
import { element } from "./dom";

const keys: readonly (readonly [string, string])[] = [
  ["1 … 7", "watchlist, symbol, compare, health, SQL, signals, map"],
  ["Ctrl K", "command palette: symbols, views, ranges, actions"],
  ["/", "find a symbol; Escape leaves the field"],
  ["j  k", "next, previous"],
  ["Enter", "open the symbol"],
  ["← →", "on a chart: move the crosshair, by ten with Shift; Escape releases it"],
  ["+  −", "on a symbol's chart: zoom; Page Up and Page Down move by half a screen"],
  ["r", "replay a stored day; Space plays and pauses, . goes on by a minute"],
  ["Ctrl Enter", "in the SQL console: ask"],
  ["e", "save what is shown as CSV"],
  ["?", "this list"],
];

export class Help {
  private readonly dialog = element("dialog", "help");

  constructor() {
    const close = element("button", "quiet", "Close");
    close.type = "button";
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.append(
      element("header", "panel-head", element("h2", "", "Keys"), close),
      element("dl", "", ...keys.flatMap(([key, what]) => [element("dt", "", element("kbd", "", key)), element("dd", "", what)])),
    );
    this.dialog.setAttribute("aria-label", "Keys");
    this.dialog.addEventListener("keydown", (event) => event.key === "?" && this.dialog.close());
    document.body.append(this.dialog);
  }

  open(): void {
    this.dialog.showModal();
  }
}

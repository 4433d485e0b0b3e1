// The frame around a chart: title, what it shows, and a legend with the exact values under the crosshair.
import { element, set_text } from "../dom";
import { ink } from "./ink";

export class Panel {
  readonly root: HTMLElement;
  readonly plot: HTMLElement;
  readonly head: HTMLElement;
  private readonly legend: HTMLElement;
  private values: HTMLElement[] = [];

  constructor(kind: string, title: string, note: string, private readonly explanation: string) {
    const heading = element("h2", "", title);
    heading.title = explanation;
    this.head = element("header", "panel-head", heading, element("span", "note-of", note));
    this.legend = element("dl", "legend");
    this.plot = element("div", "plot");
    this.plot.setAttribute("role", "img");
    this.root = element("section", `panel ${kind}`, this.head, this.legend, this.plot);
    this.root.setAttribute("aria-label", title);
  }

  show_symbols(symbols: readonly string[]): void {
    this.values = symbols.map(() => element("dd", "", ""));
    this.legend.replaceChildren(
      ...symbols.map((symbol, i) => {
        const key = element("i", "key");
        key.style.background = ink.series[i]!;
        return element("div", "", element("dt", "", key, element("span", "", symbol)), this.values[i]!);
      }),
    );
    this.plot.setAttribute("aria-label", `${this.explanation} ${symbols.join(", ")}. Arrow keys move the crosshair.`);
  }

  show_value(symbol: number, text: string): void {
    const place = this.values[symbol];
    if (place) set_text(place, text);
  }
}

// A field to find a symbol: matches are listed below, Enter takes the first.
import { element } from "../dom";

const most_listed = 12;
let fields = 0;

export class SymbolField {
  readonly root: HTMLElement;
  readonly input = element("input");
  private readonly list = element("datalist");

  constructor(private readonly symbols: () => readonly string[], private readonly on_choose: (symbol: string) => void) {
    this.list.id = `symbols-${++fields}`;
    Object.assign(this.input, { type: "search", placeholder: "Another symbol", autocomplete: "off", spellcheck: false });
    this.input.setAttribute("aria-label", "Another symbol");
    this.input.setAttribute("list", this.list.id);
    this.input.addEventListener("input", () => this.fill());
    this.input.addEventListener("focus", () => this.fill());
    this.input.addEventListener("keydown", (event) => event.key === "Enter" && this.take());
    this.root = element("span", "symbol-field", this.input, this.list);
  }

  // Symbols that begin with the text, then those that contain it.
  private found(): string[] {
    const wanted = this.input.value.trim().toUpperCase();
    const holding = this.symbols().filter((symbol) => symbol.toUpperCase().includes(wanted));
    const begins = holding.filter((symbol) => symbol.toUpperCase().startsWith(wanted));
    return [...begins, ...holding.filter((symbol) => !begins.includes(symbol))].slice(0, most_listed);
  }

  private fill(): void {
    this.list.replaceChildren(...this.found().map((symbol) => new Option(symbol)));
    if (this.symbols().includes(this.input.value)) this.take();
  }

  private take(): void {
    const [symbol] = this.input.value.trim() === "" ? [] : this.found();
    if (!symbol) return;
    this.input.value = "";
    this.input.blur();
    this.on_choose(symbol);
  }
}

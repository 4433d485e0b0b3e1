// The editor of the console: a text area whose text is coloured by the same text beneath it, with completions.
import { element } from "../dom";
import { completions, pieces_of_sql, word_before } from "../sql_text";

export class SqlEditor {
  readonly root: HTMLElement;
  readonly area = element("textarea");
  names: readonly string[] = []; // tables and columns
  private readonly colours = element("pre", "sql-colours");
  private readonly list = element("ul", "completions");
  private shown: string[] = [];
  private at = 0;

  constructor(private readonly on_ask: () => void, private readonly on_escape: () => void) {
    Object.assign(this.area, { spellcheck: false, autocomplete: "off", rows: 9, id: "sql" });
    for (const [name, value] of [["aria-label", "Question in SQL"], ["aria-autocomplete", "list"], ["aria-controls", "completions"]]) this.area.setAttribute(name!, value!);
    this.list.id = "completions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Completions");
    this.colours.setAttribute("aria-hidden", "true");
    this.area.addEventListener("input", () => {
      this.colour();
      this.suggest();
    });
    this.area.addEventListener("keydown", (event) => this.on_key(event));
    this.area.addEventListener("blur", () => this.close());
    this.area.addEventListener("scroll", () => this.follow());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the area keeps the focus
      const item = (event.target as HTMLElement).closest("li");
      if (item) this.take(this.shown[[...this.list.children].indexOf(item)]!);
    });
    this.root = element("div", "sql-editor", this.colours, this.area, this.list);
    this.close();
  }

  get value(): string {
    return this.area.value;
  }

  set value(sql: string) {
    this.area.value = sql;
    this.colour();
    this.close();
  }

  // Puts a name at the caret.
  insert(text: string): void {
    const { selectionStart, selectionEnd } = this.area;
    this.area.setRangeText(text, selectionStart, selectionEnd, "end");
    this.colour();
    this.area.focus();
  }

  private colour(): void {
    const pieces = pieces_of_sql(this.area.value).map(({ kind, text }) => (kind === "plain" || kind === "name" ? text : element("span", `sql-${kind}`, text)));
    this.colours.replaceChildren(...pieces, "\n");
    this.follow();
  }

  private follow(): void {
    this.colours.scrollTop = this.area.scrollTop;
    this.colours.scrollLeft = this.area.scrollLeft;
  }

  private suggest(): void {
    const { selectionStart, selectionEnd, value } = this.area;
    this.shown = selectionStart === selectionEnd ? completions(word_before(value, selectionStart), this.names) : [];
    this.at = 0;
    this.list.hidden = this.shown.length === 0;
    this.list.replaceChildren(...this.shown.map((name, i) => {
      const item = element("li", "", name);
      item.id = `completion-${i}`;
      item.setAttribute("role", "option");
      return item;
    }));
    if (this.shown.length === 0) return this.close();
    const before = value.slice(0, selectionStart).split("\n");
    const style = getComputedStyle(this.area);
    const letter = measure_letter(style.font);
    this.list.style.top = `${before.length * parseFloat(style.lineHeight) + 14 - this.area.scrollTop}px`;
    this.list.style.left = `${Math.min(this.area.clientWidth - 180, 12 + before.at(-1)!.length * letter - this.area.scrollLeft)}px`;
    this.mark();
  }

  private mark(): void {
    [...this.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.at)));
    this.area.setAttribute("aria-activedescendant", `completion-${this.at}`);
  }

  private close(): void {
    this.shown = [];
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  private take(name: string): void {
    const { selectionStart, value } = this.area;
    this.area.setRangeText(name, selectionStart - word_before(value, selectionStart).length, selectionStart, "end");
    this.colour();
    this.close();
  }

  private on_key(event: KeyboardEvent): void {
    const { key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.close();
      return this.on_ask();
    }
    if (this.shown.length === 0) {
      if (key === "Escape") this.on_escape();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step !== undefined) {
      event.preventDefault();
      this.at = (this.at + step + this.shown.length) % this.shown.length;
      this.mark();
    } else if ((key === "Enter" || key === "Tab") && !event.shiftKey) {
      event.preventDefault();
      this.take(this.shown[this.at]!);
    } else if (key === "Escape") {
      event.preventDefault(); // the field keeps the focus
      event.stopPropagation();
      this.close();
    }
  }
}

let pen: CanvasRenderingContext2D | null = null;
function measure_letter(font: string): number {
  pen ??= document.createElement("canvas").getContext("2d");
  if (!pen) return 8;
  pen.font = font;
  return pen.measureText("m").width;
}

// The words of the page, and the clauses of the contract behind them.
import text from "../../../contract/semantics.md?raw";
import { pieces_of, read_clauses, type Block } from "../clauses";
import { element } from "../dom";
import type { Desk, View } from "./view";

const glossary: readonly (readonly [string, string, string])[] = [
  ["Bar", "What one symbol did in a minute: open, high, low, close, volume.", "2"],
  ["Window", "Five minutes of a symbol's bars. A new window begins every minute, so each bar is in five of them.", "3.1"],
  ["Watermark", "How far event time has certainly come. What ends before it is final.", "3.2"],
  ["Final, update", "A final window changes no more. An update says how an open window stands.", "4.7"],
  ["Signal", "Where the average close lies between the lowest and the highest close: bullish above 60 %, bearish below 40 %.", "4.5"],
  ["Buy pressure", "The share of the window's bars that closed above their open.", "4"],
  ["Volatility", "The sample standard deviation of the window's closes.", "4.3"],
];

export class Words implements View {
  readonly needs_data = false;
  readonly root: HTMLElement;
  private shown = "";

  constructor(private readonly desk: Desk) {
    const words = element("dl", "glossary", ...glossary.flatMap(([word, what, clause]) => [element("dt", "", word), element("dd", "", `${what} `, link(clause))]));
    const sections = read_clauses(text).map(({ number, title, blocks }) => {
      const root = element("section", "panel clauses", element("h2", "", `${number}. ${title}`));
      root.dataset.clause = number;
      root.append(...blocks.map(block_of));
      return root;
    });
    this.root = element("article", "view words-view", element("section", "panel", element("h2", "", "In plain words"), words), element("p", "hint", "What Tidemark computes, clause by clause. Names in brackets are the contract's examples."), ...sections);
  }

  title(): string {
    return "Words";
  }

  opened(): void {
    this.shown = "";
  }

  draw(): void {
    const { clause } = this.desk.address();
    if (clause === this.shown) return;
    this.shown = clause;
    for (const marked of this.root.querySelectorAll(".wanted")) marked.classList.remove("wanted");
    const found = [...this.root.querySelectorAll<HTMLElement>("[data-clause]")].filter((block) => block.dataset.clause === clause);
    for (const block of clause.includes(".") ? found : []) block.classList.add("wanted");
    found[0]?.scrollIntoView({ block: "start" });
  }
}

function link(clause: string): HTMLElement {
  const made = element("a", "", `clause ${clause}`);
  made.href = `#/words/${clause}`;
  return made;
}

function block_of({ clause, kind, rows }: Block): HTMLElement {
  const block = kind === "table" ? element("div", "scroll", table_of(rows)) : element("p", "", ...marked(rows[0]![0]!));
  if (kind === "table") block.tabIndex = 0;
  if (clause) block.dataset.clause = clause;
  return block;
}

function table_of(rows: readonly (readonly string[])[]): HTMLElement {
  const [head = [], ...body] = rows;
  const heads = element("tr", "", ...head.map((cell) => element("th", "", ...marked(cell))));
  return element("table", "", element("thead", "", heads), element("tbody", "", ...body.map((row) => element("tr", "", ...row.map((cell) => element("td", "", ...marked(cell)))))));
}

function marked(piece: string): (Node | string)[] {
  return pieces_of(piece).map(({ kind, text }) => (kind === "plain" ? text : element(kind, "", text)));
}

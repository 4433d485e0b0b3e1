// An answer as a sortable table. At most a thousand rows are shown; the file has all of them.
import { element, set_text } from "../dom";
import { integer } from "../format";
import type { Answer, Value } from "../lake";
import { is_time, plan_of, way_of, written } from "./answer_cells";

const most_lines = 1_000;

export class AnswerTable {
  readonly root: HTMLElement;
  private readonly table = element("table");
  private readonly note = element("p", "hint");
  private answer: Answer | null = null;
  private sort: { column: number; down: boolean } | null = null;

  constructor() {
    const scroll = element("div", "scroll", this.table);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Rows of the answer");
    this.root = element("div", "answer", scroll, this.note);
  }

  show(answer: Answer): void {
    this.answer = answer;
    this.sort = null;
    this.draw();
  }

  private draw(): void {
    const { columns, rows } = this.answer!;
    const plan = plan_of(this.answer!);
    if (plan !== null) {
      this.table.replaceChildren(element("tbody", "", element("tr", "", element("td", "", element("pre", "plan", plan)))));
      this.note.hidden = true;
      return;
    }
    const numeric = columns.map(({ type }) => is_number(type));
    const heads = columns.map(({ name, type }, i) => {
      const button = element("button", "", name, ...(is_time(columns[i]!) ? [element("small", "", " UTC")] : []));
      button.type = "button";
      button.title = type;
      button.addEventListener("click", () => this.sort_by(i));
      const head = element("th", numeric[i] ? "number" : "", button);
      head.scope = "col";
      head.setAttribute("aria-sort", this.sort?.column !== i ? "none" : this.sort.down ? "descending" : "ascending");
      return head;
    });
    const has_ways = rows.length > 0 && way_of(columns, rows[0]!) !== null;
    if (has_ways) heads.push(element("th", "", element("span", "", "Show")));
    const lines = this.sorted(rows, numeric).slice(0, most_lines).map((row) => {
      const cells = row.map((value, i) => element("td", numeric[i] ? "number" : value === null ? "null" : "", written(value, columns[i]!.type)));
      return element("tr", "", ...cells, ...(has_ways ? [ways(columns, row)] : []));
    });
    this.table.replaceChildren(element("thead", "", element("tr", "", ...heads)), element("tbody", "", ...lines));
    this.note.hidden = rows.length <= most_lines;
    set_text(this.note, `The first ${integer(most_lines)} of ${integer(rows.length)} are shown; the file has them all.`);
  }

  private sort_by(column: number): void {
    this.sort = { column, down: this.sort?.column === column ? !this.sort.down : false };
    this.draw();
  }

  private sorted(rows: readonly Value[][], numeric: readonly boolean[]): readonly Value[][] {
    if (!this.sort) return rows;
    const { column, down } = this.sort;
    const key = (row: Value[]) => (row[column] === null ? null : numeric[column] ? Number(row[column]) : String(row[column]));
    return [...rows].sort((a, b) => {
      const [one, other] = [key(a), key(b)];
      if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
      return one === other ? 0 : one < other === down ? 1 : -1;
    });
  }
}

export function is_number(type: string): boolean {
  return /^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)/.test(type);
}

// The links to the symbol's chart and to a replay.
function ways(columns: Answer["columns"], row: readonly Value[]): HTMLElement {
  const way = way_of(columns, row);
  const cell = element("td", "ways");
  if (!way) return cell;
  const add = (text: string, title: string, address: string) => {
    const link = element("a", "", text);
    link.href = address;
    link.title = title;
    cell.append(link, " ");
  };
  add("Chart", "The symbol's chart around this minute", way.chart);
  if (way.replay) add("Replay", "The day as it was, from this minute", way.replay);
  return cell;
}

// SQL console: a query on the lake; its answer as a table, a chart and a file.
import { csv_button, save_csv, to_csv } from "../csv";
import { element, set_text } from "../dom";
import { integer } from "../format";
import { ask_lake, type Answer } from "../lake";
import { questions } from "../questions";
import { AnswerChart } from "./answer_chart";
import { AnswerTable } from "./answer_table";
import { Past } from "./past";
import type { Desk, View } from "./view";

const first_question = questions[0]?.sql ?? "SELECT count(*) FROM bars";

export class Sql implements View {
  readonly needs_data = false;
  readonly root: HTMLElement;
  private readonly editor = element("textarea");
  private readonly run = element("button", "primary", "Ask");
  private readonly says = element("p", "says");
  private readonly error = element("pre", "sql-error");
  private readonly table = new AnswerTable();
  private readonly chart = new AnswerChart();
  private readonly result = element("section", "panel result");
  private readonly past: Past;
  private answer: Answer | null = null;
  private asking = 0; // numbers the queries, so that a late answer to an old one is ignored

  constructor(private readonly desk: Desk) {
    this.past = new Past((sql) => this.put(sql));
    Object.assign(this.editor, { spellcheck: false, autocomplete: "off", rows: 9, id: "sql", value: first_question });
    this.editor.setAttribute("aria-label", "Question in SQL");
    this.editor.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void this.ask();
    });
    this.run.type = "button";
    this.run.title = "Ctrl Enter";
    this.run.addEventListener("click", () => void this.ask());
    this.says.setAttribute("role", "status");
    this.error.hidden = true;
    this.result.hidden = true;
    this.result.setAttribute("aria-label", "Answer");
    this.result.append(element("header", "panel-head", element("h2", "", "Answer"), csv_button("All rows of the answer", () => this.save())), this.chart.root, this.table.root);
    const editor = element("section", "panel editor", this.editor, element("div", "tools", this.run, this.says, this.make_presets(), this.past.root), this.error);
    editor.setAttribute("aria-label", "Question");
    this.root = element("div", "view sql-view", editor, this.result);
  }

  title(): string {
    return "SQL";
  }

  opened(): void {
    const { question } = this.desk.address();
    if (question !== "" && question !== this.editor.value) this.editor.value = question;
  }

  draw(): void {}

  save(): void {
    if (this.answer) save_csv("answer", to_csv(this.answer.columns.map(({ name }) => name), this.answer.rows));
  }

  repaint(): void {
    if (this.answer) this.chart.show(this.answer);
  }

  private put(sql: string): void {
    this.editor.value = sql;
    this.editor.focus();
    this.error.hidden = true;
  }

  private make_presets(): HTMLElement {
    const select = element("select", "quiet");
    select.setAttribute("aria-label", "Documented questions");
    select.append(new Option("Documented questions", ""));
    for (const chapter of new Set(questions.map((question) => question.chapter))) {
      const group = element("optgroup");
      group.label = chapter;
      questions.forEach((question, i) => question.chapter === chapter && group.append(new Option(question.title, String(i))));
      select.append(group);
    }
    select.addEventListener("change", () => {
      const question = questions[Number(select.value)];
      if (select.value !== "" && question) this.put(question.sql);
      select.value = "";
    });
    return select;
  }

  private async ask(): Promise<void> {
    const sql = this.editor.value.trim();
    if (sql === "") return;
    const number = ++this.asking;
    this.desk.go({ question: sql });
    this.past.add(sql);
    this.run.disabled = true;
    set_text(this.says, "Asking.");
    const began = performance.now();
    try {
      const answer = await ask_lake(this.desk, sql);
      if (number === this.asking) this.show(answer, performance.now() - began);
    } catch (error) {
      if (number === this.asking) this.refuse((error as Error).message);
    }
    if (number === this.asking) this.run.disabled = false;
  }

  private show(answer: Answer, milliseconds: number): void {
    this.answer = answer;
    this.error.hidden = true;
    this.result.hidden = false;
    const rows = `${integer(answer.row_count)} ${answer.row_count === 1 ? "row" : "rows"}${answer.truncated ? ", and there are more" : ""}`;
    set_text(this.says, `${rows} in ${integer(answer.elapsed_ms)} ms, ${integer(milliseconds)} ms with the way.`);
    this.table.show(answer);
    this.chart.show(answer);
  }

  // Shows the server's message. If it names a place, the cursor goes there.
  private refuse(message: string): void {
    set_text(this.says, "No answer.");
    this.error.hidden = false;
    set_text(this.error, message);
    const place = place_of(message, this.editor.value);
    if (place === null) return;
    this.editor.focus();
    this.editor.setSelectionRange(place.from, place.to);
  }
}

// The place of the word above the caret in DuckDB's message: "LINE 2:   avg_clsoe FROM …" with a caret below it.
export function place_of(message: string, sql: string): { from: number; to: number } | null {
  const found = /LINE (\d+): (.*)\n( *)\^/.exec(message);
  if (!found) return null;
  const [, number, shown, spaces] = found as unknown as [string, string, string, string];
  const column = spaces.length - `LINE ${number}: `.length;
  const lines = sql.split("\n");
  const line = lines[Number(number) - 1];
  if (line === undefined || column < 0) return null;
  // A long line is cut, with dots where it was cut.
  const piece = shown.replace(/^\.\.\./, "").replace(/\.\.\.$/, "");
  const at = line.indexOf(piece);
  if (at < 0) return null;
  const in_line = at + column - (shown.startsWith("...") ? 3 : 0);
  const from = lines.slice(0, Number(number) - 1).reduce((sum, one) => sum + one.length + 1, 0) + in_line;
  const word = /^[\w.]+|^./.exec(line.slice(in_line))?.[0].length ?? 0;
  return { from, to: from + word };
}

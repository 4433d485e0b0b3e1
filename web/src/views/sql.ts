// SQL console: a query on the lake; its answer as a table, a chart and a file.
import { csv_button, save_csv, to_csv } from "../csv";
import { element, set_text } from "../dom";
import { integer } from "../format";
import { age_text } from "../freshness";
import { ask_lake, type Answer } from "../lake";
import { to_seconds } from "../protocol";
import { questions } from "../questions";
import { AnswerChart } from "./answer_chart";
import { AnswerTable } from "./answer_table";
import { Past } from "./past";
import { Schema } from "./schema";
import { SqlEditor } from "./sql_editor";
import type { Desk, View } from "./view";

const first_question = questions[0]?.sql ?? "SELECT count(*) FROM bars";

export class Sql implements View {
  readonly needs_data = false;
  readonly root: HTMLElement;
  private readonly editor: SqlEditor;
  private readonly schema: Schema;
  private readonly cancel = element("button", "quiet", "Cancel");
  private readonly freshness = element("p", "hint lake-freshness");
  private readonly run = element("button", "primary", "Ask");
  private readonly says = element("p", "says");
  private readonly error = element("pre", "sql-error");
  private readonly table = new AnswerTable();
  private readonly chart = new AnswerChart();
  private readonly result = element("section", "panel result");
  private readonly past: Past;
  private answer: Answer | null = null;
  private asking: AbortController | null = null; // the question that is being answered

  constructor(private readonly desk: Desk) {
    this.past = new Past((sql) => this.put(sql));
    this.editor = new SqlEditor(() => void this.ask(), () => this.asking?.abort());
    this.editor.value = first_question;
    this.schema = new Schema(desk, (name) => this.editor.insert(name), (names) => (this.editor.names = names));
    this.cancel.type = "button";
    this.cancel.hidden = true;
    this.cancel.title = "Ends the question at the server (Escape)";
    this.cancel.addEventListener("click", () => this.asking?.abort());
    this.run.type = "button";
    this.run.title = "Ctrl Enter";
    this.run.addEventListener("click", () => void this.ask());
    this.says.setAttribute("role", "status");
    this.error.hidden = true;
    this.result.hidden = true;
    this.result.setAttribute("aria-label", "Answer");
    this.result.append(element("header", "panel-head", element("h2", "", "Answer"), csv_button("All rows of the answer", () => this.save())), this.chart.root, this.table.root);
    const editor = element("section", "panel editor", this.editor.root, element("div", "tools", this.run, this.cancel, this.says, this.make_presets(), this.past.root), this.error, this.freshness, this.schema.root);
    editor.setAttribute("aria-label", "Question");
    this.root = element("div", "view sql-view", editor, this.result);
  }

  title(): string {
    return "SQL";
  }

  opened(): void {
    const { question } = this.desk.address();
    if (question !== "" && question !== this.editor.value) this.editor.value = question;
    if (!this.asking) void this.schema.look().then(() => this.look_at_lake());
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
    this.editor.area.focus();
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
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.desk.go({ question: sql });
    this.past.add(sql);
    this.run.disabled = true;
    this.cancel.hidden = false;
    set_text(this.says, "Asking.");
    const began = performance.now();
    try {
      const answer = await ask_lake(this.desk, sql, { signal: asking.signal });
      if (asking === this.asking) this.show(answer, performance.now() - began);
    } catch (error) {
      // The server ends a question whose client is gone.
      if (asking.signal.aborted) set_text(this.says, "Cancelled: the server has ended the question.");
      else if (asking === this.asking) this.refuse((error as Error).message);
    }
    if (asking !== this.asking) return;
    this.asking = null;
    this.run.disabled = false;
    this.cancel.hidden = true;
    void this.look_at_lake();
  }

  // Says until when the lake has windows: what is newer is not in the answers yet.
  private async look_at_lake(): Promise<void> {
    try {
      const { rows } = await ask_lake(this.desk, "SELECT max(window_end) FROM stock_trends");
      const end = rows[0]?.[0];
      const newest = this.desk.status()?.event_time;
      if (typeof end !== "string") return set_text(this.freshness, "The lake has no windows yet.");
      const behind = newest ? Math.max(0, to_seconds(newest) + 60 - to_seconds(end)) : null;
      const live = this.desk.replay.is_on() ? null : behind;
      set_text(this.freshness, `The lake has windows that ended until ${end} UTC${live === null ? "" : `, ${live === 0 ? "up to" : `${age_text(live)} behind`} the newest bar`}.`);
    } catch {
      // The next answer tries again.
    }
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
    this.editor.area.focus();
    this.editor.area.setSelectionRange(place.from, place.to);
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

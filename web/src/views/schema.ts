// The schema browser: the views of the lake with their columns and types; a press puts the name into the question.
import { element } from "../dom";
import { ask_lake } from "../lake";
import type { Desk } from "./view";

const question = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'main' ORDER BY table_name, ordinal_position";

export class Schema {
  readonly root = element("details", "schema");
  names: readonly string[] = [];
  private is_asking = false;

  constructor(private readonly desk: Desk, private readonly on_choose: (name: string) => void, private readonly on_known: (names: readonly string[]) => void) {
    this.root.append(element("summary", "", "Tables and columns"));
  }

  // Asks once; again if there was no answer.
  async look(): Promise<void> {
    if (this.names.length > 0 || this.is_asking) return;
    this.is_asking = true;
    try {
      const { rows } = await ask_lake(this.desk, question);
      this.show(rows.map(([table, column, type]) => [String(table), String(column), String(type)]));
    } catch {
      // The next opening asks again.
    }
    this.is_asking = false;
  }

  private show(rows: readonly (readonly [string, string, string])[]): void {
    const tables = [...new Set(rows.map(([table]) => table))];
    this.root.replaceChildren(
      element("summary", "", "Tables and columns"),
      ...tables.map((table) => element("div", "schema-table", this.button(table, ""), ...rows.filter(([of]) => of === table).map(([, column, type]) => this.button(column, type)))),
    );
    this.names = [...new Set([...tables, ...rows.map(([, column]) => column)])];
    this.on_known(this.names);
  }

  private button(name: string, type: string): HTMLElement {
    const button = element("button", type === "" ? "of-table" : "", name, ...(type === "" ? [] : [element("small", "", type)]));
    button.type = "button";
    button.addEventListener("click", () => this.on_choose(name));
    return button;
  }
}

// A table whose rows are the lines of a list, below heads that explain themselves.
import { element } from "../dom";
import { explain } from "../head_tip";
import type { LineList } from "./line_list";

export interface Head {
  readonly id: string; // class of-<id> of its cells
  readonly title: string;
  readonly word: Parameters<typeof explain>[2];
}

// `kind` is the class that the heads share with the lines.
export function line_table(name: string, kind: string, heads: readonly Head[], list: LineList): HTMLElement {
  const row = element("div", `heads line ${kind}`, ...heads.map(({ id, title, word }) => {
    const cell = element("span", `cell of-${id}`, title);
    cell.setAttribute("role", "columnheader");
    cell.tabIndex = 0;
    explain(cell, cell, word);
    return cell;
  }));
  row.setAttribute("role", "row");
  const table = element("div", "watchlist", row, list.root);
  table.setAttribute("role", "table");
  table.setAttribute("aria-label", name);
  return table;
}

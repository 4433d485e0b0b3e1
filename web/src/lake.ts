// SQL queries on the lake, and their answers with every digit.
import { as_json } from "./line";
import type { Desk } from "./views/view";

export type Value = string | boolean | null; // numbers as the received text

export interface Answer {
  columns: { name: string; type: string }[];
  rows: Value[][];
  row_count: number;
  truncated: boolean;
  elapsed_ms: number;
}

export async function ask_lake(desk: Pick<Desk, "ask">, sql: string, max_rows = 10_000): Promise<Answer> {
  const text = await desk.ask("/api/v1/query", as_json({ sql, max_rows }));
  return parse_answer(text);
}

// Numbers of the rows become their text; the rest is plain JSON.
export function parse_answer(text: string): Answer {
  const from = text.indexOf('"rows":[') + '"rows":['.length;
  let depth = 1;
  const rows = text.slice(from).replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[[\]]/g, (part) => {
    if (depth === 0 || part.startsWith('"')) return part;
    if (part === "[") depth++;
    else if (part === "]") depth--;
    else return `"${part}"`;
    return part;
  });
  return JSON.parse(text.slice(0, from) + rows) as Answer;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

// A time as SQL reads it.
export function sql_time(seconds: number): string {
  return `TIMESTAMP '${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")}'`;
}

// SQL queries on the lake, and their answers with every digit.
import { as_json, Busy } from "./line";
import type { Desk } from "./views/view";

export type Value = string | boolean | null; // numbers as the received text

export interface Answer {
  columns: { name: string; type: string }[];
  rows: Value[][];
  row_count: number;
  truncated: boolean;
  elapsed_ms: number;
}

const tries = 20; // while the server answers others
const pause = 500; // milliseconds between two of them

let before: Promise<unknown> = Promise.resolve(); // the page's own question before

// The server answers two questions at once. So the page's own ones wait for each other, and the one of the console,
// which can be ended by its signal, always has a place beside them.
export function ask_lake(desk: Pick<Desk, "ask">, sql: string, { max_rows = 10_000, signal }: { max_rows?: number; signal?: AbortSignal } = {}): Promise<Answer> {
  if (signal) return ask_patiently(desk, sql, max_rows, signal);
  const answer = before.then(() => ask_patiently(desk, sql, max_rows, null));
  before = answer.catch(() => {});
  return answer;
}

// Other pages and programs ask, too: a server that is busy is asked again.
async function ask_patiently(desk: Pick<Desk, "ask">, sql: string, max_rows: number, signal: AbortSignal | null): Promise<Answer> {
  for (let left = tries; ; left--) {
    try {
      return parse_answer(await desk.ask("/api/v1/query", { ...as_json({ sql, max_rows }), signal }));
    } catch (error) {
      if (!(error instanceof Busy) || left === 0 || signal?.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
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

// SQL as the console colours and completes it. A small reader of its own: CodeMirror 6 with the same abilities is 114 kB
// gzipped (measured), which is half of what all scripts of the page may weigh.
export type SqlKind = "keyword" | "name" | "string" | "number" | "comment" | "plain";

export interface SqlPiece {
  readonly kind: SqlKind;
  readonly text: string;
}

export const keywords = (
  "ALL AND ANALYZE ANY AS ASC BETWEEN BY CASE CAST CROSS DATE DESC DESCRIBE DISTINCT ELSE END EXCEPT EXCLUDE EXISTS EXPLAIN FALSE FILTER FROM FULL GROUP HAVING IN INNER " +
  "INTERSECT INTERVAL IS JOIN LEFT LIKE LIMIT NOT NULL OFFSET ON OR ORDER OUTER OVER PARTITION QUALIFY RANGE RIGHT ROWS SELECT THEN TIMESTAMP TRUE UNION USING VALUES WHEN " +
  "WHERE WINDOW WITH"
).split(" ");

export const functions = "abs arg_max arg_min avg coalesce contains corr count date_trunc epoch first greatest lag last lead least max median min quantile_cont rank round row_number sqrt stddev_samp strftime sum time_bucket upper".split(" ");

const is_keyword = new Set(keywords);
const piece = /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*'?)|("(?:[^"]|"")*"?|`[^`]*`?)|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|([^A-Za-z_\d'"`/-]+|[/-])/g;

// All of the text, in pieces.
export function pieces_of_sql(sql: string): SqlPiece[] {
  return [...sql.matchAll(piece)].map(([text, comment, string, quoted, number, word]): SqlPiece => {
    if (comment !== undefined) return { kind: "comment", text };
    if (string !== undefined) return { kind: "string", text };
    if (number !== undefined) return { kind: "number", text };
    if (quoted !== undefined) return { kind: "name", text };
    return { kind: word === undefined ? "plain" : is_keyword.has(word.toUpperCase()) ? "keyword" : "name", text };
  });
}

// The word that ends at the caret; empty within a string or a comment.
export function word_before(sql: string, caret: number): string {
  const last = pieces_of_sql(sql.slice(0, caret)).at(-1);
  return last && (last.kind === "name" || last.kind === "keyword") && /^\w+$/.test(last.text) ? last.text : "";
}

const most_completions = 8;

// What may follow, the shortest first; columns and tables before functions before keywords. Nothing for one letter, or
// if the word is whole.
export function completions(word: string, names: readonly string[]): string[] {
  if (word.length < 2) return [];
  const wanted = word.toLowerCase();
  const begins = (list: readonly string[]) => list.filter((name) => name.toLowerCase().startsWith(wanted)).sort((a, b) => a.length - b.length);
  const found = [...new Set([...begins(names), ...begins(functions), ...begins(keywords)])];
  return found.some((name) => name.toLowerCase() === wanted) ? [] : found.slice(0, most_completions);
}

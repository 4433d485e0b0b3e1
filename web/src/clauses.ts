// The clauses of the contract that say what the page shows: bars, windows and trends, read from contract/semantics.md.
export interface Section {
  readonly number: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Block {
  readonly clause: string; // 4.5; empty before the first one
  readonly kind: "text" | "table";
  readonly rows: readonly (readonly string[])[]; // of a table: cells; of a text: one cell
}

const shown = ["2", "3", "4"];

export function read_clauses(markdown: string): Section[] {
  return markdown
    .split(/^## /m)
    .flatMap((part) => {
      const [, number, title] = /^(\d+)\. (.+)/.exec(part) ?? [];
      return number && title && shown.includes(number) ? [{ number, title, blocks: blocks_of(part.slice(part.indexOf("\n"))) }] : [];
    });
}

function blocks_of(text: string): Block[] {
  const blocks: Block[] = [];
  let clause = "";
  for (const piece of text.trim().split(/\n\s*\n/)) {
    clause = /^\*\*(\d+\.\d+)/.exec(piece)?.[1] ?? clause;
    blocks.push(piece.startsWith("|") ? { clause, kind: "table", rows: table_of(piece) } : { clause, kind: "text", rows: [[piece.replace(/\s*\n\s*/g, " ")]] });
  }
  return blocks;
}

function table_of(piece: string): string[][] {
  return piece
    .split("\n")
    .filter((line) => !/^\|[-| ]+\|$/.test(line))
    .map((line) => line.trim().slice(1, -1).split("|").map((cell) => cell.trim()));
}

// Pieces of a text: plain, or within ** or `.
export function pieces_of(text: string): { kind: "plain" | "strong" | "code"; text: string }[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter(Boolean)
    .map((piece) => (piece.startsWith("**") ? { kind: "strong", text: piece.slice(2, -2) } : piece.startsWith("`") ? { kind: "code", text: piece.slice(1, -1) } : { kind: "plain", text: piece }));
}

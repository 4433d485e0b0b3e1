import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pieces_of, read_clauses } from "../src/clauses";
import { columns } from "../src/views/watch_row";
import { meanings, type Meaning } from "../src/words";

const sections = read_clauses(readFileSync("../contract/semantics.md", "utf8"));

test("the clauses are read from the contract, with their tables", () => {
  assert.deepEqual(sections.map(({ number, title }) => `${number}. ${title}`), ["2. Bars", "3. Windows and time", "4. Trends"]);
  const signal = sections[2]!.blocks.find(({ clause }) => clause === "4.5")!;
  assert.match(signal.rows[0]![0]!, /^\*\*4\.5 trend_signal\*\* compares exact values, in integers: `BULLISH` if/);
  const table = sections[2]!.blocks.find(({ kind }) => kind === "table")!;
  assert.deepEqual(table.rows[0], ["key", "written as", "value, over the bars the window holds"]);
  assert.ok(table.rows.some(([key, , value]) => key === "`buy_pressure`" && value === "round4(bars with direction `up` / n)"));
});

test("every clause that a column head names exists, and every column has a meaning", () => {
  const clauses = new Set(sections.flatMap(({ number, blocks }) => [number, ...blocks.map(({ clause }) => clause)]));
  for (const [word, { clause }] of Object.entries(meanings) as [string, Meaning][]) assert.ok(clause === undefined || clauses.has(clause), `${word}: ${clause}`);
  for (const { id } of columns) assert.ok(meanings[id].what.length > 10, id);
});

test("marks of a text become pieces", () => {
  assert.deepEqual(pieces_of("**3.1 Windows** of `a`, b"), [
    { kind: "strong", text: "3.1 Windows" },
    { kind: "plain", text: " of " },
    { kind: "code", text: "a" },
    { kind: "plain", text: ", b" },
  ]);
});

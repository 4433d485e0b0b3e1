import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { to_csv } from "../src/csv";
import { parse_answer } from "../src/lake";
import { read_questions } from "../src/questions";
import { to_lines } from "../src/views/answer_chart";
import { place_of } from "../src/views/sql";

test("the presets are the documented questions, each with its SQL", () => {
  const questions = read_questions(readFileSync("../docs/questions.md", "utf8"));
  assert.ok(questions.length >= 15, String(questions.length));
  assert.equal(questions[0]!.title, "What are the latest windows?");
  for (const { sql } of questions) assert.match(sql, /^(SELECT|WITH)/);
});

test("the numbers of an answer keep every digit", () => {
  const answer = parse_answer(
    '{"columns":[{"name":"a]","type":"DECIMAL(19,9)"},{"name":"b","type":"VARCHAR"}],"rows":[[1.000000001,"x, [1]"],[null,true],[-1e-7,[1,2]]],"row_count":3,"truncated":false,"elapsed_ms":1.5}',
  );
  assert.deepEqual(answer.rows, [["1.000000001", "x, [1]"], [null, true], ["-1e-7", ["1", "2"]]]);
  assert.equal(answer.row_count, 3);
  assert.equal(answer.elapsed_ms, 1.5);
});

test("the word that DuckDB objects to is found in the question", () => {
  const sql = "SELECT symbol,\n  avg_clsoe FROM stock_trends";
  const place = place_of('Binder Error: no such column\n\nLINE 2:   avg_clsoe FROM stock_trends\n          ^', sql);
  assert.deepEqual(place && sql.slice(place.from, place.to), "avg_clsoe");
  assert.equal(place_of("Out of memory", sql), null);
});

test("an answer is drawn along its time, and not at all where it has no numbers", () => {
  const columns = [{ name: "dt", type: "DATE" }, { name: "n", type: "BIGINT" }, { name: "s", type: "VARCHAR" }];
  const lines = to_lines({ columns, rows: [["2026-03-03", "2", "b"], ["2026-03-02", null, "a"]], row_count: 2, truncated: false, elapsed_ms: 0 });
  assert.deepEqual(lines, { of_time: true, x: [Date.UTC(2026, 2, 2) / 1000, Date.UTC(2026, 2, 3) / 1000], names: ["n"], lines: [[null, 2]] });
  assert.equal(to_lines({ columns: [columns[2]!], rows: [["a"], ["b"]], row_count: 2, truncated: false, elapsed_ms: 0 }), null);
});

test("a time that stands there for each symbol gives a line for each", () => {
  const columns = [{ name: "symbol", type: "VARCHAR" }, { name: "window_end", type: "VARCHAR" }, { name: "avg_close", type: "DOUBLE" }];
  const row = (symbol: string, minute: number, close: string) => [symbol, `2026-03-02 14:0${minute}:00`, close];
  const answer = (rows: string[][]) => ({ columns, rows, row_count: rows.length, truncated: false, elapsed_ms: 0 });
  const lines = to_lines(answer([row("B", 1, "5"), row("A", 1, "1"), row("A", 2, "2")]));
  assert.deepEqual(lines && [lines.names, lines.lines], [["A", "B"], [[1, 2], [5, null]]]);
  assert.equal(to_lines(answer([row("A", 1, "1"), row("B", 1, "1")])), null, "one moment is no line");
  assert.equal(to_lines(answer([row("A", 1, "1"), row("A", 1, "2"), row("A", 2, "2")])), null);
});

test("CSV guards texts that a spreadsheet would compute, and leaves numbers as they are", () => {
  const cells = ["=1+1", "@x", "+A1", "\t=1", "-cmd", "-0.5000", -0.5, "+7", "8.12e-06", "a=b", -1e-7];
  assert.equal(to_csv(["=h"], [cells]), "'=h\r\n'=1+1,'@x,'+A1,'\t=1,'-cmd,-0.5000,-0.5,+7,8.12e-06,a=b,-1e-7\r\n");
  assert.equal(to_csv(["a"], [['=A1,"x"']]), 'a\r\n"\'=A1,""x"""\r\n');
});

test("CSV quotes what would break it", () => {
  assert.equal(to_csv(["a", "b"], [["x,y", 'say "no"'], [null, 1]]), 'a,b\r\n"x,y","say ""no"""\r\n,1\r\n');
});

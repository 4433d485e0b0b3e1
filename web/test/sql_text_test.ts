import assert from "node:assert/strict";
import { test } from "node:test";
import { completions, pieces_of_sql, word_before } from "../src/sql_text";
import { plain_number, plan_of, way_of, written } from "../src/views/answer_cells";

const columns = (...names: [string, string][]) => names.map(([name, type]) => ({ name, type }));

test("the pieces of a text are all of it, whatever it is", () => {
  const sql = "SELECT avg(close) -- the 'mean'\nFROM bars /* all */ WHERE symbol = 'O''X' AND \"dt\" > 1.5e3 - x";
  const pieces = pieces_of_sql(sql);
  assert.equal(pieces.map(({ text }) => text).join(""), sql);
  const of = (kind: string) => pieces.filter((piece) => piece.kind === kind).map(({ text }) => text);
  assert.deepEqual(of("keyword"), ["SELECT", "FROM", "WHERE", "AND"]);
  assert.deepEqual(of("string"), ["'O''X'"]);
  assert.deepEqual(of("comment"), ["-- the 'mean'", "/* all */"]);
  assert.deepEqual(of("number"), ["1.5e3"]);
  for (const broken of ["'open", "\"open", "/* open", "`open", "--", "a-b/c", "é ∑ 1a", ""]) assert.equal(pieces_of_sql(broken).map(({ text }) => text).join(""), broken);
});

test("completions: tables and columns before functions and keywords, and none within a string", () => {
  assert.equal(word_before("SELECT clo", 10), "clo");
  assert.equal(word_before("SELECT 'clo", 11), "");
  assert.equal(word_before("-- clo", 6), "");
  assert.equal(word_before("SELECT ", 7), "");
  assert.deepEqual(completions("co", ["color", "close", "count_of"]), ["color", "count_of", "corr", "count", "coalesce", "contains"]);
  assert.deepEqual(completions("wh", []), ["WHEN", "WHERE"]);
  assert.deepEqual(completions("c", ["close"]), [], "one letter is too few");
  assert.deepEqual(completions("close", ["close"]), [], "it is whole");
});

test("a number has the places that it has, and no exponent", () => {
  const cases = [["175.300000000", "175.3"], ["175.000000000", "175"], ["-0.500", "-0.5"], ["1e-07", "0.0000001"], ["8.12e-06", "0.00000812"], ["1.5E+20", "150000000000000000000"], ["100", "100"], ["0.000", "0"], ["nan", "nan"], ["-inf", "-inf"], ["0.30000000000000004", "0.30000000000000004"]];
  for (const [text, plain] of cases) assert.equal(plain_number(text!), plain);
  assert.equal(written("1.50", "VARCHAR"), "1.50", "a text stays as it is");
  assert.equal(written(null, "DOUBLE"), "null");
});

test("a row with a symbol leads to its chart, and with a time to the minute and a replay", () => {
  const of_bars = columns(["symbol", "VARCHAR"], ["timestamp", "TIMESTAMP"], ["close", "DECIMAL(19,9)"]);
  assert.deepEqual(way_of(of_bars, ["BTC/USD", "2026-03-02 14:30:00", "1"]), { chart: "#/symbol/BTC%2FUSD?from=2026-03-02T14:00Z&to=2026-03-02T15:00Z", replay: "#/symbol/BTC%2FUSD?replay=2026-03-02T14:30:00Z" });
  const of_trends = columns(["window_end", "VARCHAR"], ["symbol", "VARCHAR"]);
  assert.equal(way_of(of_trends, ["2026-03-02 14:35:00", "AAPL"])!.replay, "#/symbol/AAPL?replay=2026-03-02T14:34:00Z", "the last minute of the window");
  assert.deepEqual(way_of(columns(["symbol", "VARCHAR"], ["n", "BIGINT"]), ["AAPL", "3"]), { chart: "#/symbol/AAPL", replay: null });
  assert.equal(way_of(columns(["n", "BIGINT"]), ["3"]), null);
});

test("a plan is one text", () => {
  const answer = { columns: columns(["explain_key", "VARCHAR"], ["explain_value", "VARCHAR"]), rows: [["physical_plan", "┌──┐\n└──┘"]], row_count: 1, truncated: false, elapsed_ms: 1 };
  assert.equal(plan_of(answer), "┌──┐\n└──┘");
  assert.equal(plan_of({ ...answer, columns: columns(["a", "VARCHAR"], ["b", "VARCHAR"]) }), null);
});

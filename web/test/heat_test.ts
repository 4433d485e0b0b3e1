import assert from "node:assert/strict";
import { test } from "node:test";
import { CellRound, grid_of, range_of, strength, to_cell, type Cell } from "../src/views/heat_cells";
import type { WatchRow } from "../src/views/watch_row";
import { row } from "./rows";

const line = (symbol: string, change: Partial<WatchRow> = {}) => ({ symbol, trend: row({ symbol }), percent: null, ...change }) as WatchRow;
const cells = (...values: (number | null)[]): Cell[] => values.map((value, i) => ({ symbol: `S${i}`, value, tone: "neutral" }));

test("a cell has the value of the measure, and its side as a tone", () => {
  const trend = row({ trend_signal: "BEARISH", volatility: 0.5, avg_close: 200, avg_volume: 1200 });
  assert.deepEqual(to_cell(line("A", { trend }), "signal"), { symbol: "A", value: -1, tone: "bearish" });
  assert.deepEqual(to_cell(line("A", { trend, percent: 1.25 }), "change"), { symbol: "A", value: 1.25, tone: "bullish" });
  assert.deepEqual(to_cell(line("A", { trend }), "volatility"), { symbol: "A", value: 0.25, tone: "neutral" });
  assert.deepEqual(to_cell(line("A", { trend }), "volume"), { symbol: "A", value: 1200, tone: "neutral" });
  assert.deepEqual(to_cell(line("A", { trend: row({ volatility: null }) }), "volatility"), { symbol: "A", value: null, tone: "none" });
  assert.deepEqual(to_cell(line("A"), "change"), { symbol: "A", value: null, tone: "none" });
});

test("changes are measured from zero; an outlier does not make the others pale", () => {
  const changes = cells(...Array.from({ length: 99 }, (_, i) => (i % 2 ? -1 : 1)), 90, null);
  assert.deepEqual(range_of(changes, "change"), { low: 0, high: 1 });
  assert.equal(strength(changes[0]!, { low: 0, high: 2 }, "change"), 0.5);
  assert.equal(strength(changes.at(-2)!, { low: 0, high: 2 }, "change"), 1);
  assert.equal(strength(changes.at(-1)!, { low: 0, high: 2 }, "change"), 0);
});

test("volumes are compared by powers of ten", () => {
  // ln 1,001 / ln 1,000,001 is a half.
  assert.equal(strength(cells(1_000)[0]!, { low: 0, high: 1_000_000 }, "volume").toFixed(2), "0.50");
  assert.equal(strength(cells(5)[0]!, { low: 5, high: 5 }, "volume"), 1, "all the same");
});

test("the grid has a place for every cell, and cells a bit wider than high", () => {
  for (const [count, width, height] of [[1, 800, 600], [7, 390, 700], [5_000, 1_400, 700], [10_000, 1_900, 900]] as const) {
    const { columns, rows } = grid_of(count, width, height);
    assert.ok(columns * rows >= count && (columns - 1) * rows < count + rows, `${count}: ${columns} × ${rows}`);
  }
  assert.deepEqual(grid_of(100, 1_700, 1_000), { columns: 10, rows: 10 });
  assert.deepEqual(grid_of(0, 100, 100), { columns: 1, rows: 1 });
});

test("thousands of symbols are read in slices, and nothing of a round is shown before its end", () => {
  const symbols = Array.from({ length: 4_000 }, (_, i) => `S${String(i).padStart(4, "0")}`);
  const round = new CellRound();
  let read = 0;
  const row_of = (symbol: string) => {
    read++;
    return line(symbol, { percent: Number(symbol.slice(1)) });
  };
  assert.equal(round.read(symbols, "change", true, row_of), false);
  assert.equal(read, 1_500);
  assert.deepEqual(round.held.cells, []);
  assert.equal(round.read(symbols, "change", true, row_of), false);
  assert.equal(round.read(symbols, "change", true, row_of), true);
  assert.equal(round.held.cells.length, 4_000);
  assert.deepEqual(round.held.cells.slice(0, 2).map(({ symbol }) => symbol), ["S3999", "S3998"], "in the order of the values");
});

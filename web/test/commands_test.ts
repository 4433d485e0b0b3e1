import assert from "node:assert/strict";
import { test } from "node:test";
import type { Address } from "../src/address";
import { commands_of, fit, found } from "../src/commands";

const gone: Partial<Address>[] = [];
const go = (change: Partial<Address>) => void gone.push(change);
const done: string[] = [];
const act = (name: string) => () => void done.push(name);
const commands = commands_of({ go, act: { theme: act("theme"), replay: act("replay"), save: act("save"), help: act("help"), find: act("find") } });
const symbols = ["AAPL", "AA", "BTC/USD", "MAP", "ZAAP"];
const names = (text: string) => found(commands, symbols, text, go).map(({ name }) => name);

test("a text fits a name at its begin, at the begin of a word, somewhere, or not", () => {
  assert.deepEqual(["sig", "5", "igna", "sig day", "x", "day x"].map((text) => fit("Signals: 5 days", text)), [3, 2, 1, 2, 0, 0]);
  assert.equal(fit("BTC/USD", "usd"), 2);
});

test("symbols are found by typing, the shortest first, and only then", () => {
  assert.deepEqual(names("aa").slice(0, 3), ["AA", "AAPL", "ZAAP"]);
  assert.equal(names("").some((name) => symbols.includes(name)), false);
  assert.deepEqual(names("map").slice(0, 2), ["MAP", "Map"]);
});

test("a command goes where its name says", () => {
  const run = (text: string) => found(commands, symbols, text, go)[0]!.run();
  for (const text of ["btc", "signals: 5", "symbol: 15", "times in new", "health"]) run(text);
  assert.deepEqual(gone, [{ view: "symbol", symbol: "BTC/USD" }, { view: "signals", since: "5d" }, { view: "symbol", range: "15m", seen: null }, { zone: "exchange" }, { view: "health" }]);
  for (const text of ["dark", "replay", "csv", "list of keys", "find"]) run(text);
  assert.deepEqual(done, ["theme", "replay", "save", "help", "find"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask_lake } from "../src/lake";
import { Busy } from "../src/line";

const nothing = '{"columns":[],"rows":[],"row_count":0,"truncated":false,"elapsed_ms":1}';

// A server that answers when it is told to.
function server() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const ask = (_: string, init?: RequestInit) => {
    asked.push((JSON.parse(String(init!.body)) as { sql: string }).sql);
    return new Promise<string>((resolve) => waiting.push(() => resolve(nothing)));
  };
  return { asked, ask, answer: async () => { waiting.shift()!(); await new Promise((resolve) => setTimeout(resolve)); } };
}

test("the page's own questions wait for each other, and the console's does not wait for them", async () => {
  const { asked, ask, answer } = server();
  const answers = [ask_lake({ ask }, "one"), ask_lake({ ask }, "two"), ask_lake({ ask }, "console", { signal: new AbortController().signal })];
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([...asked].sort(), ["console", "one"]);
  await answer();
  await answer();
  assert.deepEqual(asked.at(-1), "two");
  await answer();
  await Promise.all(answers);
});

test("a busy server is asked again, any other error is told at once, and the next question is asked all the same", async () => {
  let tries = 0;
  const busy_once = async () => {
    if (++tries === 1) throw new Busy("2 questions are being answered already");
    return nothing;
  };
  assert.equal((await ask_lake({ ask: busy_once }, "SELECT 1")).row_count, 0);
  assert.equal(tries, 2);
  await assert.rejects(ask_lake({ ask: () => Promise.reject(new Error("no such table")) }, "SELECT 2"), /no such table/);
  assert.equal((await ask_lake({ ask: busy_once }, "SELECT 3")).row_count, 0);
});

test("a question that was cancelled is not asked again", async () => {
  const asking = new AbortController();
  let tries = 0;
  const ask = async () => {
    tries++;
    asking.abort();
    throw new Busy("busy");
  };
  await assert.rejects(ask_lake({ ask }, "SELECT 1", { signal: asking.signal }), Busy);
  assert.equal(tries, 1);
});

// The SQL console: presets, answers with every digit, errors with their place, earlier questions.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

// Whether a process that answers a question is at this one; it may have ended meanwhile.
function is_asking(pid, words) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(words) || readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("query");
  } catch {
    return false;
  }
}

// The processes that a process has started and that still run.
function children(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean));
}

export const cases = [
  {
    name: "Cancel ends a question at the server, and so does Escape",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      server.write(bar("AAPL", "14:30", 100), bar("AAPL", "14:40", 100));
      await server.wait_for_lake(2);
      const view = await browser.open(`${server.url}/#/sql`);
      const editor = view.page.locator("#sql");
      await editor.waitFor();
      await view.wait("the schema", async () => (await view.page.locator(".schema button").count()) > 20 && children(server.process.pid).length === 0);
      for (const [end, act] of [["Cancel", () => view.page.getByRole("button", { name: "Cancel" }).click()], ["Escape", () => view.page.keyboard.press("Escape")]]) {
        await editor.fill("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b");
        await editor.press("Control+Enter");
        await view.wait("the question at the server", async () => children(server.process.pid).length === 1);
        await act();
        await view.wait(`its end by ${end}`, async () => (await view.text(".says")) === "Cancelled: the server has ended the question.");
        // Not even a fraction of the 10 seconds after which it would be killed anyway: the next question finds it gone.
        await view.wait("no such process", async () => !children(server.process.pid).some((pid) => is_asking(pid, "range(10000000)")));
        await view.page.locator(".primary:enabled").waitFor();
      }
    },
  },
  {
    name: "the console completes names, lays out a plan, says how fresh the lake is, and leads from a row to chart and replay",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      for (let minute = 0; minute < 10; minute++) server.write(bar("AAPL", plus("14:30", minute), 100.5 + minute));
      server.end_input();
      await server.wait_for_lake(10);
      const view = await browser.open(`${server.url}/#/sql`);
      const editor = view.page.locator("#sql");
      await editor.waitFor();
      await view.wait("the schema", async () => (await view.page.locator(".schema button").count()) > 20);
      const schema = await server.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'main' AND table_name = 'stock_trends' ORDER BY ordinal_position");
      assert.ok((await view.page.locator(".schema").textContent()).includes("stock_trends"));
      assert.ok(schema.length > 15);
      await editor.fill("");
      await view.page.keyboard.type("SELECT buy_p");
      await view.page.locator(".completions li").first().waitFor();
      await view.page.keyboard.press("Enter");
      assert.equal(await editor.inputValue(), "SELECT buy_pressure");
      await view.page.locator(".schema summary").click();
      await view.page.locator(".schema").getByRole("button", { name: "window_end" }).first().click();
      assert.equal(await editor.inputValue(), "SELECT buy_pressurewindow_end");

      const ask = async (sql, what) => {
        await editor.fill(sql);
        await editor.press("Control+Enter");
        await view.wait("an answer", async () => (await view.page.locator(".primary:disabled").count()) === 0 && (await view.page.locator(what).count()) > 0);
      };
      await ask("EXPLAIN SELECT count(*) FROM bars", ".plan");
      assert.match(await view.text(".plan"), /┌─+┐[\s\S]*\n[\s\S]*└─+┘/);
      await ask("SELECT symbol, timestamp, close FROM bars ORDER BY timestamp LIMIT 1", ".ways a");
      const cells = await view.page.locator(".answer tbody td").allTextContents();
      assert.deepEqual(cells.slice(0, 3), ["AAPL", "2026-03-02 14:30:00", "100.5"], "with the places that it has");
      assert.match((await view.page.locator(".answer thead th").allTextContents())[1], /timestamp UTC/);
      await view.wait("the freshness", async () => /until 2026-03-02 14:4\d:00 UTC/.test(await view.text(".lake-freshness")));
      assert.equal(await view.page.getByRole("link", { name: "Replay" }).getAttribute("href"), "#/symbol/AAPL?replay=2026-03-02T14:30:00Z");
      await view.page.getByRole("link", { name: "Chart", exact: true }).click();
      await view.wait("the chart", async () => (await view.text(".symbol-name")) === "AAPL");
      assert.equal(new URL(view.page.url()).hash, "#/symbol/AAPL?from=2026-03-02T14:00Z&to=2026-03-02T15:00Z");
    },
  },
  {
    name: "a question is answered with every digit, sorted, drawn, kept, and in the URL; an error names its place",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      for (let minute = 0; minute < 30; minute++) server.write(bar("AAPL", plus("14:30", minute), 100 + minute + 0.000000001));
      const view = await browser.open(`${server.url}/#/sql`);
      const editor = view.page.locator("#sql");
      await view.wait("the editor", async () => (await editor.count()) === 1);
      const ask = async (sql) => {
        await editor.fill(sql);
        await editor.press("Control+Enter");
        await view.wait("an answer", async () => !/^Asking/.test(await view.text(".says")) && (await view.page.locator(".primary:disabled").count()) === 0);
      };
      const cells = () => view.page.locator(".answer tbody tr").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
      await view.wait("the lake", async () => {
        await ask("SELECT timestamp, close FROM bars ORDER BY timestamp LIMIT 3");
        return (await view.page.locator(".result:visible").count()) === 1 && (await cells()).length === 3;
      });
      assert.deepEqual((await cells()).map((row) => row[1]), ["100.000000001", "101.000000001", "102.000000001"]);
      assert.match(await view.text(".says"), /^3 rows in [\d,]+ ms/);
      assert.match(decodeURIComponent(new URL(view.page.url()).hash), /q=SELECT timestamp, close/);
      await view.page.getByRole("button", { name: "close" }).click();
      await view.page.getByRole("button", { name: "close" }).click();
      assert.equal((await cells())[0][1], "102.000000001");
      await view.page.locator(".answer-chart summary").click();
      await view.page.locator(".answer-chart canvas").waitFor();
      const [file] = await Promise.all([view.page.waitForEvent("download"), view.page.locator(".result").getByRole("button", { name: "CSV" }).click()]);
      const { readFileSync } = await import("node:fs");
      assert.match(readFileSync(await file.path(), "utf8"), /^timestamp,close\r\n2026-03-02 14:30:00,100\.000000001\r\n/);

      await ask("SELECT symbol,\n  clsoe FROM bars");
      assert.match(await view.text(".sql-error"), /clsoe[\s\S]*LINE 2/);
      assert.equal(await editor.evaluate((node) => node.value.slice(node.selectionStart, node.selectionEnd)), "clsoe");

      // A query as a Hive user types it: closes are 100.000000001 … 129.000000001, and all but the first are above 101.
      await server.wait_for_lake(30);
      const hive = "SELECT `symbol`, count(*) AS n FROM default.bars WHERE close > 101 AND `timestamp` >= DATE_SUB('2026-03-03', 1) GROUP BY symbol";
      await ask(hive);
      assert.deepEqual((await cells()).map((row) => row.slice(0, 2)), [["AAPL", "29"]]);

      await view.page.getByLabel("Documented questions").selectOption({ label: "When did the signal turn?" });
      assert.match(await editor.inputValue(), /lag\(trend_signal\)/);
      await view.page.reload();
      await view.wait("the editor", async () => (await editor.count()) === 1);
      const before = view.page.getByLabel("Questions asked before").locator("option");
      assert.deepEqual((await before.allTextContents()).slice(1), [hive.slice(0, 80), "SELECT symbol, clsoe FROM bars", "SELECT timestamp, close FROM bars ORDER BY timestamp LIMIT 3"]);
    },
  },
];

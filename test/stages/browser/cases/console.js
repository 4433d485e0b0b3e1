// The SQL console: presets, answers with every digit, errors with their place, earlier questions.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

export const cases = [
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
      await view.page.locator("summary").click();
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
      assert.deepEqual(await cells(), [["AAPL", "29"]]);

      await view.page.getByLabel("Documented questions").selectOption({ label: "When did the signal turn?" });
      assert.match(await editor.inputValue(), /lag\(trend_signal\)/);
      await view.page.reload();
      await view.wait("the editor", async () => (await editor.count()) === 1);
      const before = view.page.getByLabel("Questions asked before").locator("option");
      assert.deepEqual((await before.allTextContents()).slice(1), [hive.slice(0, 80), "SELECT symbol, clsoe FROM bars", "SELECT timestamp, close FROM bars ORDER BY timestamp LIMIT 3"]);
    },
  },
];

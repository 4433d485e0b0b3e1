// The page recovers by itself after the server was killed, and after it was silent.
import assert from "node:assert/strict";
import { Server } from "../server.js";

const symbols = ["AAPL", "AMZN", "GOOGL", "MSFT", "TSLA"];
const is_final = ({ status }) => status === "final";

async function finals(view) {
  const rows = {};
  for (const symbol of symbols) rows[symbol] = (await view.ask("rows", symbol)).filter(is_final);
  return rows;
}

// The simulator has every symbol every minute, so any other step is a duplicate or a missing window.
function assert_whole(rows, when) {
  const ends = rows.map(({ window_end }) => Date.parse(`${window_end.replace(" ", "T")}Z`) / 60_000);
  for (let i = 1; i < ends.length; i++) assert.equal(ends[i] - ends[i - 1], 1, `${when}: ${rows[i - 1].window_end}, then ${rows[i].window_end}`);
}

export const cases = [
  {
    name: "killed and started again, the server finds the page waiting, and no window is doubled, missing or changed",
    async check(browser) {
      const server = await Server.start();
      const view = await browser.open(server.compare);
      await view.wait("live numbers", async () => (await view.ask("sequence")) > 3 && (await view.lamp()) === "Running");
      for (const round of [1, 2, 3]) {
        await view.wait("something to lose", async () => (await finals(view)).AAPL.length > 100);
        const before = await finals(view);
        const epoch = await view.ask("epoch");

        await server.kill();
        await view.wait("the page to notice, and old numbers to look old", async () => {
          const { lamp, banner, grey } = await view.state();
          return lamp === "Disconnected" && grey && /server is gone/.test(banner);
        });
        assert.equal((await view.badges()).length, 5, "the last numbers stay in sight");

        await server.start();
        await view.wait("the page to come back", async () => (await view.ask("epoch")) !== epoch && (await view.lamp()) === "Running");
        const newest = before.AAPL.at(-1).window_end;
        await view.wait("newer windows", async () => (await finals(view)).AAPL.filter(({ window_end }) => window_end > newest).length > 3);

        const after = await finals(view);
        for (const symbol of symbols) {
          assert_whole(after[symbol], `${symbol} after kill ${round}`);
          const known = new Map(after[symbol].map((row) => [row.window_end, row]));
          const first = after[symbol][0].window_end;
          for (const row of before[symbol]) if (row.window_end >= first) assert.deepEqual(known.get(row.window_end), row);
          const stored = new Map((await server.trends(symbol)).map((row) => [row.window_end, row]));
          for (const row of after[symbol]) assert.deepEqual(row, stored.get(row.window_end));
        }
      }
    },
  },
  {
    name: "a server that stops talking is not taken for a live one, and is found again when it talks",
    async check(browser) {
      const server = await Server.start();
      const view = await browser.open(server.compare);
      await view.wait("live numbers", async () => (await view.lamp()) === "Running");
      server.signal("SIGSTOP");
      try {
        await view.wait("the page to notice", async () => {
          const { lamp, grey } = await view.state();
          return ["Silent", "Disconnected"].includes(lamp) && grey;
        });
        await view.wait("the page to hang up", async () => (await view.lamp()) === "Disconnected");
      } finally {
        server.signal("SIGCONT");
      }
      // After too long a pause, missed messages are no longer available, and a snapshot comes.
      await view.wait("what was missed", async () => {
        const { resumed, snapshots } = await view.ask("counts");
        return resumed + snapshots >= 2;
      });
      await view.wait("the page to come back", async () => (await view.lamp()) === "Running");
      for (const [symbol, rows] of Object.entries(await finals(view))) assert_whole(rows, symbol);
    },
  },
  {
    name: "views that are opened while the server is gone come when it does",
    async check(browser) {
      const server = await Server.start();
      const [symbol, sql] = [await browser.open(server.url), await browser.open(server.url)];
      for (const view of [symbol, sql]) await view.wait("live numbers", async () => (await view.lamp()) === "Running");
      await server.kill();
      for (const view of [symbol, sql]) await view.wait("the page to notice", async () => (await view.lamp()) === "Disconnected");
      await symbol.page.keyboard.press("2");
      await sql.page.keyboard.press("5");
      await sql.wait("the words", async () => (await sql.page.locator("#view .empty").allTextContents()).join() === "SQL comes as soon as the server does.");
      await server.start();
      await sql.wait("the console", async () => (await sql.page.locator("#sql").count()) === 1);
      await symbol.wait("the candles", async () => (await symbol.ask("candles"))?.candles > 60);
    },
  },
  {
    name: "opened before the server is there, the page waits for it",
    async check(browser) {
      const server = await Server.start();
      const view = await browser.open(server.compare);
      await server.kill();
      // The test serves the page itself to the browser, and refuses its requests until the server is back.
      await view.wait("the page to notice", async () => (await view.lamp()) === "Disconnected");
      await server.start();
      await view.wait("the badges", async () => (await view.badges()).length === 5 && (await view.lamp()) === "Running");
    },
  },
];

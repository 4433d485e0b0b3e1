// The badge that says where the numbers come from, and the lamp that is lit for the market only.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

// The lamp, the badge and the title at the same moment.
const words = (view) => view.page.evaluate(() => ({ lamp: document.getElementById("lamp-word").innerText, badge: document.getElementById("source").innerText, title: document.title }));
const day = (time) => `${time.getUTCDate()} ${time.toLocaleDateString("en-GB", { month: "short", timeZone: "UTC" })} ${time.getUTCFullYear()}`;

export const cases = [
  {
    name: "simulated bars are called simulated in the badge, the title and the health view, and never live",
    async check(browser) {
      const server = await Server.start();
      const view = await browser.open(`${server.url}/#/health`, { width: 1440 });
      await view.wait("the badge", async () => /^SIMULATED ×60/.test((await words(view)).badge));
      await view.wait("the lamp", async () => (await words(view)).lamp === "Running");
      assert.match((await words(view)).title, /^SIMULATED ×60 · Health/);
      assert.match(await view.text(".verdict"), /^SIMULATED ×60\. Prices that a simulator made up: no market did this\./);
      for (const width of [1440, 1024, 768, 390]) {
        await view.page.setViewportSize({ width, height: 844 });
        await view.settle();
        const { x, width: own } = await view.page.locator("#source").boundingBox();
        assert.ok(x >= 0 && x + own <= width, `in sight at ${width} pixels`);
        const right = await view.page.evaluate(() => Math.max(...[...document.querySelectorAll(".masthead *")].map((one) => one.getBoundingClientRect().right)));
        assert.ok(right <= width, `nothing of the top line is cut at ${width} pixels`);
      }
    },
  },
  {
    name: "bars of another day carry their date, bars of now are live until they are three minutes old",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let minute = 0; minute < 5; minute++) server.write(bar("AAPL", plus("14:30", minute), 100));
      const view = await browser.open(server.url);
      await view.wait("the date", async () => (await words(view)).badge === "STDIN · 2 Mar 2026");
      assert.notEqual((await words(view)).lamp, "Live");
      const now = new Date();
      server.write(bar("AAPL", "00:00", 101, { timestamp: `${now.toISOString().slice(0, 16)}:00Z` }));
      await view.wait("live numbers", async () => (await words(view)).lamp === "Live");
      assert.ok(["STDIN", `STDIN · ${day(now)}`].includes((await words(view)).badge), "no date for today, unless midnight has come");
    },
  },
  {
    name: "a file and a replay are called what they are, with their day",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      for (let minute = 0; minute < 5; minute++) server.write(bar("AAPL", plus("14:30", minute), 100));
      await server.wait_for_lake(5);
      const view = await browser.open(`${server.url}/#/watch?replay=2026-03-02`);
      await view.wait("the replay's day", async () => (await words(view)).badge === "REPLAY of 2026-03-02");
      assert.match((await words(view)).title, /^REPLAY of 2026-03-02/);
      await view.page.getByRole("button", { name: "Back to live" }).click();
      await view.wait("standard input again", async () => (await words(view)).badge.startsWith("STDIN"));
    },
  },
];

// A replay of a stored day: the whole page follows it, and returns to the live market.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

const day = "2026-03-02";

// Two hours of two symbols in the lake, from 14:30 on, and a live bar of the next day.
async function start() {
  const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s", "--delay", "0s");
  for (let minute = 0; minute < 120; minute++) {
    const time = plus("14:30", minute);
    server.write(bar("AAPL", time, 100 + minute / 4), bar("TSLA", time, 300 - minute / 4));
  }
  server.write(bar("AAPL", "00:00", 500, { timestamp: "2026-03-03T15:00:00Z" }));
  return server;
}

const stored = async (server) => {
  const answer = await fetch(`${server.url}/api/v1/query`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ sql: `SELECT count(*) FROM bars WHERE dt = '${day}'` }),
  });
  return answer.ok && (await answer.json()).rows[0][0] === 240;
};

const phase = async (view) => (await view.ask("replay"))?.phase;
const time = async (view) => (await view.ask("replay"))?.time;
const last = async (view, symbol) => (await view.ask("last_bar", symbol))?.close;

async function enter(browser, address) {
  const server = await start();
  const view = await browser.open(server.url);
  await view.wait("the lake", () => stored(server));
  await view.page.goto(`${server.url}/#/${address}`);
  return { server, view };
}

export const cases = [
  {
    name: "a stored day is chosen, stepped, played and left, and the page follows",
    async check(browser) {
      const { view } = await enter(browser, "watch");
      const { page } = view;
      await view.wait("the live run", async () => (await last(view, "AAPL")) === "500");
      await page.keyboard.press("r");
      const days = page.getByLabel("Day", { exact: true });
      await view.wait("the days", async () => (await days.locator("option").allInnerTexts()).includes(day));
      await days.selectOption(day);
      await view.wait("the day to play", async () => (await phase(view)) === "playing");
      await view.wait("the lamp of a replay", async () => /Replay/.test(await view.lamp()));
      await page.getByRole("button", { name: "Pause" }).click();
      await view.wait("a pause", async () => (await phase(view)) === "paused");
      await view.wait("the lamp to say so", async () => (await view.lamp()) === "Replay paused");
      const before = await time(view);
      await page.getByRole("button", { name: "+1 min" }).click();
      await view.wait("a minute more", async () => Date.parse(await time(view)) - Date.parse(before) === 60_000);
      const minutes = (Date.parse(await time(view)) - Date.parse(`${day}T14:30:00Z`)) / 60_000;
      await view.wait("the bar of that minute", async () => (await last(view, "AAPL")) === String(100 + (minutes - 1) / 4));

      await page.getByLabel("Speed").selectOption("max");
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await view.wait("the end of the day", async () => (await phase(view)) === "ended");
      await view.wait("its last bar", async () => (await last(view, "AAPL")) === "129.75" && (await last(view, "TSLA")) === "270.25");
      await view.wait("all windows to be closed", async () => (await view.ask("rows", "AAPL")).every(({ status }) => status === "final"));

      await page.getByRole("button", { name: "Back to live" }).click();
      await view.wait("the live run again", async () => (await last(view, "AAPL")) === "500" && (await view.ask("replay")) === null);
      await view.wait("nothing of it to be left", async () => !/replay/.test(page.url()) && !(await page.locator("section.replay").isVisible()));
      assert.deepEqual(view.complaints, []);
    },
  },
  {
    name: "a moment of a replay is an address, and nothing of what came later is shown, also not from the lake",
    async check(browser) {
      const { view } = await enter(browser, `symbol/AAPL?range=all&replay=${day}T15:00:00Z`);
      await view.wait("the moment", async () => (await time(view)) === `${day}T15:00:00Z` && (await phase(view)) === "paused");
      await view.wait("the candles of half an hour", async () => (await view.ask("candles"))?.candles === 30);
      await view.page.reload();
      await view.wait("the same again", async () => (await view.ask("candles"))?.candles === 30 && (await time(view)) === `${day}T15:00:00Z`);
      // One minute back with the slider's keys.
      await view.page.getByLabel("Time of the day").focus();
      await view.page.keyboard.press("ArrowLeft");
      await view.wait("a minute less", async () => (await view.ask("candles"))?.candles === 29);
      await view.wait("the address to say so", () => view.page.url().includes("14%3A59"));
      assert.equal(await last(view, "AAPL"), "107");
    },
  },
  {
    name: "a replay outlives the server: killed and started again, it stands where it stood",
    async check(browser) {
      const { server, view } = await enter(browser, `watch?replay=${day}T15:10:00Z`);
      await view.wait("the moment", async () => (await time(view)) === `${day}T15:10:00Z`);
      const { id } = await view.ask("replay");
      await server.kill();
      await view.wait("the page to notice", async () => (await view.lamp()) === "Disconnected");
      await server.start();
      await view.wait("another replay at the same minute", async () => (await view.ask("replay"))?.id !== id && (await time(view)) === `${day}T15:10:00Z`);
      await view.wait("its bar", async () => (await last(view, "TSLA")) === "290.25");
    },
  },
  {
    name: "a day that is not stored is said to be none, and the page stays live",
    async check(browser) {
      const { view } = await enter(browser, "watch?replay=2026-03-09");
      await view.wait("the sentence", async () => (await view.text(".replay-note")).includes("no bars of 2026-03-09"));
      await view.wait("the live run", async () => (await last(view, "AAPL")) === "500");
      assert.equal(await view.ask("replay"), null);
    },
  },
];

// The heat map: its cells against the API, the card, the keys, the table of the same, thousands of symbols.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

const canvas = ".heat-canvas canvas";

// The middle of a cell on the screen.
async function middle(view, symbol) {
  const { cells, columns, rows, width, height } = await view.ask("map");
  const index = cells.findIndex((cell) => cell.symbol === symbol);
  const box = await view.page.locator(canvas).boundingBox();
  return { x: box.x + ((index % columns) + 0.5) * (width / columns), y: box.y + (Math.floor(index / columns) + 0.5) * (height / rows) };
}

async function with_market() {
  const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
  const friday = (symbol, close) => bar(symbol, "14:30", close, { timestamp: "2026-02-27T20:59:00Z" });
  server.write(friday("UP", 100), friday("DOWN", 100), friday("SAME", 100));
  for (let minute = 0; minute < 6; minute++)
    server.write(bar("UP", plus("14:30", minute), 100 + minute, { volume: 1_000 }), bar("DOWN", plus("14:30", minute), 100 - minute, { volume: 50_000 }), bar("SAME", plus("14:30", minute), 100, { volume: 10 }));
  await server.wait_for_lake(21);
  return server;
}

export const cases = [
  {
    name: "the cells of the map have the numbers of the API by signal, change, volatility and volume",
    async check(browser) {
      const server = await with_market();
      const view = await browser.open(`${server.url}/#/map`);
      const values = async () => Object.fromEntries(((await view.ask("map"))?.cells ?? []).map(({ symbol, value }) => [symbol, value]));
      const in_api = async () => Object.fromEntries((await server.get("/api/v1/symbols")).symbols.map(({ symbol, trend }) => [symbol, trend]));
      const shows = (what, value_of) =>
        view.wait(what, async () => {
          const trends = await in_api();
          return JSON.stringify(await values()) === JSON.stringify(Object.fromEntries(Object.keys(trends).sort().map((symbol) => [symbol, value_of(trends[symbol], symbol)])));
        });
      await shows("signals", ({ trend_signal }) => ({ BULLISH: 1, NEUTRAL: 0, BEARISH: -1 })[trend_signal]);
      await view.page.getByRole("button", { name: "Volume", exact: true }).click();
      await shows("volumes", ({ avg_volume }) => avg_volume);
      await view.page.getByRole("button", { name: "Volatility", exact: true }).click();
      await shows("volatilities", ({ volatility, avg_close }) => (volatility / avg_close) * 100);
      await view.page.getByRole("button", { name: "Change", exact: true }).click();
      await shows("changes since Friday's close of 100", (_, symbol) => ({ UP: 5, DOWN: -5, SAME: 0 })[symbol]);
      await view.page.getByRole("button", { name: "By value" }).click();
      await view.wait("their order", async () => (await view.ask("map")).cells.map(({ symbol }) => symbol).join() === "UP,SAME,DOWN");
      assert.equal(new URL(view.page.url()).hash, "#/map?by=change&order=value");
    },
  },
  {
    name: "the map's card, keys and table say the same as the cell, and a press opens the symbol",
    async check(browser) {
      const server = await with_market();
      const view = await browser.open(`${server.url}/#/map?by=change`);
      await view.wait("the changes", async () => (await view.ask("map"))?.cells.find(({ symbol }) => symbol === "UP")?.value === 5);
      await view.settle();
      const card = async () => (await view.text(".heat-card")).replaceAll("\u202f", " ");
      const at = await middle(view, "UP");
      await view.page.mouse.move(at.x, at.y);
      await view.wait("the card", async () => (await view.page.locator(".heat-card:visible").count()) === 1);
      const trend = (await server.get("/api/v1/symbols")).symbols.find(({ symbol }) => symbol === "UP").trend;
      for (const text of ["UP", "+5.00 %", trend.volatility.toFixed(4), "1,000", "▲ Bullish"].filter((text) => text !== "▲ Bullish" || trend.trend_signal === "BULLISH")) assert.ok((await card()).includes(text), `${text} in ${await card()}`);
      await view.page.mouse.move(at.x, 5);
      await view.wait("no card", async () => (await view.page.locator(".heat-card:visible").count()) === 0);
      await view.page.locator(".heat-canvas").focus();
      await view.page.keyboard.press("ArrowRight");
      await view.page.keyboard.press("End");
      assert.ok((await card()).startsWith("UP"), "the last by name");
      await view.page.getByRole("button", { name: "Table" }).click();
      const line = view.page.locator('.map-view .list .line[data-symbol="UP"]');
      await line.waitFor();
      const cells = (await line.locator(".cell").allTextContents()).map((text) => text.replaceAll("\u202f", " "));
      assert.deepEqual([cells[0], cells[2], cells[3], cells[5]], ["UP", "+5.00 %", trend.volatility.toFixed(4), "1,000"]);
      assert.equal(new URL(view.page.url()).hash, "#/map?by=change&table");
      await view.page.getByRole("button", { name: "Table" }).click();
      await view.settle();
      const there = await middle(view, "DOWN");
      await view.page.mouse.click(there.x, there.y);
      await view.wait("its chart", async () => (await view.text(".symbol-name")) === "DOWN");
    },
  },
  {
    name: "five thousand symbols are on the map, and as many lines in its table without as many elements",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let i = 0; i < 5_000; i++) server.write(bar(`S${String(i).padStart(4, "0")}`, "14:30", 10 + i / 100));
      const view = await browser.open(`${server.url}/#/map`);
      await view.wait("all cells", async () => (await view.ask("map"))?.cells.length === 5_000);
      const colours = () => view.page.locator(canvas).evaluate((node) => {
        const { data, width, height } = node.getContext("2d").getImageData(0, 0, node.width, node.height);
        let painted = 0;
        for (let at = 3; at < data.length; at += 4) if (data[at] > 0) painted++;
        return painted / (width * height);
      });
      await view.wait("the picture", async () => (await colours()) > 0.7);
      await view.page.getByRole("button", { name: "Table" }).click();
      await view.wait("the last line", async () => {
        await view.page.locator(".map-view .list").evaluate((list) => list.scrollTo(0, list.scrollHeight));
        return (await view.page.locator('.map-view .list .line[data-symbol="S4999"]').count()) === 1;
      });
      assert.ok((await view.page.locator(".map-view .list .line").count()) < 60);
      assert.equal(await view.page.locator(".map-view [role=table]").getAttribute("aria-rowcount"), "5001");
    },
  },
];

// The watchlist: the contents of a line, the order, the search, thousands of symbols, and the keys.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

// The texts of a line of the list, by column.
async function line(view, symbol) {
  const found = view.page.locator(`.list .line[data-symbol="${symbol}"]`);
  if ((await found.count()) === 0) return null;
  return found.evaluate((line) =>
    Object.fromEntries([...line.children].map((cell) => [/of-(\w+)/.exec(cell.className)[1], cell.textContent.replaceAll("\u202f", " ")])),
  );
}

// The visible symbols, from top to bottom.
function order(view) {
  return view.page.locator(".list .line:not([hidden])").evaluateAll((lines) =>
    lines.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map((one) => one.dataset.symbol),
  );
}

const sort_by = (view, column) => view.page.locator(`.heads .of-${column} button`).click();

export const cases = [
  {
    name: "a condition leaves the symbols that fulfil it, in the URL too, and says what it does not understand",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let minute = 0; minute < 6; minute++) server.write(bar("UP", plus("14:30", minute), 100 + minute, { open: 99 }), bar("DOWN", plus("14:30", minute), 100 - minute, { open: 101 }), bar("HALF", plus("14:30", minute), 50, { open: minute % 2 ? 49 : 51 }));
      const view = await browser.open(server.url);
      await view.wait("three lines", async () => (await order(view)).length === 3);
      const trends = (await server.get("/api/v1/symbols")).symbols;
      const by_api = (passes) => trends.filter(({ trend }) => passes(trend)).map(({ symbol }) => symbol).join();
      const shows = (condition, expected) => view.page.locator("#find").fill(condition).then(() => view.wait(condition, async () => (await order(view)).join() === expected));
      await shows("buy pressure > 60", by_api(({ buy_pressure }) => buy_pressure > 0.6));
      assert.deepEqual(await order(view), ["UP"]);
      await shows("signal = NEUTRAL and buy pressure <= 60 or last > 104", by_api(({ symbol, trend_signal, buy_pressure }) => (trend_signal === "NEUTRAL" && buy_pressure <= 0.6) || symbol === "UP"));
      await view.page.reload();
      await view.wait("the same", async () => (await order(view)).length > 0 && (await view.page.locator("#find").inputValue()).startsWith("signal = NEUTRAL and"));
      await view.page.locator("#find").fill("colour = red");
      await view.wait("the reason", async () => (await view.text(".watch-view .hint")).startsWith('"colour" is none of symbol, last'));
      assert.equal((await order(view)).length, 3, "nothing is left out");
    },
  },
  {
    name: "a line of the watchlist has the digits that came, and the change since the close of the trading day before",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      // Friday's last bar, in the evening; on Monday 175.3 is 0.2 more: 0.2 / 175.1 = 0.114 %.
      server.write(bar("AAPL", "14:30", 170, { timestamp: "2026-02-27T14:30:00Z" }), bar("AAPL", "20:59", 175.1, { timestamp: "2026-02-27T20:59:00Z" }));
      for (let minute = 0; minute < 8; minute++) server.write(bar("AAPL", plus("14:30", minute), 175.1 + minute / 100), bar("NEW", plus("14:30", minute), 10));
      await server.wait_for_lake(18);
      server.write(bar("AAPL", "14:38", 175.3, { open: 175.2 }));
      const view = await browser.open(server.url);
      await view.wait("the change", async () => (await line(view, "AAPL"))?.change === "+0.20");
      await view.wait("word of the last bar", async () => (await line(view, "NEW")).age === "60 s");
      const newest = async () => (await server.trends("AAPL")).find(({ window_end }) => window_end === "2026-03-02 14:39:00");
      await view.wait("its window", async () => (await line(view, "AAPL")).volatility === (await newest())?.volatility.toFixed(4));
      const shown = await line(view, "AAPL");
      assert.equal(shown.last, "175.30");
      assert.equal(shown.percent, "+0.11 %");
      assert.equal(shown.session, "Regular");
      assert.equal(shown.pressure, `${(await newest()).buy_pressure * 100} %`);
      assert.match(shown.signal, /^[▲▼◆] (Bullish|Bearish|Neutral)$/, "a shape and a word, not only a colour");
      const unknown = await line(view, "NEW");
      assert.deepEqual([unknown.last, unknown.change, unknown.percent, unknown.age], ["10.00", "–", "–", "60 s"], "no close of before, no change");
    },
  },
  {
    name: "the watchlist is sorted by any column and filtered by typing, and both are in the URL",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      server.write(bar("AAA", "14:30", 30), bar("ABB", "14:30", 10), bar("CCC", "14:30", 20));
      const view = await browser.open(server.url);
      await view.wait("three lines", async () => (await order(view)).length === 3);
      await sort_by(view, "last");
      await view.wait("the largest first", async () => (await order(view)).join() === "AAA,CCC,ABB");
      await sort_by(view, "last");
      await view.wait("the smallest first", async () => (await order(view)).join() === "ABB,CCC,AAA");
      assert.equal(new URL(view.page.url()).hash, "#/watch?sort=last");
      await view.page.keyboard.press("/");
      await view.page.keyboard.type("a");
      await view.wait("those with an A", async () => (await order(view)).join() === "ABB,AAA");
      assert.equal(await view.text(".count"), "2 of 3 symbols");
      assert.equal(new URL(view.page.url()).hash, "#/watch?find=a&sort=last");
      await view.page.reload();
      await view.wait("the same again", async () => (await order(view)).join() === "ABB,AAA");
    },
  },
  ...[[1440, 34], [768, 34], [390, 54]].map(([width, height]) => ({
    name: `every column is in sight and sorts the list, ${width} pixels wide`,
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      // Friday's closes, then a Monday on which each symbol leads in some column.
      const closes = { AAA: [10, 11, 12, 12, 13], BBB: [10.05, 10, 10, 9.5, 9], "CCC/USD": [300, 320, 270, 310, 290] };
      for (const symbol of Object.keys(closes)) server.write(bar(symbol, "20:59", symbol === "CCC/USD" ? 200 : 10, { timestamp: "2026-02-27T20:59:00Z" }));
      for (let minute = 0; minute < 5; minute++)
        for (const [symbol, of_symbol] of Object.entries(closes))
          if (symbol !== "BBB" || minute < 4) server.write(bar(symbol, plus("14:30", minute), of_symbol[minute], { open: symbol === "AAA" ? 9 : 400 }));
      await server.wait_for_lake(17);
      const view = await browser.open(server.url, { width });
      await view.wait("changes", async () => (await line(view, "CCC/USD"))?.change === "+90.00" && (await line(view, "AAA")).change === "+3.00");
      assert.equal((await view.page.locator(".list .line").first().boundingBox()).height, height);
      const cut = await view.page.evaluate(() => {
        const edges = document.querySelector(".watchlist").getBoundingClientRect();
        return [...document.querySelectorAll(".watchlist .cell")].filter((cell) => {
          const { left, right, width } = cell.getBoundingClientRect();
          return cell.closest(".line:not([hidden])") && (width === 0 || left < edges.left || right > edges.right || cell.scrollWidth > cell.clientWidth + 1);
        }).map((cell) => `${cell.className}: ${cell.textContent}`);
      });
      assert.deepEqual(cut, []);
      // The symbols for each column, the largest first.
      const right = {
        last: "CCC/USD,AAA,BBB", change: "CCC/USD,AAA,BBB", percent: "CCC/USD,AAA,BBB", move: "AAA,CCC/USD,BBB", signal: null,
        pressure: "AAA,BBB,CCC/USD", volatility: "CCC/USD,AAA,BBB", session: "CCC/USD,AAA,BBB", age: "BBB,AAA,CCC/USD",
      };
      for (const [column, wanted] of Object.entries(right)) {
        await sort_by(view, column);
        await view.wait(`the head of ${column}`, async () => (await view.page.locator(`.heads .of-${column}`).getAttribute("aria-sort")) === "descending");
        if (wanted) await view.wait(`by ${column}: ${wanted}`, async () => (await order(view)).join() === wanted);
        if (column === "signal") {
          const words = ["▼ Bearish", "◆ Neutral", "▲ Bullish"];
          await view.wait("bullish ones first", async () => {
            const ranks = await Promise.all((await order(view)).map(async (symbol) => words.indexOf((await line(view, symbol)).signal)));
            return ranks.length === 3 && ranks.every((rank, i) => rank >= 0 && (i === 0 || rank <= ranks[i - 1]));
          });
        }
        assert.equal(new URL(view.page.url()).hash, `#/watch?sort=${column}&down`);
      }
      await sort_by(view, "symbol");
      await view.wait("by name", async () => (await order(view)).join() === "AAA,BBB,CCC/USD");
      await sort_by(view, "symbol");
      await view.wait("by name, turned round", async () => (await order(view)).join() === "CCC/USD,BBB,AAA");
    },
  })),
  {
    name: "five thousand symbols: never more than a screenful of elements, wherever it is scrolled",
    async check(browser) {
      const server = await Server.start("--symbols", "5000", "--speed", "1");
      const view = await browser.open(server.url);
      await view.wait("all of them", async () => (await view.page.locator(".count").count()) === 1 && (await view.text(".count")) === "5,000 symbols");
      await view.wait("live numbers", async () => (await view.lamp()) === "Running");
      assert.ok((await view.page.locator(".list .line").count()) < 60);
      const list = view.page.locator(".list");
      const most = await list.evaluate(async (list) => {
        let most = 0;
        for (let i = 0; i < 60; i++) {
          list.scrollTop += 2_500;
          await new Promise(requestAnimationFrame);
          most = Math.max(most, list.querySelectorAll(".line").length);
        }
        return most;
      });
      assert.ok(most > 10 && most < 60, `${most} lines at once`);
      assert.ok((await view.page.locator(".list .line").count()) < 60);
      await list.focus();
      await view.page.keyboard.press("End");
      const symbols = await view.ask("symbols");
      await view.wait("the last one", async () => (await order(view)).at(-1) === symbols.at(-1));
      await view.page.keyboard.press("Enter");
      await view.wait("its page", async () => new URL(view.page.url()).hash === `#/symbol/${encodeURIComponent(symbols.at(-1))}`);
    },
  },
  {
    name: "a badge flashes when its signal turns, and keeps still for those who asked for calm",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const look = async (reduced_motion) => {
        const view = await browser.open(server.url, { reduced_motion });
        await view.wait("the line", async () => (await line(view, "AAPL")) !== null);
        return view;
      };
      // A flash is short, so the page itself records which badges have flashed.
      const watch_flashes = (view) => view.page.evaluate(() => {
        window.flashed = [];
        addEventListener("animationstart", ({ target, animationName }) => target.matches(".signal") && window.flashed.push(`${animationName} ${target.closest(".line").dataset.symbol}`), true);
      });
      const flashes = (view) => view.page.evaluate(() => window.flashed);
      for (let minute = 0; minute < 5; minute++) server.write(bar("AAPL", plus("14:30", minute), 100 + minute));
      const [lively, calm] = [await look(false), await look(true)];
      for (const view of [lively, calm]) {
        await view.wait("the fifth bar", async () => (await view.ask("last_bar", "AAPL"))?.close === "104");
        await view.wait("neutral", async () => (await line(view, "AAPL")).signal === "◆ Neutral");
        assert.equal(await view.page.locator(".signal.turned").count(), 0, "what is there at first has not turned");
        await watch_flashes(view);
      }
      server.write(bar("AAPL", "14:34", 109)); // 104 becomes 109: 103 < 103.6, BEARISH
      await lively.wait("the flash", async () => (await flashes(lively)).length > 0);
      assert.deepEqual(await flashes(lively), ["turned AAPL"]);
      await calm.wait("the turn", async () => (await line(calm, "AAPL")).signal === "▼ Bearish");
      await calm.settle();
      assert.deepEqual(await flashes(calm), []);
    },
  },
  {
    name: "a correction reaches the last price, and a bar that comes late does not",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.url);
      server.write(bar("AAPL", "14:30", 100), bar("AAPL", "14:31", 101));
      await view.wait("the first", async () => (await line(view, "AAPL"))?.last === "101.00");
      server.write(bar("AAPL", "14:31", 101.125));
      await view.wait("the correction", async () => (await line(view, "AAPL")).last === "101.125");
      server.write(bar("AAPL", "14:30", 99));
      await view.wait("both in the account", async () => (await view.ask("status")).account.corrected === 2);
      assert.equal((await line(view, "AAPL")).last, "101.125");
    },
  },
];

// The signals view: the flips of lake and stream against SQL, the filters, the way to the minute, thousands of flips.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";
import { wait_for } from "../wait.js";

// "When did the signal turn?" of docs/questions.md, newest first.
const flips = (condition = "true") =>
  `SELECT symbol, window_end, was, trend_signal, round(100 * price_range / avg_close, 2) AS pct
   FROM (SELECT *, lag(trend_signal) OVER (PARTITION BY symbol ORDER BY window_end) AS was FROM stock_trends)
   WHERE was <> trend_signal AND ${condition} ORDER BY window_end DESC, symbol`;

const wave = (minute, seed) => Number((100 + 3 * Math.sin(minute / 6 + seed) + Math.sin(minute * 2.3 + seed)).toFixed(2));

function write(server, symbols, from, minutes) {
  for (let minute = 0; minute < minutes; minute++) server.write(...symbols.map((symbol, seed) => bar(symbol, plus(from, minute), wave(minute, seed))));
}

// The lines from top to bottom: symbol, end, was, became, range.
function lines(view) {
  return view.page.locator(".signals-view .list .line:not([hidden])").evaluateAll((found) =>
    found
      .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
      .map((line) => [
        line.dataset.symbol,
        new Date(line.dataset.end * 1000).toISOString().slice(0, 19).replace("T", " "),
        ...[...line.querySelectorAll(".signal")].map((badge) => badge.textContent.slice(2).toUpperCase()),
        Number(line.querySelector(".of-range-percent").textContent.replace(/[^\d.]/g, "")),
      ]),
  );
}

// By the hour of the last instant: bullish, neutral and bearish, of the columns' own words.
async function hours(view) {
  const words = await view.page.locator(".hour").evaluateAll((found) => found.map((column) => [Number(column.dataset.hour), column.title]));
  return words.map(([hour, text]) => [hour, ...["bullish", "neutral", "bearish"].map((signal) => Number(new RegExp(`([\\d,]+) to ${signal}`).exec(text)[1].replace(",", "")))]);
}

export const cases = [
  {
    name: "the flips of lake and stream are those of SQL, each once and newest first, and so are the counts by the hour",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      const symbols = ["AAPL", "MSFT", "TSLA"];
      write(server, symbols, "14:00", 70);
      await server.wait_for_lake(210);
      const view = await browser.open(`${server.url}/#/signals`, { height: 6_000 });
      await view.wait("flips of the lake", async () => (await lines(view)).length > 20);
      write(server, symbols, "15:10", 60); // these come by the stream
      server.end_input();
      await view.wait("the last flip", async () => {
        const rows = await server.sql(flips());
        return rows.length > 60 && JSON.stringify(await lines(view)) === JSON.stringify(rows);
      });
      const told = await server.sql(
        `SELECT epoch(date_trunc('hour', window_end::TIMESTAMP - INTERVAL 1 SECOND))::BIGINT AS hour, ${["BULLISH", "NEUTRAL", "BEARISH"].map((signal) => `count(*) FILTER (trend_signal = '${signal}')`).join(", ")} FROM (${flips()}) GROUP BY ALL ORDER BY hour`,
      );
      assert.deepEqual(await hours(view), told);
      const [[count]] = await server.sql(`SELECT count(*) FROM (${flips()})`);
      assert.match(await view.text(".signals-view .count"), new RegExp(`^${count} flips`));
      // The same from the lake alone.
      await view.page.reload();
      await view.wait("the same flips", async () => JSON.stringify(await lines(view)) === JSON.stringify(await server.sql(flips())));
    },
  },
  {
    name: "flips are filtered by symbol, kind and range, in the URL too, and lead to the minute on the symbol's chart",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      write(server, ["AAPL", "TSLA"], "14:00", 90);
      server.end_input();
      await server.wait_for_lake(180);
      const view = await browser.open(`${server.url}/#/signals`, { height: 4_000 });
      const shows = (what, condition) =>
        view.wait(what, async () => {
          const rows = await server.sql(flips(condition));
          return rows.length > 0 && JSON.stringify(await lines(view)) === JSON.stringify(rows);
        });
      await shows("all");
      await view.page.getByLabel("Only symbols with").fill("ts");
      await shows("one symbol", "symbol = 'TSLA'");
      await view.page.getByLabel("Kind of flip").selectOption("bearish");
      await shows("those to bearish", "symbol = 'TSLA' AND trend_signal = 'BEARISH'");
      await view.page.getByLabel(/Least range/).fill("1.5");
      await shows("wide ones", "symbol = 'TSLA' AND trend_signal = 'BEARISH' AND 100 * price_range / avg_close >= 1.5");
      assert.equal(new URL(view.page.url()).hash, "#/signals?find=ts&kind=bearish&least=1.5");
      await view.page.reload();
      await shows("the same", "symbol = 'TSLA' AND trend_signal = 'BEARISH' AND 100 * price_range / avg_close >= 1.5");
      const [[, end]] = await lines(view);
      const minute = Date.parse(`${end.replace(" ", "T")}Z`) - 60_000; // the last minute of the window
      const text = (time) => `${new Date(time).toISOString().slice(0, 16)}Z`;
      const wanted = `#/symbol/TSLA?from=${text(minute - 1_800_000)}&to=${text(minute + 1_800_000)}`;
      assert.equal(await view.page.locator(".signals-view .list .line:not([hidden]) a").first().getAttribute("href"), wanted);
      await view.page.locator(".signals-view .list").focus();
      await view.page.keyboard.press("ArrowDown");
      await view.page.keyboard.press("Enter");
      await view.wait("its chart", async () => (await view.text(".symbol-name")) === "TSLA");
      assert.equal(new URL(view.page.url()).hash, wanted);
      await view.page.goBack();
      await shows("the list again", "symbol = 'TSLA' AND trend_signal = 'BEARISH' AND 100 * price_range / avg_close >= 1.5");
    },
  },
  {
    name: "of thousands of flips a screenful is built, and scrolling reaches the oldest",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      const symbols = Array.from({ length: 50 }, (_, i) => `S${String(i).padStart(2, "0")}`);
      write(server, symbols, "14:00", 120);
      server.end_input();
      await server.wait_for_lake(6_000);
      const view = await browser.open(`${server.url}/#/signals`);
      await view.wait("the flips", async () => (await lines(view)).length > 10);
      const all = await wait_for("more than a page of them", async () => {
        const rows = await server.sql(flips());
        return rows.length > 1_100 && rows;
      });
      await view.wait("the count", async () => (await view.text(".signals-view .count")).startsWith(all.length.toLocaleString("en-US")));
      await view.wait("the oldest", async () => {
        await view.page.locator(".signals-view .list").evaluate((list) => list.scrollTo(0, list.scrollHeight));
        await view.settle();
        return JSON.stringify((await lines(view)).at(-1)) === JSON.stringify(all.at(-1));
      });
      assert.ok((await view.page.locator(".signals-view .list .line").count()) < 60);
      assert.deepEqual(view.complaints, []);
    },
  },
];

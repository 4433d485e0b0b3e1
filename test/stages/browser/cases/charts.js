// Badges and charts show the server's numbers, one point for each window, in order of time.
import assert from "node:assert/strict";
import { at, bar, plus } from "../bars.js";
import { Server } from "../server.js";

// Five minutes of AAPL. Closes 100 … 104: average 102, standard deviation √2.5 = 1.5811; three of five close above
// their open; volumes 1000 … 1400: average 1200. 102 lies between 100 + 0.4·4 and 100 + 0.6·4: NEUTRAL.
const five_minutes = [
  bar("AAPL", "14:30", 100, { open: 99, volume: 1000 }),
  bar("AAPL", "14:31", 101, { open: 100, volume: 1100 }),
  bar("AAPL", "14:32", 102, { open: 103, volume: 1200 }),
  bar("AAPL", "14:33", 103, { open: 104, volume: 1300 }),
  bar("AAPL", "14:34", 104, { open: 103, volume: 1400 }),
];

export const cases = [
  {
    name: "the first badges show what /api/v1/trends says",
    async check(browser) {
      const server = await Server.start("--speed", "1"); // a bar a minute, so that the numbers stand still
      const view = await browser.open(server.compare);
      await view.wait("five badges", async () => (await view.badges()).filter(({ window_end }) => window_end).length === 5);
      for (const badge of await view.badges()) {
        const row = (await server.trends(badge.symbol)).find(({ window_end }) => window_end === badge.window_end);
        assert.ok(row, `${badge.symbol} has a window that ends ${badge.window_end}`);
        const shape = { BULLISH: "▲", BEARISH: "▼", NEUTRAL: "◆" }[row.trend_signal];
        assert.equal(badge.price.replaceAll(",", ""), row.avg_close.toFixed(4));
        assert.equal(badge.signal, `${shape} ${row.trend_signal}`);
        assert.equal(badge.pressure, `buy ${Math.round(row.buy_pressure * 100)} %`);
      }
    },
  },
  {
    name: "numbers calculated by hand stand on badge and legends",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare);
      server.write(...five_minutes);
      await view.wait_for_price("AAPL", "102.0000");
      const badge = await view.badge("AAPL");
      assert.equal(badge.signal, "◆ NEUTRAL");
      assert.equal(badge.pressure, "buy 60 %");
      assert.equal(badge.window, "to 14:35 · 5 bars · open");
      assert.deepEqual(await view.legend("average-close"), { AAPL: "102.0000" });
      assert.deepEqual(await view.legend("volatility"), { AAPL: "1.5811" });
      assert.deepEqual(await view.legend("average-volume"), { AAPL: "1,200" });
      assert.deepEqual(await view.legend("buy-pressure"), { AAPL: "60 %" });
      const range = await view.page.locator(".small dd").allInnerTexts();
      assert.deepEqual(range, ["104.0000", "102.0000", "100.0000", "4.0000"]);
    },
  },
  {
    name: "a badge of the newest day names no day, although no status has come yet",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare, { without: "status" });
      await view.wait("the status of before the first bar", async () => (await view.ask("status"))?.event_time === null);
      server.write(...five_minutes);
      await view.wait_for_price("AAPL", "102.0000");
      assert.equal((await view.badge("AAPL")).window, "to 14:35 · 5 bars · open");
    },
  },
  {
    name: "an update replaces its window and adds no point",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare);
      server.write(...five_minutes);
      await view.wait_for_price("AAPL", "102.0000");
      const before = await view.ask("times");
      // 104 becomes 109: average 103 < 100 + 0.4·9 = 103.6: BEARISH.
      server.write(bar("AAPL", "14:34", 109, { open: 103, volume: 1400 }));
      await view.wait_for_price("AAPL", "103.0000");
      assert.equal((await view.badge("AAPL")).signal, "▼ BEARISH");
      assert.deepEqual(await view.ask("times"), before);
      const drawn = (await view.ask("drawn")).average_close[0];
      assert.equal(drawn[before.indexOf(at("14:35"))], 103);
    },
  },
  {
    name: "points are in strict order of time, one a window, also when bars come out of order",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare);
      const minutes = [0, 2, 1, 4, 3, 5, 7, 6, 8, 9, 11, 10, 12]; // never later than the delay of two minutes
      for (const minute of minutes) {
        const sequence = await view.ask("sequence");
        server.write(bar("AAPL", plus("14:30", minute), 100 + minute), bar("TSLA", plus("14:30", minute), 250));
        await view.wait("its updates", async () => (await view.ask("sequence")) > sequence); // one at a time
      }
      const expected = Array.from({ length: 17 }, (_, i) => at(plus("14:31", i))); // 14:31 … 14:47
      for (const symbol of ["AAPL", "TSLA"]) {
        const ends = async () => (await view.ask("rows", symbol)).map(({ window_end }) => Date.parse(`${window_end.replace(" ", "T")}Z`) / 1000);
        await view.wait(`all windows of ${symbol}`, async () => (await ends()).at(-1) === expected.at(-1));
        assert.deepEqual(await ends(), expected);
      }
      assert.deepEqual(await view.ask("times"), expected);
    },
  },
  {
    name: "a window without a volatility, and time without windows, are gaps in the lines",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare);
      for (let minute = 0; minute < 10; minute++) server.write(bar("AAPL", plus("14:00", minute), 100 + (minute % 3)));
      server.write(bar("AAPL", "14:30", 101)); // the only bar of all its windows
      for (let minute = 0; minute < 10; minute++) server.write(bar("AAPL", plus("14:40", minute), 100 + (minute % 3)));
      await view.wait("the last window", async () => (await view.ask("times")).at(-1) === at("14:54"));
      await view.wait_for_charts((await view.ask("times")).length);
      await view.settle();

      const times = await view.ask("times");
      const places = await view.ask("places");
      const { volatility, average_close } = await view.ask("drawn");
      assert.equal(average_close[0][times.indexOf(at("14:33"))], 101);
      assert.equal(volatility[0][times.indexOf(at("14:33"))], null);

      const share = (columns, from, to) => {
        const place = (time) => places[times.indexOf(at(time))];
        const column = (time) => Math.round(((place(time) - places[0]) / (places.at(-1) - places[0])) * columns.length);
        const part = columns.slice(column(from) + 4, column(to) - 4); // a line is several pixels wide
        return part.filter(Boolean).length / part.length;
      };
      const closes = await view.ink("average-close");
      assert.equal(share(closes, "14:03", "14:12"), 1, "a line through the first windows");
      assert.equal(share(closes, "14:14", "14:31"), 0, "no line where there are no windows");
      assert.equal(share(closes, "14:31", "14:35"), 1, "a line through the windows of the lone bar");
      const volatilities = await view.ink("volatility");
      assert.ok(share(volatilities, "14:03", "14:12") > 0.9, "a line through the first volatilities");
      assert.equal(share(volatilities, "14:14", "14:42"), 0, "no line through the windows of the lone bar");
    },
  },
  {
    name: "the arrow keys move one crosshair through all charts, and the legends read its window",
    async check(browser) {
      const server = await Server.start("--speed", "1");
      const view = await browser.open(`${server.url}/#/compare?symbols=AAPL,TSLA&scale=price`);
      await view.wait_for_charts(100);
      await view.page.locator(".volatility .plot").focus();
      let clock = "";
      await view.wait("the crosshair", async () => {
        await view.page.keyboard.press("Home");
        for (let i = 0; i < 30; i++) await view.page.keyboard.press("ArrowRight"); // new windows move it meanwhile
        clock = new Date((await view.ask("times"))[30] * 1000).toISOString().slice(11, 16);
        return (await view.text("#readout")).includes(`–${clock} UTC`);
      });
      for (const symbol of ["AAPL", "TSLA"]) {
        const row = (await server.trends(symbol)).find(({ window_end }) => window_end.slice(11, 16) === clock);
        assert.equal((await view.legend("average-close"))[symbol].replaceAll(",", ""), row.avg_close.toFixed(4));
        assert.equal((await view.legend("volatility"))[symbol], row.volatility.toFixed(4));
        assert.equal((await view.legend("average-volume"))[symbol].replaceAll(",", ""), String(row.avg_volume));
      }
      await view.page.keyboard.press("Escape");
      await view.wait("the present", async () => (await view.text("#readout")).startsWith("Now"));
    },
  },
];

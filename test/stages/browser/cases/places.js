// Prices of coins and currencies: every digit of the input, the server's own digits of windows, and no exponents.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

const coin = "SHIB/USD";
const currency = "EUR/USD";

// The newest row, with numbers as their original text.
async function texts(server, symbol, window_end) {
  const answer = await fetch(`${server.url}/api/v1/trends?symbol=${encodeURIComponent(symbol)}&limit=1000`);
  const { trends } = JSON.parse(await answer.text(), (_, value, { source }) => (typeof value === "number" ? source : value));
  return trends.find((row) => row.window_end === window_end);
}

// An exponent in the text of the page, if there is one.
const exponent = (view) => view.page.evaluate(() => /\d(\.\d+)?e[+-]?\d+/i.exec(document.body.innerText)?.[0] ?? null);

export const cases = [
  {
    name: "a coin at 0.00000812 and EUR/USD have the digits of the server on every view, and no exponent",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      for (let minute = 0; minute < 5; minute++) {
        const [low, high] = [0.00000811 + minute * 1e-8, 1.08425 + minute * 1e-5].map((price, i) => Number(price.toFixed(i === 0 ? 8 : 5)));
        server.write(bar(coin, plus("14:30", minute), low, { volume: 1234.5 }), bar(currency, plus("14:30", minute), high));
      }
      const view = await browser.open(`${server.url}/#/compare?symbols=${encodeURIComponent(coin)},${encodeURIComponent(currency)}&scale=price`);
      await view.wait("both badges", async () => (await view.badges()).filter(({ window }) => window.includes("5 bars")).length === 2);
      const legends = { close: await view.legend("average-close"), volatility: await view.legend("volatility"), volume: await view.legend("average-volume") };
      for (const symbol of [coin, currency]) {
        const badge = await view.badge(symbol);
        const row = await texts(server, symbol, badge.window_end);
        assert.equal(badge.price, row.avg_close);
        assert.equal(legends.close[symbol], row.avg_close);
        assert.equal(legends.volatility[symbol], row.volatility);
        assert.equal(Number(legends.volume[symbol].replaceAll(",", "")), Number(row.avg_volume));
        assert.doesNotMatch(JSON.stringify(row), /\de-/, "the server writes none either");
      }
      assert.equal(await exponent(view), null);

      await view.open_view("watch");
      const last = (symbol) => view.page.locator(`.list .line[data-symbol="${symbol}"] .of-last`).textContent();
      await view.wait("the last prices", async () => (await last(currency)) === "1.08429");
      assert.equal(await last(coin), "0.00000815");
      assert.equal(await exponent(view), null);

      await view.page.setViewportSize({ width: 390, height: 844 });
      await view.settle();
      const cut = await view.page.locator(".list .line:not([hidden]) .cell").evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent));
      assert.deepEqual(cut, [], "on a phone");
      await view.page.setViewportSize({ width: 1440, height: 960 });

      await view.page.goto(`${server.url}/#/symbol/${encodeURIComponent(coin)}`);
      const legend = (name) => view.text(`[data-legend="${name}"]`);
      await view.wait("its bar", async () => (await view.page.locator(".candle-legend").count()) === 1 && (await legend("Close")) === "0.00000815");
      assert.deepEqual([await legend("Open"), await legend("Volume"), await view.text(".symbol-price")], ["0.00000815", "1,234.5", "0.00000815"]);
      await view.wait("the axis of its prices", async () => (await view.ask("candles"))?.price_label === "0.00000815");
      assert.equal(await exponent(view), null);
    },
  },
];

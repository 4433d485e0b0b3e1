// A walk through all views: every number on the page against the API or SQL.
import assert from "node:assert/strict";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

const none = "–";

// What was compared on one walk.
class Walk {
  compared = 0;
  differences = [];

  // A number as the page writes it: thousands, a narrow space, a percent sign, a long minus. `exact`: all digits count;
  // else the number may be rounded to the places that it is shown with.
  number(where, text, expected, { exact = true } = {}) {
    this.compared++;
    const plain = text.replaceAll("\u202f", "").replace(/[,%+±]/g, "").replace("−", "-").trim();
    if (expected === null || expected === undefined) {
      if (text !== none) this.differences.push(`${where}: ${text}, and not none`);
      return;
    }
    const places = plain.split(".")[1]?.length ?? 0;
    const is_same = plain !== "" && (exact ? Number(plain) === Number(expected) : Math.abs(Number(plain) - expected) <= 0.5 * 10 ** -places + 1e-9);
    if (!is_same) this.differences.push(`${where}: ${text}, and not ${expected}`);
  }

  text(where, text, expected) {
    this.compared++;
    if (text !== expected) this.differences.push(`${where}: ${text}, and not ${expected}`);
  }
}

// The cells of the lines of a list, by column.
function lines(view, of_view) {
  return view.page.locator(`.${of_view} .list .line:not([hidden])`).evaluateAll((found) =>
    found
      .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
      .map((line) => Object.fromEntries([...line.children].map((cell) => [/of-([\w-]+)/.exec(cell.className)[1], cell.textContent]))),
  );
}

const signal_of = (text) => text.replace(/^[▲▼◆] /, "").replace(/, forming$/, "").toUpperCase();
const minute_of = (time) => `2 Mar ${time.slice(11, 16)}`;

// Three symbols on Friday evening and for an hour of Monday: cents, a coin with eight places, and a thin one.
async function market() {
  const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
  const coin = (minute) => Number((0.00000812 + (minute % 9) * 1e-8).toFixed(8));
  for (const [symbol, close] of [["AAPL", 171.13], ["SHIB/USD", 0.00000799]]) server.write(bar(symbol, "20:59", close, { timestamp: "2026-02-27T20:59:00Z" }));
  let bars = 2;
  for (let minute = 0; minute < 60; minute++) {
    const close = Number((172 + 2 * Math.sin(minute / 5) + Math.sin(minute * 1.9)).toFixed(2));
    server.write(bar("AAPL", plus("14:30", minute), close, { open: Number((close - 0.03 + (minute % 3) * 0.03).toFixed(2)), volume: 900 + minute, vwap: Number((close - 0.011).toFixed(3)) }));
    server.write(bar("SHIB/USD", plus("14:30", minute), coin(minute), { volume: 1234.5 + minute / 8 }));
    bars += 2;
    if (minute % 13 === 0) server.write(bar("THIN", plus("14:30", minute), 10 + minute / 100)), bars++;
  }
  server.write('{"symbol":"AAPL"}', "{ no json");
  server.end_input();
  await server.wait_for_lake(bars);
  return server;
}

const walks = {
  async watch(view, server, walk) {
    const { symbols } = await server.get("/api/v1/symbols");
    const before = Object.fromEntries(await server.sql("SELECT symbol, arg_max(close, timestamp)::VARCHAR FROM bars WHERE timestamp < '2026-03-02' GROUP BY symbol"));
    await view.wait("the changes", async () => (await lines(view, "watch-view")).filter(({ percent }) => percent !== none).length === Object.keys(before).length);
    const shown = await lines(view, "watch-view");
    walk.text("watchlist: symbols", shown.map(({ symbol }) => symbol).join(), symbols.map(({ symbol }) => symbol).join());
    for (const [i, { symbol, trend }] of symbols.entries()) {
      const line = shown[i];
      const { bars } = await server.get(`/api/v1/bars?symbol=${encodeURIComponent(symbol)}&limit=1`);
      const close = bars[0][5];
      const where = (column) => `watchlist ${symbol} ${column}`;
      walk.number(where("last"), line.last, close);
      walk.number(where("change"), line.change, before[symbol] === undefined ? null : close - before[symbol], { exact: false });
      walk.number(where("%"), line.percent, before[symbol] === undefined ? null : (close / before[symbol] - 1) * 100, { exact: false });
      walk.text(where("signal"), signal_of(line.signal), trend.trend_signal);
      walk.number(where("pressure"), line.pressure, trend.buy_pressure * 100, { exact: false });
      walk.number(where("volatility"), line.volatility, trend.volatility);
    }
  },

  // Every minute under the crosshair.
  async symbol(view, server, walk) {
    for (const symbol of ["AAPL", "SHIB/USD", "THIN"]) {
      await view.page.goto(`${server.url}/#/symbol/${encodeURIComponent(symbol)}?range=day`);
      const bars = await server.sql(`SELECT strftime(timestamp, '%Y-%m-%d %H:%M:%S'), open, high, low, close, volume FROM bars WHERE symbol = '${symbol}' AND timestamp >= '2026-03-02' ORDER BY timestamp`);
      const trends = Object.fromEntries((await server.trends(symbol)).map((row) => [row.window_end, row]));
      await view.wait("its candles", async () => (await view.text(".symbol-name")) === symbol && ((await view.ask("candles"))?.points.filter(({ bar }) => bar).length ?? 0) >= bars.length);
      await view.settle();
      const names = ["Time", "Open", "High", "Low", "Close", "Volume", "Avg close", "VWAP", "High of closes", "Low of closes", "Buy pressure", "Volatility", "Window"];
      const legend = async () => Object.fromEntries(await view.page.locator("[data-legend]").evaluateAll((found) => found.map((value) => [value.dataset.legend, value.textContent])));
      await view.page.locator(".candles").focus();
      await view.page.keyboard.press("End");
      const seen = new Set();
      for (let steps = 0; steps < 400 && seen.size < bars.length; steps++) {
        const told = await legend();
        const time = told.Time.slice(0, 19);
        const at = bars.find(([begin]) => begin === time);
        if (at && !seen.has(time)) {
          seen.add(time);
          names.slice(1, 6).forEach((name, i) => walk.number(`${symbol} ${time} ${name}`, told[name], at[i + 1]));
          const end = new Date(Date.parse(`${time.replace(" ", "T")}Z`) + 60_000).toISOString().slice(0, 19).replace("T", " ");
          const row = trends[end];
          const values = row ? [row.avg_close, row.avg_vwap, row.max_close, row.min_close, row.buy_pressure * 100, row.volatility] : Array(6).fill(null);
          names.slice(6, 12).forEach((name, i) => walk.number(`${symbol} ${time} ${name}`, told[name], values[i], { exact: name !== "Buy pressure" }));
          if (row) walk.text(`${symbol} ${time} window`, told.Window.slice(2), `${row.trend_signal} · ${row.bar_count} ${row.bar_count === 1 ? "bar" : "bars"} · final`);
        }
        await view.page.keyboard.press("ArrowLeft");
      }
      walk.number(`${symbol}: minutes under the crosshair`, String(seen.size), bars.length);
    }
  },

  async compare(view, server, walk) {
    const { symbols } = await server.get("/api/v1/symbols");
    await view.wait("the badges", async () => (await view.badges()).length === symbols.length);
    const legends = { avg_close: await view.legend("average-close"), volatility: await view.legend("volatility"), avg_volume: await view.legend("average-volume") };
    for (const badge of await view.badges()) {
      const { trend } = symbols.find(({ symbol }) => symbol === badge.symbol);
      walk.number(`badge ${badge.symbol}`, badge.price, trend.avg_close);
      walk.text(`badge ${badge.symbol} signal`, signal_of(badge.signal), trend.trend_signal);
      walk.number(`badge ${badge.symbol} pressure`, badge.pressure.replace("buy ", ""), trend.buy_pressure * 100, { exact: false });
      for (const [name, legend] of Object.entries(legends)) walk.number(`${name} of ${badge.symbol}`, legend[badge.symbol].split(" ")[0], trend[name]);
    }
  },

  async health(view, server, walk) {
    const { account } = await server.get("/api/v1/status");
    const facts = Object.fromEntries(await view.page.locator(".health-view dl div").evaluateAll((found) => found.map((fact) => [fact.querySelector("dt").textContent.trim().toLowerCase(), fact.querySelector("dd").textContent])));
    for (const [name, count] of Object.entries(account)) walk.number(`account ${name}`, facts[Object.keys(facts).find((fact) => fact.startsWith(name.slice(0, 6)))] ?? "", count);
    const letters = (await server.get("/api/v1/dead-letters")).dead_letters;
    await view.wait("the letters", async () => (await view.page.locator(".letters tbody tr").count()) === letters.length);
  },

  async signals(view, server, walk) {
    const rows = await server.sql(
      `SELECT symbol, window_end, was, trend_signal, avg_close, min_close, price_range, buy_pressure, bar_count
       FROM (SELECT *, lag(trend_signal) OVER (PARTITION BY symbol ORDER BY window_end) AS was FROM stock_trends)
       WHERE was <> trend_signal AND window_end > '2026-03-01 15:29:00' ORDER BY window_end DESC, symbol`,
    );
    await view.wait("all flips", async () => (await lines(view, "signals-view")).length === rows.length);
    const shown = await lines(view, "signals-view");
    rows.forEach(([symbol, end, was, became, avg_close, min_close, range, pressure, bars], i) => {
      const line = shown[i];
      const where = `flip ${symbol} ${end}`;
      walk.text(where, `${line.symbol} ${line.time}`, `${symbol} ${minute_of(end)}`);
      walk.text(`${where} signals`, line.flip.replace(/[▲▼◆] /g, "").toUpperCase(), `${was} → ${became}`);
      walk.number(`${where} place`, line.place, range === 0 ? null : (100 * (avg_close - min_close)) / range, { exact: false });
      walk.number(`${where} range`, line.range, range);
      walk.number(`${where} range %`, line["range-percent"], (100 * range) / avg_close, { exact: false });
      walk.number(`${where} pressure`, line.pressure, pressure * 100, { exact: false });
      walk.number(`${where} bars`, line.bars, bars);
    });
  },

  async map(view, server, walk) {
    await view.page.getByRole("button", { name: "Table" }).click();
    const { symbols } = await server.get("/api/v1/symbols");
    await view.wait("the lines", async () => (await lines(view, "map-view")).length === symbols.length);
    for (const [i, line] of (await lines(view, "map-view")).entries()) {
      const { symbol, trend } = symbols[i];
      walk.text("map", `${line.symbol} ${signal_of(line.signal)} ${line.end}`, `${symbol} ${trend.trend_signal} ${minute_of(trend.window_end)}`);
      walk.number(`map ${symbol} volatility`, line.volatility, trend.volatility);
      walk.number(`map ${symbol} volatility %`, line["volatility-percent"], trend.volatility === null ? null : (100 * trend.volatility) / trend.avg_close, { exact: false });
      walk.number(`map ${symbol} volume`, line.volume, trend.avg_volume);
    }
  },

  async sql(view, server, walk) {
    for (const sql of ["SELECT symbol, open, high, low, close, volume FROM bars ORDER BY symbol, timestamp", "SELECT * EXCLUDE (feed, dt) FROM stock_trends ORDER BY symbol, window_end"]) {
      const rows = await server.sql(sql);
      await view.page.locator("#sql").fill(sql);
      await view.page.locator("#sql").press("Control+Enter");
      await view.wait("the answer", async () => (await view.page.locator(".answer tbody tr").count()) === rows.length);
      const cells = await view.page.locator(".answer tbody tr").evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent)));
      rows.forEach((row, i) => row.forEach((value, j) => {
        const where = `answer ${i}, ${j}`;
        if (typeof value === "number") walk.number(where, cells[i][j], value);
        else walk.text(where, cells[i][j], value === null ? "null" : String(value));
      }));
    }
  },
};

export const cases = [
  {
    name: "on a walk through all views every number is that of the API or of SQL",
    async check(browser) {
      const server = await market();
      const view = await browser.open(server.url, { height: 3_000 });
      await view.wait("the end", async () => (await view.lamp()) === "Ended");
      for (const [name, compare] of Object.entries(walks)) {
        const walk = new Walk();
        await view.page.goto(`${server.url}/#/${name}`);
        await view.settle();
        await compare(view, server, walk);
        assert.deepEqual(walk.differences, [], name);
        console.log(`# ${name}: ${walk.compared} numbers and words compared, no difference`);
      }
    },
  },
];

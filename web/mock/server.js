// A stand-in for the real server while working on the page: the same protocol, made-up numbers, no promises.
//
//   npm run mock -- [--port 8050] [--symbols 7] [--speed 60] [--history 120] [--thin]
//
// It serves web/dist. Keys while it runs: p pauses the bars, e ends the feed, d takes it down, x forgets everything.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { parseArgs } from "node:util";
import { WebSocketServer } from "ws";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "8050" },
    symbols: { type: "string", default: "7" },
    speed: { type: "string", default: "60" },
    history: { type: "string", default: "120" }, // minutes generated at the start
    thin: { type: "boolean", default: false }, // a bar only now and then
  },
});

const names = ["AAPL", "TSLA", "GOOGL", "SHIB/USD", "EUR/USD", "MSFT", "AMZN"];
const bases = [175, 250, 140, 0.00000812, 1.08425, 380, 185];
const decimals_of = { "SHIB/USD": 8, "EUR/USD": 5 }; // of a close; 2 for the others
const count = Number(options.symbols);
const markets = Array.from({ length: count }, (_, i) => ({
  symbol: names[i] ?? `S${String(i).padStart(4, "0")}`,
  base: bases[i] ?? 20 + ((i * 37) % 400),
  price: bases[i] ?? 20 + ((i * 37) % 400),
  decimals: decimals_of[names[i]] ?? 2,
  is_fractional: names[i] === "SHIB/USD", // its volumes
  bias: 0,
  bars: [], // the last few: { time, open, close, volume }
  rows: new Map(), // by window_end
}));

const minute = 60;
const size = 5 * minute;
const delay = 2 * minute;
const started = Date.now();
const epoch = started.toString(16);
let now = Math.floor(Date.now() / 60_000) * 60 - Number(options.history) * minute;
let sequence = 0;
let last_bar = null;
let recent_bars = [];
let feed = { name: "simulator", state: "live", detail: "", speed: Number(options.speed) };
const account = { read: 0, accepted: 0, duplicate: 0, corrected: 0, late: 0, rejected: 0 };

const text = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
const round = (value, places = 4) => Number(value.toFixed(places));
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function trade(market, time) {
  if (options.thin && Math.random() < 0.7) return false;
  if (Math.random() < 0.05) market.bias = (Math.random() - 0.5) * 0.0012;
  if (Math.abs(market.price / market.base - 1) > 0.03) market.bias = market.price > market.base ? -0.0004 : 0.0004;
  const open = market.price;
  const swing = market.decimals === 8 ? 0.02 : 0.0016; // a coin's last decimal is an eighth of a percent
  market.price = open * (1 + market.bias + (Math.random() - 0.5) * swing);
  const volume = 9_000 * (1 + Math.abs(market.bias) * 900) * (0.6 + Math.random());
  const [begun, ended] = [open, market.price].map((price) => round(price, market.decimals));
  market.bars.push({ time, open: begun, close: ended, volume: round(volume, market.is_fractional ? 2 : 0) });
  if (market.bars.length > 12) market.bars.shift();
  return true;
}

function summarize(market, end, status) {
  const bars = market.bars.filter(({ time }) => time >= end - size && time < end);
  if (bars.length === 0) return null;
  const closes = bars.map(({ close }) => close);
  const price = (value) => round(value, Math.min(9, Math.max(4, market.decimals + 2)));
  const [low, high, average] = [Math.min(...closes), Math.max(...closes), mean(closes)].map(price);
  const spread = price(high - low);
  const deviation = Math.sqrt(closes.reduce((sum, close) => sum + (close - mean(closes)) ** 2, 0) / (closes.length - 1));
  return {
    symbol: market.symbol,
    window_start: text(end - size),
    window_end: text(end),
    avg_close: average,
    max_close: high,
    min_close: low,
    avg_volume: round(mean(bars.map(({ volume }) => volume)), market.is_fractional ? 2 : 0),
    volatility: bars.length > 1 ? price(deviation) : null,
    avg_vwap: average,
    avg_pct_change: round(mean(bars.map(({ open, close }) => (close / open - 1) * 100))),
    buy_pressure: round(bars.filter(({ open, close }) => close > open).length / bars.length),
    bar_count: bars.length,
    price_range: spread,
    vwap_deviation_pct: 0,
    trend_signal: average > low + 0.6 * spread ? "BULLISH" : average < low + 0.4 * spread ? "BEARISH" : "NEUTRAL",
    status,
    revision: bars.length,
    feed: "sim",
  };
}

// Advances all markets by a minute; returns the rows that changed.
function advance() {
  now += minute;
  const watermark = now - delay;
  const changed = [];
  for (const market of markets) {
    const traded = trade(market, now);
    if (traded) {
      account.read++;
      account.accepted++;
      recent_bars.push(Date.now());
    }
    for (let end = now - delay; end <= now + size; end += minute) {
      const closes = end <= watermark;
      const held = market.rows.get(end);
      if (held?.status === "final" || (!traded && !closes) || (closes && !held)) continue;
      const row = summarize(market, end, closes ? "final" : "update");
      if (!row) continue;
      market.rows.set(end, row);
      changed.push(row);
    }
    for (const end of market.rows.keys()) if (market.rows.size > 300) market.rows.delete(end);
    else break;
  }
  last_bar = Date.now();
  return changed;
}

function status() {
  recent_bars = recent_bars.filter((at) => at > Date.now() - 5_000);
  return {
    version: "0.1.0-mock",
    feed,
    watermark: last_bar ? `${text(now - delay).replace(" ", "T")}Z` : null,
    event_time: last_bar ? `${text(now).replace(" ", "T")}Z` : null,
    session: "regular",
    account,
    bars_per_second: recent_bars.length / 5,
    last_bar_age_seconds: last_bar ? (Date.now() - last_bar) / 1000 : null,
    symbols: markets.length,
    latency_ms: { p50: 2.4, p99: 7.9 },
    uptime_seconds: (Date.now() - started) / 1000,
    watermark_jump: null,
  };
}

const rows_of = (market) => [...market.rows.values()].sort((a, b) => a.window_end.localeCompare(b.window_end));
const by_symbol = () => [...markets].filter(({ rows }) => rows.size > 0).sort((a, b) => (a.symbol < b.symbol ? -1 : 1));

const bar_of = ({ symbol, bars }) => bars.slice(-1).map(({ time, open, close, volume }) => [symbol, `${text(time).replace(" ", "T")}Z`, open, Math.max(open, close), Math.min(open, close), close, volume].map((part) => (typeof part === "number" ? round(part, 8) : part)));

function snapshot(asked, history) {
  const known = by_symbol();
  return {
    type: "snapshot",
    epoch,
    sequence,
    symbols: known.map(({ symbol }) => symbol),
    trends: known.flatMap((market) => rows_of(market).slice(asked && !asked.has(market.symbol) ? -1 : -history)),
    bars: known.flatMap(bar_of),
    status: status(),
  };
}

const dist = join(import.meta.dirname, "..", "dist");
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const http = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const json = (value) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
  if (pathname === "/api/v1/status") return json(status());
  if (pathname === "/api/v1/symbols") return json({ symbols: by_symbol().map((market) => ({ symbol: market.symbol, trend: rows_of(market).at(-1) })) });
  const file = join(dist, normalize(pathname === "/" ? "/index.html" : pathname));
  if (!file.startsWith(dist) || !existsSync(file)) return response.writeHead(404).end("not here\n");
  response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
  return createReadStream(file).pipe(response);
});

const sockets = new WebSocketServer({ server: http, path: "/api/v1/live" });
const send_all = (message) => {
  const line = JSON.stringify(message);
  for (const socket of sockets.clients) socket.send(line);
};
sockets.on("connection", (socket, request) => {
  const query = new URL(request.url, "http://localhost").searchParams;
  const asked = query.get("symbols");
  socket.send(JSON.stringify(snapshot(asked && new Set(asked.split(",")), Number(query.get("history") ?? 240))));
});

for (let i = 0; i < Number(options.history); i++) advance();
setInterval(() => {
  if (feed.state !== "live") return;
  const trends = advance();
  if (trends.length > 0) send_all({ type: "trends", sequence: ++sequence, trends, bars: markets.flatMap(bar_of) });
}, 60_000 / Number(options.speed));
setInterval(() => send_all({ type: "status", status: status() }), 1000);

const keys = {
  p: () => (feed = { ...feed, state: feed.state === "live" ? "idle" : "live", detail: feed.state === "live" ? "the market is closed" : "" }),
  e: () => (feed = { ...feed, state: "ended" }),
  d: () => (feed = { ...feed, state: "down", detail: "connection refused" }),
  x: () => markets.forEach((market) => market.rows.clear()),
};
process.stdin.on("data", (data) => keys[String(data).trim()]?.());
http.listen(Number(options.port), "127.0.0.1", () => console.log(`mock server on http://127.0.0.1:${options.port}`));

// Takes the pictures of docs/images: a made-up market of ten symbols, on Thursday, Friday and two hours of Monday.
//
//     TIDEMARK=build/release/tidemark node test/stages/browser/pictures.js docs/images
import { join } from "node:path";
import { open_browser } from "./browser.js";
import { at, bar } from "./bars.js";
import { Server } from "./server.js";
import { wait_for } from "./wait.js";

const folder = process.argv[2];
if (!folder) throw new Error("say where to: node pictures.js FOLDER");

const symbols = { AAPL: 175, AMD: 142, AMZN: 185, GOOGL: 141, META: 512, MSFT: 380, NFLX: 604, NVDA: 120, ORCL: 127, TSLA: 252 };
const opening = at("14:30");
const days = [-4, -3, 0].map((day) => opening + day * 24 * 3_600);
const length = 390; // minutes of a trading day

// A reproducible random walk: xorshift, with trends now and then.
function walk(seed, price, count) {
  let state = seed * 2_654_435_761 >>> 0 || 1;
  const chance = () => {
    for (const [left, by] of [[true, 13], [false, 17], [true, 5]]) state = (state ^ (left ? state << by : state >>> by)) >>> 0;
    return state / 2 ** 32;
  };
  const bars = [];
  for (let drift = 0, minute = 0; minute < count; minute++) {
    if (minute % 25 === 0) drift = (chance() - 0.5) * 0.0006;
    const open = price;
    price *= 1 + drift + (chance() - 0.5) * 0.0014;
    const [low, high] = [Math.min(open, price) * (1 - chance() * 0.0004), Math.max(open, price) * (1 + chance() * 0.0004)];
    const [o, h, l, c] = [open, high, low, price].map((value) => Number(value.toFixed(2)));
    bars.push({ open: o, high: Math.max(h, o, c), low: Math.min(l, o, c), close: c, vwap: Number(((o + c) / 2).toFixed(4)), volume: Math.round(500 + chance() * 9_500) });
  }
  return bars;
}

const market = Object.entries(symbols).map(([symbol, price], number) => ({ symbol, bars: walk(number + 1, price, days.length * length) }));
const minute_of = (number) => {
  const seconds = days[Math.floor(number / length)] + 60 * (number % length);
  const timestamp = new Date(seconds * 1000).toISOString().replace(".000", "");
  return market.map(({ symbol, bars }) => bar(symbol, "", bars[number].close, { ...bars[number], timestamp }));
};

const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
let told = 0;
const tell = (until) => {
  while (told < until) server.write(...minute_of(told++));
};
tell(2 * length + 117);
server.write('{"symbol":"AAPL","timestamp":"2026-03-02T16:26:00Z","open":175,"high":170,"low":174,"close":175,"volume":100,"vwap":175}', '{"symbol":"MSFT","timestamp":"yesterday"}');
const browser = await open_browser(process.env.CHROMIUM ?? "/usr/bin/chromium");
await wait_for("the lake", async () => (await server.get("/api/v1/replays")).days.length === days.length);
const ticking = setInterval(() => tell(told + 1), 900); // during the pictures

async function take(name, address, { look = {}, lamp = "Running", whole = false, act = async () => {} } = {}) {
  const view = await browser.open(`${server.url}/#/${address}`, { height: 900, ...look });
  await view.wait(lamp, async () => (await view.lamp()) === lamp && (await view.ask("symbols")).length === market.length);
  await act(view);
  await view.page.waitForTimeout(2_500);
  await view.page.screenshot({ path: join(folder, `page-${name}.png`), fullPage: whole });
  console.log(`page-${name}.png`);
  await browser.close_pages();
}

const hover = (view) => view.page.waitForTimeout(2_500).then(() => view.page.mouse.move(700, 500));
const question = "SELECT symbol, window_end, avg_close, volatility, trend_signal\nFROM stock_trends\nWHERE symbol IN ('AMD', 'GOOGL') AND window_end::DATE = '2026-03-02'\nORDER BY window_end";

const ask = async (view) => {
  await view.page.getByRole("button", { name: "Ask" }).click();
  await view.page.getByText("Line chart").click();
};
const playing = async (view) => {
  await view.wait("the moment", async () => (await view.ask("replay"))?.phase === "paused");
  await view.page.keyboard.press("Space");
};

await take("watch", "watch?sort=percent&down&zone=exchange");
await take("symbol", "symbol/AAPL?range=1h&zone=exchange", { act: hover });
await take("dark", "compare?symbols=AAPL,AMZN,GOOGL,TSLA&scale=percent", { whole: true, act: hover });
await take("light", "compare?symbols=AAPL,AMZN,GOOGL,TSLA&scale=percent", { whole: true, act: hover, look: { scheme: "light" } });
await take("health", "health");
await take("sql", `sql?q=${encodeURIComponent(question)}`, { act: ask });
const all_flips = (view) => view.wait("the flips of the lake", async () => (await view.page.locator(".hour").count()) > 5);
const on_a_cell = async (view) => {
  await view.wait("the changes", async () => (await view.ask("map"))?.cells.every(({ value }) => value !== null));
  await view.page.mouse.move(700, 420);
};
await take("signals", "signals?zone=exchange&since=5d", { act: all_flips });
await take("map", "map?by=change", { act: on_a_cell });
await take("phone", "watch?zone=exchange", { look: { width: 390, height: 844 } });
await take("replay", "watch?sort=percent&down&zone=exchange&replay=2026-02-27T17:20:00Z&speed=60", { lamp: "Replay paused", act: playing });

clearInterval(ticking);
await browser.close();
await server.end();

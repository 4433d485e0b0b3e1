// Chromium, and the questions of the tests to the page in it.
import { chromium } from "playwright-core";
import { patience, wait_for } from "./wait.js";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// The views in the order of their keys, with a selector that exists once the view is drawn.
export const views = ["watch", "symbol", "compare", "health", "sql", "signals", "map"];
const landmarks = { watch: ".watch-view .count", symbol: ".symbol-view canvas", compare: ".compare[data-page]", health: ".health-view .verdict", sql: "#sql", signals: ".signals-view .count", map: ".heat-canvas" };

export async function open_browser(executable) {
  const browser = await chromium.launch({ executablePath: executable, args: flags, timeout: patience * 1000 });
  let contexts = [];
  return {
    // Opens the page at `url`, and records its requests and errors. Messages of the live stream of the type `without`
    // do not reach it.
    async open(url, { width = 1440, height = 960, scheme = "dark", reduced_motion = false, without = "" } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: reduced_motion ? "reduce" : "no-preference",
      });
      context.setDefaultTimeout(patience * 1000);
      contexts.push(context);
      const page = await context.newPage();
      const view = new View(page);
      if (without) await page.routeWebSocket(/\/api\/v1\/live/, (socket) => leave_out(without, socket, socket.connectToServer()));
      await page.goto(url);
      return view;
    },
    async close_pages() {
      await Promise.all(contexts.map((context) => context.close()));
      contexts = [];
    },
    close: () => browser.close(),
  };
}

function leave_out(type, page, server) {
  page.onMessage((message) => server.send(message));
  server.onMessage((message) => JSON.parse(message).type === type || page.send(message));
}

export class View {
  constructor(page) {
    this.page = page;
    this.requests = [];
    this.complaints = [];
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("websocket", (socket) => this.requests.push(socket.url()));
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.stack ?? String(error)));
  }

  // Calls a function of window.__tidemark.
  ask(name, ...args) {
    return this.page.evaluate(([name, args]) => window.__tidemark[name](...args), [name, args]);
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  lamp() {
    return this.text("#lamp-word");
  }

  // The lamp, the banner, and whether old numbers look old, all at the same moment.
  state() {
    return this.page.evaluate(() => ({
      lamp: document.getElementById("lamp-word").innerText,
      banner: document.getElementById("banner").innerText,
      grey: document.documentElement.hasAttribute("data-grey"),
    }));
  }

  async badges() {
    return this.page.locator(".badge").evaluateAll((badges) =>
      badges.map((badge) => ({
        symbol: badge.dataset.symbol,
        window_end: badge.dataset.windowEnd,
        price: badge.querySelector(".price").textContent,
        signal: badge.querySelector(".signal").textContent,
        pressure: badge.querySelector(".pressure").textContent.replaceAll("\u202f", " "),
        window: badge.querySelector(".window").textContent,
        on_charts: badge.getAttribute("aria-pressed") === "true",
      })),
    );
  }

  async badge(symbol) {
    return (await this.badges()).find((badge) => badge.symbol === symbol);
  }

  // The legend of a chart as { AAPL: "175.3000", … }.
  async legend(chart) {
    const entries = await this.page
      .locator(`.${chart} .legend > div`)
      .evaluateAll((lines) => lines.map((line) => [...line.children].map((part) => part.textContent.replaceAll("\u202f", " "))));
    return Object.fromEntries(entries);
  }

  wait(what, check) {
    return wait_for(what, check);
  }

  // Waits until the page has drawn everything and nothing moves.
  settle() {
    return this.page.evaluate(async () => {
      const frame = () => new Promise(requestAnimationFrame);
      await new Promise((resolve) => setTimeout(resolve, 500)); // the longest time that the page delays drawing: main.ts
      await frame();
      await document.fonts.ready;
      const moving = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
      await Promise.all(moving.map((one) => one.finished.catch(() => {}))); // cancelled animations count as finished
      await frame();
      await frame();
    });
  }

  // Opens a view by its key, and waits until it is drawn.
  async open_view(name) {
    await this.page.keyboard.press(String(views.indexOf(name) + 1));
    await this.page.locator(landmarks[name]).first().waitFor({ state: "attached" });
    await this.settle();
  }

  // Waits until at least `windows` windows of every chosen symbol are on the charts.
  async wait_for_charts(windows) {
    await wait_for(`${windows} windows on the charts`, async () => {
      const lines = (await this.ask("drawn"))?.average_close ?? [];
      return lines.length > 0 && lines.every((line) => line.length >= windows);
    });
  }

  // Waits until the badge of `symbol` shows `price`.
  wait_for_price(symbol, price) {
    return wait_for(`${symbol} at ${price}`, async () => (await this.badge(symbol))?.price === price);
  }

  // For each pixel column of a chart: whether the line of the first symbol is in it.
  ink(chart) {
    return this.page.evaluate(columns_with, { canvases: `.${chart} .plot canvas`, inside: `.${chart} .plot .u-over`, series: 1 });
  }

  // The same for a pane below the candles (from 0 on), and the line with the colour of that series.
  candle_ink(pane, series) {
    const inside = `.candles tr:nth-child(${2 * pane + 1}) td:nth-child(2)`;
    return this.page.evaluate(columns_with, { canvases: `${inside} canvas`, inside, series });
  }
}

function columns_with({ canvases, inside, series }) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--series-${series}`).trim();
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  const { left, width } = document.querySelector(inside).getBoundingClientRect();
  const columns = Array(Math.round(width * devicePixelRatio)).fill(false);
  for (const canvas of document.querySelectorAll(canvases)) {
    const from = Math.round((left - canvas.getBoundingClientRect().left) * devicePixelRatio);
    const { data } = canvas.getContext("2d").getImageData(from, 0, columns.length, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      const near = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue) < 90;
      if (near && data[at + 3] > 150) columns[(at / 4) % columns.length] = true;
    }
  }
  return columns;
}

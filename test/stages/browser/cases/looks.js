// The appearance of the page: legible in both themes, usable on a phone, small to download. SCREENSHOTS=FOLDER keeps
// pictures.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bar } from "../bars.js";
import { views } from "../browser.js";
import { Server } from "../server.js";

const folder = process.env.SCREENSHOTS;

async function full_page(browser, server, look) {
  const view = await browser.open(server.compare, look);
  await view.wait("live numbers", async () => (await view.lamp()) === "Running");
  await view.wait_for_charts(100);
  return view;
}

async function keep(view, name, whole = true) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await view.page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole });
}

// Texts whose contrast with their background is below WCAG's AA: 4.5, or 3 for large letters.
function faint_texts(view) {
  return view.page.evaluate(() => {
    const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (color) => {
      probe.clearRect(0, 0, 1, 1);
      probe.fillStyle = color;
      probe.fillRect(0, 0, 1, 1);
      return [...probe.getImageData(0, 0, 1, 1).data];
    };
    const over = ([r, g, b, a], [R, G, B]) => [r, g, b].map((value, i) => (value * a + [R, G, B][i] * (255 - a)) / 255);
    const ground = (node) => {
      if (!node) return [255, 255, 255];
      return over(rgba(getComputedStyle(node).backgroundColor), ground(node.parentElement));
    };
    const luminance = (color) => {
      const [r, g, b] = color.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      if (!walker.currentNode.textContent.trim() || !node.checkVisibility() || node.closest("script, .skip")) continue;
      const style = getComputedStyle(node);
      const behind = ground(node);
      const [light, dark] = [luminance(over(rgba(style.color), behind)), luminance(behind)].sort((a, b) => b - a);
      const contrast = (light + 0.05) / (dark + 0.05);
      const needed = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
      if (contrast < needed) faint.push(`${contrast.toFixed(2)} "${walker.currentNode.textContent.trim()}" in .${node.className || node.tagName}`);
    }
    return faint;
  });
}

// What to wait for before a view is examined.
const settle = {
  watch: (view) => view.wait("the changes", async () => (await view.page.locator(".list [data-direction=up]").count()) > 0),
  symbol: (view) => view.wait("candles", async () => (await view.ask("candles"))?.candles > 60),
  health: (view) => view.wait("the letters", async () => (await view.page.locator(".letters tbody tr").count()) === 3),
  sql: async (view) => {
    const editor = view.page.locator("#sql");
    await editor.fill("SELECT symbol, window_end, avg_close, volatility, trend_signal\nFROM stock_trends\nWHERE symbol IN ('AMD', 'GOOGL') AND window_end::DATE = '2026-03-02'\nORDER BY window_end");
    await view.wait("an answer", async () => {
      await editor.press("Control+Enter"); // again, until the lake has the windows
      await view.page.locator(".primary:enabled").waitFor();
      return (await view.page.locator(".answer tbody tr").count()) > 20;
    });
    await view.page.locator(".answer-chart summary").click();
  },
};

// Ten symbols with moving prices, on the evening before and in two hours of a day; three records that are no bars.
// Nothing is random.
function a_morning() {
  const walk = (seed, minute) => Math.sin(minute / 19 + seed) * 0.011 + Math.sin(minute / 7 + seed * 3) * 0.004 + Math.sin(minute * 1.7 + seed) * 0.0012;
  const prices = { AAPL: 175, AMD: 142, AMZN: 185, GOOGL: 140, META: 512, MSFT: 380, NFLX: 610, NVDA: 121, ORCL: 128, TSLA: 250 };
  const lines = [];
  const trade = (timestamp, minute) => {
    Object.entries(prices).forEach(([symbol, price], seed) => {
      const [open, close] = [minute - 1, minute].map((one) => Number((price * (1 + walk(seed, one))).toFixed(2)));
      const edge = Number((price * 0.0006 * (1 + Math.abs(Math.sin(minute * seed + 1)))).toFixed(2));
      const volume = Math.round(24_000 * (1 + Math.abs(Math.sin(minute * 0.9 + seed)) + (minute < 20 ? 1 : 0)));
      lines.push(bar(symbol, "00:00", close, { timestamp, open, high: Math.max(open, close) + edge, low: Math.min(open, close) - edge, vwap: Number(((open + close) / 2).toFixed(3)), volume }));
    });
  };
  const time = (day, minute) => new Date(Date.UTC(2026, 2, day, 14, 30 + minute)).toISOString().replace(".000", "");
  for (let minute = -5; minute < 0; minute++) trade(time(1, minute).replace("2026-03-01", "2026-02-27"), minute - 40);
  for (let minute = 0; minute < 120; minute++) trade(time(2, minute), minute);
  lines.push('{"symbol":"AAPL","timestamp":"2026-03-02T16:30:00Z","open":175.2,"high":175.1,"low":175.0,"close":175.1,"volume":900}', '{"symbol":"TSLA","timestamp":"yesterday","open":1}', "{ no json");
  return lines;
}

export const cases = [
  ...["dark", "light"].map((scheme) => ({
    name: `every text is legible on the ${scheme} page (WCAG AA)`,
    async check(browser) {
      const server = await Server.start();
      const view = await full_page(browser, server, { scheme });
      assert.deepEqual(await faint_texts(view), []);
      await keep(view, scheme);
      await server.kill();
      await view.wait("the banner", async () => (await view.lamp()) === "Disconnected");
      assert.deepEqual(await faint_texts(view), []);
      await keep(view, `${scheme}-disconnected`);
    },
  })),
  ...["dark", "light"].map((scheme) => ({
    name: `every text of the other views is legible, ${scheme} (WCAG AA)`,
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s");
      server.write(...a_morning());
      await server.wait_for_lake(1_250); // the page asks the lake only once for Friday's closes
      const view = await browser.open(`${server.url}/?`, { scheme, width: 1440, height: 900 });
      await view.wait("the lines", async () => (await view.page.locator(".list .line").count()) >= 8);
      const phone = await browser.open(`${server.url}/#/watch?zone=exchange&sort=percent&down`, { scheme, width: 390, height: 844 });
      await settle.watch(phone);
      assert.deepEqual(await faint_texts(phone), [], "the watchlist on a phone");
      if (scheme === "dark") await keep(phone, "phone", false);
      for (const [name, hash] of [["watch", "#/watch?zone=exchange&sort=percent&down"], ["symbol", "#/symbol/AAPL?zone=exchange"], ["health", "#/health?zone=exchange"], ["sql", "#/sql"]]) {
        await view.page.goto(`${server.url}/${hash}`);
        await settle[name]?.(view);
        await view.settle();
        assert.deepEqual(await faint_texts(view), [], name);
        if (scheme === "dark") await keep(view, name, false);
      }
    },
  })),
  {
    name: "on a phone nothing sticks out to the side",
    async check(browser) {
      const server = await Server.start();
      const view = await full_page(browser, server, { width: 390, height: 844 });
      const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 390);
      await keep(view, "phone-compare");
    },
  },
  {
    name: "every control has a name, and nothing moves for those who asked for calm",
    async check(browser) {
      const server = await Server.start();
      const view = await full_page(browser, server, { reduced_motion: true });
      const nameless = await view.page.evaluate(() =>
        [...document.querySelectorAll("button, input, [tabindex='0']")]
          .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim()))
          .map((node) => node.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(nameless, []);
      const open_keys = async () => {
        await view.page.keyboard.press("?");
        await view.page.locator("dialog[open]").waitFor();
      };
      for (const [what, open] of [...views.map((name) => [name, () => view.open_view(name)]), ["the list of keys", open_keys]]) {
        await open();
        const moving = await view.page.evaluate(() =>
          [...document.querySelectorAll("*")].filter((node) => {
            const style = getComputedStyle(node);
            return style.animationName !== "none" || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
          }).length,
        );
        assert.equal(moving, 0, what);
        await view.page.evaluate(() => document.activeElement?.blur());
      }
    },
  },
  {
    name: "the first page weighs less than 60 kB, and all of its scripts together less than 220 kB",
    async check(browser) {
      const server = await Server.start();
      const view = await browser.open(server.url);
      await view.wait("live numbers", async () => (await view.lamp()) === "Running");
      const weigh = async (path) => gzipSync(Buffer.from(await (await fetch(new URL(path, server.url))).arrayBuffer()), { level: 9 }).length;
      const files = new Set(view.requests.filter((url) => url.startsWith("http") && !url.includes("/api/")));
      let weight = 0;
      for (const file of files) weight += await weigh(file);
      assert.ok(files.size >= 3, `the page has its script and style: ${[...files].join(" ")}`);
      assert.ok(weight < 60_000, `${weight} bytes gzipped`);

      // A script names other scripts that it may load later.
      const scripts = new Set([...files].map((url) => new URL(url).pathname).filter((path) => path.endsWith(".js")));
      for (const script of scripts) {
        const text = await (await fetch(new URL(script, server.url))).text();
        for (const [, name] of text.matchAll(/["'`](?:\.\/|\/?assets\/)([\w-]+\.js)/g)) scripts.add(`/assets/${name}`);
      }
      assert.ok(scripts.size >= 4, `candles and console are fetched later: ${[...scripts].join(" ")}`);
      let all = 0;
      for (const script of scripts) all += await weigh(script);
      console.log(`# ${weight} bytes at first, ${all} of scripts in all`);
      assert.ok(all < 220_000, `${all} bytes gzipped`);
    },
  },
];

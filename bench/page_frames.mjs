// Opens the page in headless Chromium and tells how long its frames take while updates come in: one line of JSON.
//
//     node bench/page_frames.mjs URL SECONDS [SCREENSHOT.png]
//
// Playwright is that of test/browser (`./dev test browser` installs it, and Chromium).
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../test/browser/package.json", import.meta.url))("playwright-core");
const [url, seconds, screenshot] = process.argv.slice(2);

// Notes the time between frames, and what kept the page from drawing for more than 50 ms.
function watch() {
  const noted = (window.__noted = { frames: [], tasks: [] });
  new PerformanceObserver((list) => noted.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ["longtask"] });
  let last = performance.now();
  requestAnimationFrame(function frame(now) {
    noted.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  });
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 960 }, colorScheme: "dark" });
await page.addInitScript(watch);
await page.goto(url);
await page.waitForTimeout(3_000); // its start is not what is asked for
await page.evaluate(() => ((window.__noted.frames.length = 0), (window.__noted.tasks.length = 0)));
await page.waitForTimeout(1_000 * Number(seconds));
const { frames, tasks } = await page.evaluate(() => window.__noted);
frames.sort((a, b) => a - b);
console.log(JSON.stringify({ frames: frames.length, p99: frames[Math.floor(0.99 * frames.length)], worst: frames.at(-1), long_tasks: tasks.length, longest_task: Math.max(0, ...tasks) }));
if (screenshot) await page.screenshot({ path: screenshot });
await browser.close();

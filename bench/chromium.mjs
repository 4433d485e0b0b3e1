// Drives a headless Chromium with the page by commands on standard input, a line each. Each is answered by a line of JSON.
//
//     open URL       opens a fresh page and closes the one before
//     visit URL      navigates the open page
//     paint URL      opens and closes a page: milliseconds to its first paint, as the browser measures it
//     trace          starts a trace of Chromium
//     traced         ends the trace: the tasks of the page's main thread
//     heap           reachable bytes of the JavaScript heap
//     call FUNCTION  calls a function in the page
//
// It uses the Playwright of test/stages/browser (`./dev test browser` installs it, and Chromium).
import { createRequire } from "node:module";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";

const { chromium } = createRequire(new URL("../test/stages/browser/package.json", import.meta.url))("playwright-core");
const too_long = 50_000; // microseconds

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
let page = null;
let devtools = null; // of the page
let events = []; // of the trace

const answers = {
  async open(url) {
    await page?.context().close();
    const context = await browser.newContext({ viewport: { width: 1440, height: 960 }, colorScheme: "dark" });
    page = await context.newPage();
    devtools = await context.newCDPSession(page);
    await come_to_the_fore();
    await page.goto(url);
    return {};
  },

  async visit(url) {
    await page.goto(url);
    return {};
  },

  async paint(url) {
    await answers.open(url);
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    const handle = await page.waitForFunction(paint, null, { polling: 20 });
    return { milliseconds: await handle.jsonValue() };
  },

  async trace() {
    events = [];
    devtools.removeAllListeners("Tracing.dataCollected");
    devtools.on("Tracing.dataCollected", ({ value }) => events.push(...value));
    const categories = ["disabled-by-default-devtools.timeline"];
    await devtools.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: categories, recordMode: "recordAsMuchAsPossible" } });
    return {};
  },

  async traced() {
    const complete = new Promise((resolve) => devtools.once("Tracing.tracingComplete", resolve));
    await devtools.send("Tracing.end");
    await complete;
    return tasks_of(events);
  },

  async heap() {
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    return { bytes: usedSize };
  },

  async call(text) {
    return { result: await page.evaluate(`(${text})()`) };
  },
};

// Chromium gives background pages a low priority, and treats headless pages as such. Without permission to raise it, the measurement includes that.
async function come_to_the_fore() {
  const all = await (await browser.newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
  for (const { type, id } of all.processInfo) {
    try {
      if (type === "renderer") setPriority(id, 0);
    } catch {
      return;
    }
  }
}

// The tasks of the page's main thread: that of the busiest renderer process.
function tasks_of(events) {
  const mains = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const of_main = ({ pid, tid }) => events.filter((event) => event.pid === pid && event.tid === tid && event.ph === "X" && event.name === "RunTask");
  const cpu = (tasks) => tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0);
  const tasks = mains.map(of_main).sort((a, b) => cpu(b) - cpu(a))[0] ?? [];
  const most = (field) => tasks.reduce((so_far, task) => Math.max(so_far, task[field] ?? 0), 0) / 1e3;
  const over = (field) => tasks.filter((task) => (task[field] ?? 0) > too_long).length;
  return {
    tasks: tasks.length,
    too_long: over("dur"),
    longest_ms: most("dur"),
    too_long_of_cpu: over("tdur"),
    most_cpu_ms: most("tdur"),
    cpu_seconds: cpu(tasks) / 1e6,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [, word, rest] = /^(\S+)\s*(.*)$/.exec(line);
  console.log(JSON.stringify(await answers[word](rest)));
}
await browser.close();

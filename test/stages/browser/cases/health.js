// What the page shows about its data: the account, the feed, and access.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

const entries = ["read", "accepted", "duplicate", "corrected", "late", "rejected"];

async function shown_account(view) {
  const texts = await view.page.locator("[data-account]").evaluateAll((all) => all.map((one) => [one.dataset.account, one.innerText]));
  return Object.fromEntries(texts.map(([entry, text]) => [entry, Number(text.replaceAll(",", ""))]));
}

// Writes a bar a second while it is called, because on a slow machine a single bar may be outdated before it is seen.
function trader(server) {
  let minute = 0;
  let next = 0;
  return () => {
    if (Date.now() < next) return;
    next = Date.now() + 1_000;
    server.write(bar("AAPL", plus("14:30", minute++), 100));
  };
}

export const cases = [
  {
    name: "the account on the page is that of /api/v1/status, and every record is in it",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare);
      const first = bar("AAPL", "14:30", 100);
      server.write(
        first,
        first, // the same again
        { ...first, close: 99.5, low: 99.5 }, // another close: a correction
        bar("AAPL", "14:31", 100),
        "{ no json",
        bar("AAPL", "14:32", -1),
        bar("AAPL", "14:50", 101), // the watermark is now 14:48
        bar("AAPL", "14:33", 100), // all of its windows are closed
      );
      const expected = { read: 8, accepted: 3, duplicate: 1, corrected: 1, late: 1, rejected: 2 };
      await view.wait("eight records", async () => {
        const { read, accepted, duplicate, corrected, late, rejected } = await shown_account(view);
        return read === 8 && read === accepted + duplicate + corrected + late + rejected;
      });
      assert.deepEqual(await shown_account(view), expected);
      const { account } = await server.get("/api/v1/status");
      assert.deepEqual(Object.fromEntries(entries.map((entry) => [entry, account[entry]])), expected);
      assert.equal(await view.text(".sum"), "Every record is accounted for.");
      assert.equal(await view.page.locator(".account .trouble").count(), 2, "late and rejected stand out");
    },
  },
  {
    name: "tables of a metastore that does not answer are behind, says the health view, and the run is ready all the same",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off", "--hive", "thrift://127.0.0.1:1", "--store-every", "1s");
      const view = await browser.open(`${server.url}/#/health`);
      server.write(bar("AAPL", "14:30", 100), bar("AAPL", "14:50", 100)); // closes windows, which are published
      await view.wait("what is behind", async () => (await view.page.locator(".lagging").isVisible()) && (await view.text(".lagging")).startsWith("Behind: hive: "));
      const { lagging } = await server.get("/api/v1/status");
      assert.equal(await view.text(".lagging"), `Behind: ${lagging}`);
      assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
      const other = await Server.start("--feed", "stdin");
      const without = await browser.open(`${other.url}/#/health`);
      await without.wait("the view", async () => (await without.page.locator(".account").count()) > 0);
      assert.equal(await without.page.locator(".lagging").isVisible(), false, "nothing is behind where there is no metastore");
    },
  },
  {
    name: "a bar of the future that makes others late is told in the health view",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(`${server.url}/#/health`);
      server.write(bar("AAPL", "14:30", 100), { ...bar("AAPL", "14:31", 100), timestamp: "2099-01-01T00:00:00Z" });
      await view.wait("both", async () => (await server.get("/api/v1/status")).account.accepted === 2);
      assert.equal(await view.page.locator(".jump").isVisible(), false, "nothing is late behind it");
      server.write(bar("AAPL", "14:32", 100), bar("AAPL", "14:33", 100));
      await view.wait("the sentence", async () => /2099.* moved the watermark .* 2 bars after it were late/.test(await view.text(".jump")));
      assert.equal(await view.page.locator(".jump").isVisible(), true);
    },
  },
  {
    name: "a rejected record appears in the health view with its reason and its own text",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(`${server.url}/#/health`);
      const letters = () => view.page.locator(".letters tbody tr").evaluateAll((rows) => rows.map((row) => [...row.children].slice(1).map((cell) => cell.textContent)));
      await view.wait("the good word", async () => (await view.text(".rejected .hint")).startsWith("None"));
      server.write(bar("AAPL", "14:30", 100), "{ no json <b>", bar("AAPL", "14:31", -1));
      await view.wait("both", async () => (await letters()).length === 2);
      const [second, first] = await letters();
      assert.deepEqual(first, ["bad json", "the whole", "0", "{ no json <b>"]);
      assert.deepEqual(second.slice(0, 3), ["not positive", "open", "1"]);
      assert.match(second[3], /"symbol":"AAPL"/);
      await view.wait("all three in the account", async () => {
        const { read, accepted, rejected } = await shown_account(view);
        return read === 3 && accepted === 1 && rejected === 2;
      });
      assert.equal(await view.text(".sum"), "Every record is accounted for.");
      server.write("again");
      await view.wait("the third on top", async () => (await letters())[0]?.[3] === "again");
    },
  },
  {
    name: "the health view says how the feed and the line are, and old numbers are not called live",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(`${server.url}/#/health`);
      const trade = trader(server);
      await view.wait("a live verdict", async () => {
        trade();
        return (await view.text(".verdict")).includes("Running. Bars keep coming.");
      });
      assert.equal(await view.page.locator(".tile", { hasText: "Watermark lag" }).locator("b").innerText(), "2 min");
      server.end_input();
      await view.wait("the end", async () => /^Ended: /.test(await view.page.locator(".facts div", { hasText: "State" }).nth(1).locator("dd").innerText()));
      await server.kill();
      // All at once: the connection counts as lost between two attempts, but not during one.
      await view.wait("the loss", () => view.page.evaluate(() => {
        const verdict = document.querySelector(".verdict");
        const state = document.querySelector("[aria-label='Connection'] dd");
        return /server is gone/.test(verdict.innerText) && verdict.dataset.tone === "lost" && state.innerText === "Lost";
      }));
    },
  },
  {
    name: "without a bar the page says so instead of drawing nothing",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare);
      await view.wait("the words", async () => (await view.text("#empty")).startsWith("No bars yet"));
      assert.notEqual(await view.lamp(), "Running");
      server.write(bar("AAPL", "14:30", 100));
      await view.wait("the first badge", async () => (await view.badges()).length === 1);
      assert.equal(await view.page.locator("#empty").isVisible(), false);
    },
  },
  {
    name: "numbers that are no longer renewed turn grey and tell their age",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare);
      const trade = trader(server);
      const is_lit = async () => {
        trade();
        const { lamp, grey } = await view.state();
        return lamp === "Running" && !grey;
      };
      await view.wait("the lamp to be lit", is_lit);
      await view.wait("the page to turn grey", async () => {
        const { lamp, banner, grey } = await view.state();
        return grey && lamp !== "Running" && /The last bar came \d+ s ago/.test(banner);
      });
      await view.wait("the lamp to be lit again", is_lit);
    },
  },
  {
    name: "the end of the input is called an end, and its windows are final",
    async check(browser) {
      const server = await Server.start("--feed", "stdin", "--max-ahead", "off");
      const view = await browser.open(server.compare);
      server.write(bar("AAPL", "14:30", 100), bar("AAPL", "14:31", 101));
      await view.wait("the windows", async () => (await view.ask("times")).length === 6);
      server.end_input();
      await view.wait("the end", async () => (await view.lamp()) === "Ended");
      await view.wait("final windows", async () => (await view.ask("rows", "AAPL")).every(({ status }) => status === "final"));
      assert.equal((await view.ask("times")).length, 6);
    },
  },
  {
    name: "a page from elsewhere may not listen",
    async check(browser) {
      const server = await Server.start();
      const elsewhere = createServer((_, response) => response.end("<!doctype html><title>elsewhere</title>")).listen(0, "127.0.0.1");
      await once(elsewhere, "listening");
      const listen = (view) =>
        view.page.evaluate(
          (url) =>
            new Promise((resolve) => {
              const socket = new WebSocket(url);
              socket.onmessage = () => resolve("heard");
              socket.onerror = () => resolve("refused");
            }),
          `${server.url.replace("http", "ws")}/api/v1/live`,
        );
      try {
        const foreign = await browser.open(`http://127.0.0.1:${elsewhere.address().port}/`);
        const own = await browser.open(server.compare);
        assert.equal(await listen(foreign), "refused");
        assert.equal(await listen(own), "heard");
      } finally {
        elsewhere.close();
      }
    },
  },
];

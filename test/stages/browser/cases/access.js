// The page with a required token: accepted, disconnected, and accepted again with another token.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { bar, plus } from "../bars.js";
import { Server } from "../server.js";

// An address of this machine that is not loopback.
function own_address() {
  return Object.values(networkInterfaces()).flat().find(({ internal, family }) => !internal && family === "IPv4")?.address;
}

// What the server has agreed to for each WebSocket that the page opens from now on, as Chromium has seen it.
async function watch_agreements(view) {
  const agreements = [];
  const session = await view.page.context().newCDPSession(view.page);
  session.on("Network.webSocketHandshakeResponseReceived", ({ response }) => {
    const name = Object.keys(response.headers).find((one) => one.toLowerCase() === "sec-websocket-extensions");
    agreements.push(name ? response.headers[name] : "");
  });
  await session.send("Network.enable");
  return agreements;
}

export const cases = [
  {
    name: "a page whose token is revoked says so, says what to do, and lives again with another one",
    async check(browser) {
      const folder = mkdtempSync(join(tmpdir(), "tidemark-tokens-"));
      const file = join(folder, "token");
      const token = (...words) => execFileSync(process.env.TIDEMARK, ["token", ...words, "--file", file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
      try {
        const first = token("issue", "--name", "first");
        const server = await Server.start("--token-file", file);
        const view = await browser.open(`${server.url}/?token=${first}`);
        await view.wait("live numbers", async () => (await view.lamp()) === "Running");
        assert.equal(new URL(view.page.url()).search, "", "the token does not stay in the address");

        const second = token("issue", "--name", "second");
        token("revoke", "first");
        await view.wait("the page to notice", async () => (await view.lamp()) === "Access refused");
        const { banner, grey } = await view.state();
        assert.match(banner, /the token was revoked\. Open this page once as \/\?token=…/);
        assert.ok(grey, "old numbers look old");
        await server.kill();
        await view.wait("the page to miss the server", async () => /server is gone/.test(await view.text("#banner")));
        await server.start();
        await view.wait("the page to be refused", async () => /the token of this page is not valid/.test(await view.text("#banner")));

        await view.page.goto(`${server.url}/?token=${second}`);
        await view.wait("live numbers again, and no banner", async () => {
          const { lamp, banner } = await view.state();
          return lamp === "Running" && banner === "";
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
  {
    name: "over a network Chromium and the server agree to pack the live stream, and the page shows the same windows; on loopback they do not",
    async check(browser) {
      const address = own_address();
      if (!address) return "this machine has no address but loopback";
      const folder = mkdtempSync(join(tmpdir(), "tidemark-network-"));
      try {
        const file = join(folder, "token");
        const token = execFileSync(process.env.TIDEMARK, ["token", "issue", "--file", file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
        const server = await Server.start("--address", "0.0.0.0", "--allow-query", "always", "--token-file", file, "--feed", "stdin", "--max-ahead", "off");
        // Closes of 100 to 104: 102 on average. Then 105 in the next minute, which is 103.
        for (let minute = 0; minute < 5; minute++) server.write(bar("AAPL", plus("14:30", minute), 100 + minute));
        const views = [];
        for (const [host, agreed] of [[address, /^permessage-deflate\b/], ["localhost", /^$/]]) {
          const view = await browser.open(`http://${host}:${server.port}/?token=${token}`);
          const agreements = await watch_agreements(view);
          await view.page.goto(`http://${host}:${server.port}/#/compare`);
          await view.page.reload();
          await view.wait_for_price("AAPL", "102.0000");
          await view.wait("word of the handshake", async () => agreements.length > 0);
          for (const agreement of agreements) assert.match(agreement, agreed, host);
          views.push(view);
        }
        server.write(bar("AAPL", "14:35", 105));
        for (const view of views) {
          await view.wait_for_price("AAPL", "103.0000");
          assert.equal((await view.badge("AAPL")).window, "to 14:36 · 5 bars · open");
          // Chromium says that it heeds this header over HTTPS only.
          assert.deepEqual(view.complaints.filter((one) => !one.includes("Cross-Origin-Opener-Policy")), []);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
];

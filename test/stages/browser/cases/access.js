// The page with a required token: accepted, disconnected, and accepted again with another token.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "../server.js";

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
        await view.wait("live numbers", async () => (await view.lamp()) === "Live");
        assert.equal(new URL(view.page.url()).search, "", "the token does not stay in the address");

        const second = token("issue", "--name", "second");
        token("revoke", "first");
        await view.wait("the page to notice", async () => (await view.lamp()) === "Not let in");
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
          return lamp === "Live" && banner === "";
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
];

// How the page looks: legible in both themes, at home on a phone, light to carry. SCREENSHOTS=FOLDER keeps pictures.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Server } from "../server.js";

const folder = process.env.SCREENSHOTS;

async function full_page(browser, server, look) {
  const view = await browser.open(server.url, look);
  await view.wait("live numbers", async () => (await view.lamp()) === "Live");
  await view.wait_for_charts(100);
  return view;
}

async function keep(view, name, whole = true) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await view.page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole });
}

// Texts whose contrast with what is behind them is under WCAG's AA: 4.5, or 3 where the letters are large.
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
  {
    name: "on a phone nothing sticks out to the side",
    async check(browser) {
      const server = await Server.start();
      const view = await full_page(browser, server, { width: 390, height: 844 });
      const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 390);
      await keep(view, "phone");
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
      const moving = await view.page.evaluate(() =>
        [...document.querySelectorAll("*")].filter((node) => {
          const style = getComputedStyle(node);
          return style.animationName !== "none" || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
        }).length,
      );
      assert.equal(moving, 0);
    },
  },
  {
    name: "the whole page weighs less than 60 kB",
    async check(browser) {
      const server = await Server.start();
      const view = await full_page(browser, server, {});
      const files = new Set(view.requests.filter((url) => url.startsWith("http") && !url.includes("/api/")));
      let weight = 0;
      for (const file of files) weight += gzipSync(Buffer.from(await (await fetch(file)).arrayBuffer())).length;
      assert.ok(files.size >= 3, `the page has its script and style: ${[...files].join(" ")}`);
      assert.ok(weight < 60_000, `${weight} bytes gzipped`);
    },
  },
];

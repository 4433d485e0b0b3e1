// Bundles the tests that need no browser, so that plain Node can run them.
import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

const tests = readdirSync("test").filter((name) => name.endsWith("_test.ts"));

export default defineConfig({
  build: {
    ssr: true,
    target: "node20",
    outDir: ".test",
    emptyOutDir: true,
    rollupOptions: {
      input: Object.fromEntries(tests.map((name) => [name.slice(0, -3), `test/${name}`])),
      output: { entryFileNames: "[name].js" },
    },
  },
});

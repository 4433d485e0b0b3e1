// How the page is built: one script and one style sheet, named by their content, so that browsers may cache them
// forever.
import { defineConfig } from "vite";

const server = process.env.TIDEMARK_SERVER ?? "http://127.0.0.1:8050";

export default defineConfig({
  build: {
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
  },
  // `npm run dev` serves the sources and takes the data from a running server, the real one or the mock.
  server: { port: 5173, proxy: { "/api": { target: server, ws: true, changeOrigin: true } } },
});

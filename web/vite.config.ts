import { defineConfig } from "vite";

// No inlined assets: the page's Content-Security-Policy allows only files of its own.
export default defineConfig({
  build: { outDir: "dist", assetsInlineLimit: 0, target: "es2022", modulePreload: { polyfill: false } },
});

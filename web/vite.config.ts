import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { lighter } from "./lighter.ts";
import { packed, worker } from "./plugins.ts";

// The API that `npm run dev` and `vite preview` talk to: API=http://127.0.0.1:8080 npm run dev
const api = process.env.API ?? "http://127.0.0.1:8080";
const proxy = Object.fromEntries(["/api", "/central", "/openapi.json", "/readyz", "/healthz", "/metrics"].map((path) => [path, api]));

/** What most pages share comes as one file: many small ones pack worse. */
const groups = [{ name: "frame", test: /\/node_modules\/(svelte|esm-env|clsx)\/|\/src\/(lib|shell|parts|App)|preload-helper/, minShareCount: 5 }];

export default defineConfig({
  plugins: [svelte(), lighter(), worker(), packed()],
  // No inlined assets: the page's Content-Security-Policy allows only files of its own.
  build: {
    outDir: "dist", assetsInlineLimit: 0, target: "es2022", modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: { host: "127.0.0.1", proxy },
  preview: { host: "127.0.0.1", proxy },
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  // Patient: beside other tests, reading hls.js alone takes longer than the usual five seconds.
  test: { environment: "node", include: ["src/**/*.test.ts", "*.test.ts"], testTimeout: 60_000 },
});

/** What our build adds to Vite's: the service worker with the names of its build, and files packed beforehand. */

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const PACKED = /\.(js|css|svg|html|webmanifest)$/;
const LEAST_BYTES = 1024;

/** `sw.js` at the root: `src/sw.js` with a version that changes with any file of the build. */
export function worker(): Plugin {
  return {
    name: "sightlog-worker",
    apply: "build",
    generateBundle(_options, bundle) {
      const version = createHash("sha256").update(Object.keys(bundle).sort().join()).digest("hex").slice(0, 12);
      const source = readFileSync(resolve("src/sw.js"), "utf-8").replace("__VERSION__", version);
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

/** `.br` and `.gz` beside every text of the build, for the API to send as they are. */
export function packed(): Plugin {
  let out = "dist";
  return {
    name: "sightlog-packed",
    apply: "build",
    configResolved: (config) => void (out = resolve(config.root, config.build.outDir)),
    closeBundle() {
      for (const name of readdirSync(out, { recursive: true, encoding: "utf-8" }).filter((one) => PACKED.test(one))) {
        const data = readFileSync(join(out, name));
        if (data.length < LEAST_BYTES) continue;
        writeFileSync(join(out, `${name}.br`), brotliCompressSync(data));
        writeFileSync(join(out, `${name}.gz`), gzipSync(data, { level: 9 }));
      }
    },
  };
}

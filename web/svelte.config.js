import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

// Rules of reach (a11y) stand as errors: svelte-check fails on its warnings.
export default { preprocess: vitePreprocess(), compilerOptions: { runes: true } };

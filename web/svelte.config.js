// Svelte's own settings: TypeScript in components, runes only, and no injected CSS (strict CSP).
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true, css: "external" },
};

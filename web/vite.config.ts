// How the page is built: hashed names under /assets (the server caches them for ever), no inlined
// data: URLs (the content security policy allows 'self' only), and the mock API for `npm run dev`.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { mockApi } from "./dev/mock";

const server = process.env.KURA_URL; // set: the page under `npm run dev` asks this server.
const proxy: Record<string, string> = server ? { "/api": server } : {};

export default defineConfig({
  plugins: [svelte(), ...(server ? [] : [mockApi()])],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  server: { proxy },
  preview: { proxy },
});

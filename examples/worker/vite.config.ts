import { defineConfig } from "vite";

// WebAssembly uses several threads only if the page is cross-origin isolated. Your own server must send these two as well.
const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export default defineConfig({ server: { headers }, preview: { headers }, worker: { format: "es" } });

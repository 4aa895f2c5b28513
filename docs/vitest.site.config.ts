import { defineConfig } from "vitest/config";

/** The built site in a browser: `npm run docs:build` before. */
export default defineConfig({
  test: { include: ["site.browser.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
});

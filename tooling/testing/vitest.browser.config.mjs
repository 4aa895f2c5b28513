import { defineConfig } from "vitest/config";

/** The tests that need a browser and the built packages: they run last, one file after another. */
export default defineConfig({
  test: {
    include: ["{packages,apps,tooling}/**/*.browser.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});

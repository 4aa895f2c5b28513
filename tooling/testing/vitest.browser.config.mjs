import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** The tests that need a browser and the built packages: they run last, two files at a time, as each mostly waits for its page. */
export default defineConfig({
  // What a package keeps to itself is not built.
  resolve: { alias: [{ find: /^@featuremap\/([^/]+)\/~internal\/(.+)$/, replacement: `${packages}$1/src/$2.ts` }] },
  test: {
    include: ["{packages,apps,tooling}/**/*.browser.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    globalSetup: fileURLToPath(new URL("./chromium.setup.ts", import.meta.url)),
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});

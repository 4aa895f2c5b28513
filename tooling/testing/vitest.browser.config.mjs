import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** The tests that need a browser and the built packages: they run last, one file after another. */
export default defineConfig({
  // What a package keeps to itself is not built.
  resolve: { alias: [{ find: /^@featuremap\/([^/]+)\/~internal\/(.+)$/, replacement: `${packages}$1/src/$2.ts` }] },
  test: {
    include: ["{packages,apps,tooling}/**/*.browser.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});

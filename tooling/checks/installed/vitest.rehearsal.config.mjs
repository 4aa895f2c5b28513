import { defineConfig } from "vitest/config";

/** What `npm run release:rehearse` tries: all that installs packages. */
export default defineConfig({
  test: {
    globalSetup: "tooling/checks/installed/registry.setup.ts",
    include: [
      "tooling/checks/installed/**/*.long.test.ts",
      "tooling/checks/examples/*.installed.test.ts",
      "tooling/checks/installed/published-packages.installed.test.ts",
    ],
    fileParallelism: false,
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
  },
});

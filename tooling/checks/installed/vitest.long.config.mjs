import { defineConfig } from "vitest/config";

/** What takes minutes, and downloads what it tries. */
export default defineConfig({
  test: {
    globalSetup: "tooling/checks/installed/registry.setup.ts",
    include: [
      "tooling/checks/{formats,installed}/**/*.long.test.ts",
      "packages/*/src/**/*.long.test.ts",
      "apps/*/src/**/*.long.test.ts",
    ],
    fileParallelism: false,
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
  },
});

import { defineConfig } from "vitest/config";

/** What needs the built packages and a package manager: packed packages in empty projects, outside the workspace. */
export default defineConfig({
  test: {
    globalSetup: "tooling/checks/installed/registry.setup.ts",
    include: ["tooling/checks/installed/**/*.installed.test.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});

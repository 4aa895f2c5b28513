import { defineConfig } from "vitest/config";

/** Every example, installed from the packed packages as a stranger installs it, and started. */
export default defineConfig({
  test: {
    globalSetup: "tooling/checks/installed/registry.setup.ts",
    include: ["tooling/checks/examples/*.installed.test.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});

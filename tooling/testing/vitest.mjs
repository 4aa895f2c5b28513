import { defineProject } from "vitest/config";

const conditions = ["@featuremap/source", "node", "import", "default"];

/** The one test setup: every package's `vitest.config.ts` is this, so tests run on sources everywhere. */
export default defineProject({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/*.{browser,installed,keras,long}.test.ts"],
    testTimeout: 30_000,
  },
});

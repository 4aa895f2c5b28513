import base, { longTypes } from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

/** `#open` stays an import, so that the package's `imports` choose Node's or the browser's file when it runs. */
export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/device-table.ts", "src/openers/open.node.ts", "src/openers/open.browser.ts"],
  deps: { neverBundle: ["#open", /^node:/] },
  banner: longTypes,
});

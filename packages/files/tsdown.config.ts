import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

/** `#disk` stays an import, so that the package's `imports` choose Node's or the page's file when it runs. */
export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/disk.node.ts", "src/disk.browser.ts"],
  deps: { neverBundle: ["#disk", /^node:/] },
});

import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

/** `#files` stays an import, so that the package's `imports` choose Node's or the browser's file when it runs. */
export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/files.node.ts", "src/files.browser.ts"],
  deps: { neverBundle: ["#files", /^node:/] },
});

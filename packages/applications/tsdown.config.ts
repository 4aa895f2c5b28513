import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

/** `#find-file` stays an import, so that the package's `imports` choose Node's or the page's file when it runs. */
export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/published/find-file.{node,browser}.ts"],
  deps: { neverBundle: ["#find-file", /^node:/] },
});

import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/sources/mnist-files.node.ts", "src/sources/mnist-files.browser.ts"],
  deps: { neverBundle: [/^node:/, "#mnist-files"] },
});

import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/mnist-files.node.ts", "src/mnist-files.browser.ts"],
  deps: { neverBundle: [/^node:/, "#mnist-files"] },
});

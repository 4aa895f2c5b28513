import shared from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({
  ...shared,
  entry: ["src/index.ts", "src/platform.node.ts", "src/platform.browser.ts"],
  deps: { neverBundle: ["#platform", /^node:/, /\/embedded\//] },
});

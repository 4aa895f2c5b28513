import shared, { longTypes } from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({
  ...shared,
  entry: ["src/index.ts", "src/engine/platform.node.ts", "src/engine/platform.browser.ts"],
  deps: { neverBundle: ["#platform", /^node:/, /\/embedded\//] },
  banner: longTypes,
});

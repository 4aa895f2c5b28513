import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/{sources,pipeline,workers}/**/*.{node,browser}.ts"],
  deps: { neverBundle: [/^node:/, /^#/, /\/embedded\//] },
});

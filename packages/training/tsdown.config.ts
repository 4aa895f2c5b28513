import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

/**
 * tfjs-core keeps its gradients in ES modules that a bundler reads and Node does not, so for Node they are built into
 * a file of their own. `#gradients` stays an import: the package's `imports` choose that file or tfjs-core's.
 */
export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/gradients.ts"],
  deps: {
    neverBundle: ["#gradients"],
    alwaysBundle: ["@tensorflow/tfjs-core/dist/register_all_gradients.js"],
    onlyBundle: ["@tensorflow/tfjs-core"],
  },
});

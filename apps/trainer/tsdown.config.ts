import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

export default defineConfig({
  ...base,
  entry: ["src/cli.ts", "src/index.ts"],
  platform: "node",
  fixedExtension: false,
  // So that --help, which names the devices, need not look for another package.
  deps: { alwaysBundle: ["@featuremap/devices/table"] },
});

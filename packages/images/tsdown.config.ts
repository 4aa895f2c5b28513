import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

/** What begins with `#` stays an import, so that the package's `imports` choose Node's or the page's file when it runs. */
export default defineConfig({
  ...base,
  entry: ["src/index.ts", "src/decode/platform.node.ts", "src/decode/platform.browser.ts"],
  deps: { neverBundle: ["#decoders", "#jpeg-turbo", /^node:/, /\/embedded\//] },
});

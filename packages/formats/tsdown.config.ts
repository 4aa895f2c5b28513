import base from "@featuremap/tsconfig/tsdown";
import { defineConfig } from "tsdown";

/** `#storage` stays an import, so that the package's `imports` choose Node's or the browser's file when it runs. */
export default defineConfig({
  ...base,
  entry: [
    "src/index.ts",
    "src/{any,bundle,keras,model-files,numpy,onnx,page,pytorch,safetensors,tfjs}/index.ts",
    "src/reading/storage.{node,browser}.ts",
  ],
  deps: { neverBundle: ["#storage", /^node:/] },
});

// onnxruntime-node on its CPU provider.
import { createRequire } from "node:module";
import { join } from "node:path";
import { onnxBuilder } from "./onnx-session.mjs";
import { cache, serve, threads } from "./protocol.mjs";

const ort = createRequire(join(cache, "onnxruntime-node", "package.json"))("onnxruntime-node");

await serve({
  versions: { "onnxruntime-node": ort.env.versions.node },
  threads,
  build: onnxBuilder(ort, {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
  }),
});

// onnxruntime-web on its wasm backend.
import { createRequire } from "node:module";
import { join } from "node:path";
import { onnxBuilder } from "./onnx-session.mjs";
import { cache, serve, threads } from "./protocol.mjs";

const ort = createRequire(join(cache, "onnxruntime-web", "package.json"))("onnxruntime-web");
ort.env.wasm.numThreads = threads;

await serve({
  versions: { "onnxruntime-web": ort.env.versions.web },
  threads: ort.env.wasm.numThreads,
  build: onnxBuilder(ort, { executionProviders: ["wasm"], graphOptimizationLevel: "all" }),
});

// tfjs-node: TensorFlow.js's layers on libtensorflow.
import { createRequire } from "node:module";
import { join } from "node:path";
import util from "node:util";
import { cache, serve, threads } from "./protocol.mjs";
import { tfjsBuilder } from "./tfjs-model.mjs";

// It calls both; Node 23 has neither.
Object.assign(util, {
  isNullOrUndefined: (/** @type {unknown} */ value) => value === null || value === undefined,
  isArray: Array.isArray,
});
// TensorFlow reads these as it starts.
process.env["TF_CPP_MIN_LOG_LEVEL"] = "2";
process.env["TF_NUM_INTRAOP_THREADS"] = String(threads);

const load = createRequire(join(cache, "tfjs-node", "package.json"));
const tf = load("@tensorflow/tfjs-node");
await serve({
  versions: { "tfjs-node": tf.version["tfjs-node"], libtensorflow: "2.21.0" },
  threads,
  build: tfjsBuilder(tf),
});

import { type Platform, platformOf } from "../platform.ts";
import { openCpu } from "./open-cpu.ts";
import { openTensorflowNode } from "./open-tensorflow-node.ts";
import { openWasm } from "./open-wasm.ts";

/** Node's devices. */
export const platform: Platform = platformOf(
  "node",
  {
    "node-gpu": (options) => openTensorflowNode("node-gpu", options),
    node: (options) => openTensorflowNode("node", options),
    wasm: openWasm,
    cpu: openCpu,
  },
  'It is for pages. For a CUDA GPU, npm install @tensorflow/tfjs-node-gpu and open "node-gpu"; "wasm" computes on all cores.',
);

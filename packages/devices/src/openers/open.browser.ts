import { type Platform, platformOf } from "../platform.ts";
import { openCpu } from "./open-cpu.ts";
import { openWasm } from "./open-wasm.ts";
import { openWebgpu } from "./open-webgpu.ts";

/** A page's devices. */
export const platform: Platform = platformOf(
  "page",
  { webgpu: openWebgpu, wasm: openWasm, cpu: openCpu },
  'It is for Node. Open "webgpu" for the GPU, or "wasm" for all cores.',
);

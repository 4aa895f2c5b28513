import { removeBackend } from "@tensorflow/tfjs-core";

import type { OpenedBackend } from "../device.ts";
import { selectBackend } from "./select-backend.ts";

/** The page's GPU. */
export async function openWebgpu(): Promise<OpenedBackend> {
  const { registerWebgpuBackend } = await import("@featuremap/backend-webgpu");
  const { name, adapter } = await registerWebgpuBackend();
  await selectBackend(name);
  return {
    description: `WebGPU on ${adapter}`,
    async dispose() {
      removeBackend(name);
    },
  };
}

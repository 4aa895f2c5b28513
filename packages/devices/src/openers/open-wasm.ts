import { getKernelsForBackend, removeBackend, unregisterKernel } from "@tensorflow/tfjs-core";

import type { OpenDeviceOptions, OpenedBackend } from "../device.ts";
import { selectBackend } from "./select-backend.ts";

/**
 * Our own engine in WebAssembly; needs nothing but the package.
 *
 * @throws {InvalidConfigError} it is open with another number of threads.
 */
export async function openWasm({ threads }: OpenDeviceOptions): Promise<OpenedBackend> {
  const { registerWasmBackend } = await import("@featuremap/backend-wasm");
  const registered = await registerWasmBackend(threads === undefined ? {} : { threads });
  const { name } = registered;
  await selectBackend(name);
  const instructions = registered.simd === "relaxed" ? "relaxed SIMD" : "SIMD";
  const count = `${registered.threads} ${registered.threads === 1 ? "thread" : "threads"}`;
  return {
    description: `WebAssembly, ${count}${registered.sharedMemory ? "" : " (no shared memory)"}, ${instructions}`,
    threads: registered.threads,
    binary: registered.simd,
    async dispose() {
      removeBackend(name);
      // Else registering them again, when the device is opened once more, warns of each.
      for (const { kernelName } of getKernelsForBackend(name)) unregisterKernel(kernelName, name);
    },
  };
}

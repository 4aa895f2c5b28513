import { findBackendFactory, getKernelsForBackend, removeBackend, unregisterKernel } from "@tensorflow/tfjs-core";

import type { OpenDeviceOptions, OpenedBackend } from "../device.ts";
import { selectBackend } from "./select-backend.ts";

/** Devices that are open on the backend there is: who opens it with as many threads shares it. */
let open = 0;

/**
 * Our own engine in WebAssembly; needs nothing but the package.
 *
 * @throws {InvalidConfigError} it is open with another number of threads.
 */
export async function openWasm({ threads }: OpenDeviceOptions): Promise<OpenedBackend> {
  const { registerWasmBackend } = await import("@featuremap/backend-wasm");
  const registered = await registerWasmBackend(threads === undefined ? {} : { threads });
  await selectBackend(registered.name);
  open++;
  let disposed = false;
  const instructions = registered.simd === "relaxed" ? "relaxed SIMD" : "SIMD";
  const count = `${registered.threads} ${registered.threads === 1 ? "thread" : "threads"}`;
  return {
    backend: registered.name,
    description: `WebAssembly, ${count}${registered.sharedMemory ? "" : " (no shared memory)"}, ${instructions}`,
    threads: registered.threads,
    binary: registered.simd,
    async dispose() {
      if (disposed) return;
      disposed = true;
      open--;
      if (open === 0) remove(registered.name);
    },
  };
}

function remove(name: string): void {
  if (findBackendFactory(name) === null) return;
  removeBackend(name);
  // Else registering them again, when the device is opened once more, warns of each.
  for (const { kernelName } of getKernelsForBackend(name)) unregisterKernel(kernelName, name);
}

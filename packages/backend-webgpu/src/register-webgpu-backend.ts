import {
  findBackendFactory,
  getKernel,
  registerBackend,
  registerKernel,
  removeBackend,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

import { describeAdapter, requestGpu } from "./request-gpu.ts";

/** What was registered. */
export interface WebgpuRegistration {
  /** For `tf.setBackend`. */
  readonly name: "webgpu";
  /** The adapter, as the browser names it. */
  readonly adapter: string;
}

/** Above wasm (2) and cpu (1), as tfjs ranks its own WebGPU backend. */
const priority = 3;

let opening: Promise<WebgpuRegistration> | undefined;

/**
 * Opens the page's GPU and registers it with tfjs-core as the backend "webgpu"; the caller then selects it with
 * `tf.setBackend("webgpu")`.
 *
 * The kernels are loaded only once a device has answered. A second call changes nothing; after
 * `tf.removeBackend("webgpu")`, which destroys the device, or after the device was lost, a call opens a new one.
 *
 * @throws {UnavailableError} there is no WebGPU, no adapter, or the adapter refuses a device.
 */
export function registerWebgpuBackend(): Promise<WebgpuRegistration> {
  if (opening !== undefined) return opening;
  const forget = (): void => {
    if (opening === attempt) opening = undefined;
  };
  const attempt = open(forget);
  opening = attempt;
  attempt.catch(forget);
  return attempt;
}

async function open(forget: () => void): Promise<WebgpuRegistration> {
  const { device, information } = await requestGpu(globalThis.navigator?.gpu);
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  const { maxPoolGradient } = await import("./max-pool-gradient.ts");

  class OwnedBackend extends WebGPUBackend {
    override dispose(): void {
      forget();
      super.dispose();
      this.device.destroy();
    }
  }

  // Importing the kernels registers a backend of tfjs's own under this name.
  if (findBackendFactory("webgpu") !== null) removeBackend("webgpu");
  const backend = new OwnedBackend(device, information);
  registerBackend("webgpu", () => backend, priority);
  // Registering a name a second time would warn.
  if (getKernel(maxPoolGradient.kernelName, "webgpu")) unregisterKernel(maxPoolGradient.kernelName, "webgpu");
  registerKernel(maxPoolGradient);
  void device.lost.then(forget);
  return { name: "webgpu", adapter: describeAdapter(information) };
}

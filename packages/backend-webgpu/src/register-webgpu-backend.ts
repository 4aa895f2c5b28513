import {
  Cast,
  type KernelConfig,
  MaxPoolGrad,
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

/** Kernels of ours that stand in place of TensorFlow.js's. */
const own = new WeakSet<KernelConfig>();

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
  const { CheckedBackend } = await import("./checked-backend.ts");
  const { maxPoolGradient } = await import("./kernels/max-pool-gradient.ts");
  const { castToFloat } = await import("./kernels/cast.ts");

  class OwnedBackend extends CheckedBackend {
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
  replaceKernel(MaxPoolGrad, () => maxPoolGradient);
  replaceKernel(Cast, castToFloat);
  void device.lost.then(forget);
  return { name: "webgpu", adapter: describeAdapter(information) };
}

/** Puts a kernel of ours in the place of TensorFlow.js's. */
function replaceKernel(name: string, replacement: (other: KernelConfig) => KernelConfig): void {
  const other = getKernel(name, "webgpu");
  if (own.has(other)) return;
  const kernel = replacement(other);
  own.add(kernel);
  // Registering a name a second time would warn.
  unregisterKernel(name, "webgpu");
  registerKernel(kernel);
}

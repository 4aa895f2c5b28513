import { availableThreads, callerMaySleep, canShareMemory, prepareEngine, startWorkers } from "#platform";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import {
  backend_util,
  findBackendFactory,
  getKernelsForBackend,
  registerBackend,
  registerKernel,
  removeBackend,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { Allocator } from "./allocator.ts";
import { type BackendParts, BACKEND_NAME, WasmBackend } from "./backend.ts";
import { compileKernels, widestSimd } from "./binary.ts";
import type { KernelExports } from "./kernel-exports.ts";
import { kernels } from "./kernels.ts";
import type { Simd } from "./simd.ts";

export interface WasmBackendOptions {
  /** Threads that compute, 1 to 64, the caller included. Default: as many as the machine runs at once, at most 64. */
  readonly threads?: number;
}

export interface WasmBackendInfo {
  readonly name: typeof BACKEND_NAME;
  /** Threads that compute; 1 where memory cannot be shared. */
  readonly threads: number;
  readonly simd: Simd;
  readonly sharedMemory: boolean;
}

/** First address that tensors may take; below lie the control block and the kernels' constants. */
const HEAP_START = 65_536;

/**
 * Registers the backend `featuremap-wasm` with TensorFlow.js; `setBackend(info.name)` then selects it.
 *
 * A second call replaces the first one's backend, with its tensors.
 *
 * @throws {InvalidConfigError} `threads` is not an integer in [1, 64].
 * @throws {UnavailableError} the engine lacks SIMD or refuses the memory.
 */
export async function registerWasmBackend(options: WasmBackendOptions = {}): Promise<WasmBackendInfo> {
  const requested = options.threads ?? Math.min(64, availableThreads());
  if (!Number.isInteger(requested) || requested < 1 || requested > 64) {
    throw new InvalidConfigError("registerWasmBackend", "threads", "an integer in [1, 64]", requested);
  }
  if (requested > availableThreads()) {
    backend_util.warn(`${BACKEND_NAME}: ${requested} threads share ${availableThreads()} cores; fewer are faster.`);
  }
  prepareEngine();
  const simd = widestSimd();
  const sharedMemory = requested > 1 && canShareMemory();
  const threads = sharedMemory ? requested : 1;
  const module = await compileKernels(simd, sharedMemory);
  let prepared: BackendParts | undefined = await prepareParts(module, threads, sharedMemory);

  removeRegistered();
  // TensorFlow.js asks again after it has disposed a backend, as `engine().reset()` does: its threads are gone then.
  const take = (): WasmBackend | Promise<WasmBackend> => {
    const parts = prepared;
    prepared = undefined;
    if (parts !== undefined) return new WasmBackend(parts);
    return prepareParts(module, threads, sharedMemory).then((others) => new WasmBackend(others));
  };
  registerBackend(BACKEND_NAME, take, 2);
  const own = new Set(kernels.map(({ kernelName }) => kernelName));
  const inherited = getKernelsForBackend("cpu").filter(({ kernelName }) => !own.has(kernelName));
  for (const config of inherited) registerKernel({ ...config, backendName: BACKEND_NAME });
  for (const config of kernels) registerKernel(config);
  return { name: BACKEND_NAME, threads, simd, sharedMemory };
}

/** A memory, the kernels on it, and threads that wait for tasks. */
async function prepareParts(module: WebAssembly.Module, threads: number, shared: boolean): Promise<BackendParts> {
  const memory = createMemory(shared);
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  // The binaries are built from this package's own sources, which `KernelExports` describes.
  const exports = instance.exports as unknown as KernelExports;
  exports.initialize(threads, 0, callerMaySleep);
  const workers = await startWorkers({ module, memory, threads });
  return { kernels: exports, allocator: new Allocator(memory, HEAP_START), threads, workers };
}

function removeRegistered(): void {
  if (findBackendFactory(BACKEND_NAME) !== null) removeBackend(BACKEND_NAME);
  for (const { kernelName } of getKernelsForBackend(BACKEND_NAME)) unregisterKernel(kernelName, BACKEND_NAME);
}

/** The largest growing memory that the engine grants, up to 4 GiB. */
function createMemory(shared: boolean): WebAssembly.Memory {
  let refusal: unknown;
  for (const maximum of [65_536, 32_768, 16_384]) {
    try {
      return new WebAssembly.Memory({ initial: 1024, maximum, shared });
    } catch (error) {
      refusal = error;
    }
  }
  throw new UnavailableError("This engine grants no WebAssembly memory of 1 GiB", "Close other pages or programs.", {
    cause: refusal,
  });
}

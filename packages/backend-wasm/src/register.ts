import { availableThreads, canShareMemory, prepareEngine } from "#platform";
import { InvalidConfigError, type OptionNames, UnavailableError, checkOptions } from "@featuremap/tensor";
import {
  findBackend,
  findBackendFactory,
  getKernelsForBackend,
  registerBackend,
  registerKernel,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { type BackendParts, BACKEND_NAME, WasmBackend } from "./engine/backend.ts";
import { compileKernels, widestSimd } from "./engine/binary.ts";
import { kernels } from "./kernels.ts";
import { prepareParts } from "./engine/parts.ts";
import type { Simd } from "./engine/simd.ts";

export interface WasmBackendOptions {
  /**
   * Threads that compute, 1 to 64, the caller included. Default: those of the backend that is registered; if none is,
   * as many as the machine runs at once, at most 64.
   */
  readonly threads?: number;
}

const optionNames: OptionNames<WasmBackendOptions> = { threads: true };

export interface WasmBackendInfo {
  readonly name: typeof BACKEND_NAME;
  /** Threads that compute; 1 where memory cannot be shared, or where no number was asked for and others do not start. */
  readonly threads: number;
  readonly simd: Simd;
  readonly sharedMemory: boolean;
}

/** What was registered last, and what TensorFlow.js then knew it by. */
let registered: { readonly info: WasmBackendInfo; readonly factory: unknown } | undefined;
/** Calls run one after another: the second finds what the first has registered. */
let lastCall: Promise<unknown> = Promise.resolve();

/**
 * Registers the backend `featuremap-wasm` with TensorFlow.js; `setBackend(info.name)` then selects it.
 *
 * Where it is registered with as many threads already, that backend stays, with its tensors. To have another number,
 * remove it first: `removeBackend("featuremap-wasm")` ends its threads and frees its tensors.
 *
 * @throws {InvalidConfigError} an option is unknown, or `threads` is not an integer in [1, 64], or not that of the backend that is registered.
 * Where no number is asked for and a thread does not start within 30 seconds, one thread works, and the console says why.
 *
 * @throws {UnavailableError} the engine lacks SIMD or refuses the memory, or a thread that was asked for does not start.
 * @throws {DeviceLostError} the backend that is registered has lost a thread.
 */
export function registerWasmBackend(options: WasmBackendOptions = {}): Promise<WasmBackendInfo> {
  const call = lastCall.then(() => register(options));
  lastCall = call.catch(() => {});
  return call;
}

async function register(options: WasmBackendOptions): Promise<WasmBackendInfo> {
  checkOptions("registerWasmBackend", options, optionNames);
  const { threads: requested } = options;
  if (requested !== undefined && !(Number.isInteger(requested) && requested >= 1 && requested <= 64)) {
    throw new InvalidConfigError("registerWasmBackend", "threads", "an integer in [1, 64]", requested);
  }
  const factory: unknown = findBackendFactory(BACKEND_NAME);
  if (registered !== undefined && factory === registered.factory) {
    return reuse(registered.info, requested);
  }
  const wanted = requested ?? Math.min(64, availableThreads());
  prepareEngine();
  const simd = widestSimd();
  const threads = canShareMemory() ? wanted : 1;
  if (threads > availableThreads()) {
    // oxlint-disable-next-line no-console -- Whoever asks for it should hear of it, whatever tfjs's flags are.
    console.warn(`${BACKEND_NAME}: ${threads} threads share ${availableThreads()} cores; fewer are faster.`);
  }
  try {
    return await registerWith(simd, threads);
  } catch (error) {
    if (requested !== undefined || threads === 1 || !(error instanceof UnavailableError)) throw error;
    // oxlint-disable-next-line no-console -- Nobody asked for threads, so nothing fails; but it is slower than it could be.
    console.warn(`${BACKEND_NAME}: using one thread, which is slower. ${error.message}`);
    return registerWith(simd, 1);
  }
}

/** Memory is shared only between several threads. */
async function registerWith(simd: Simd, threads: number): Promise<WasmBackendInfo> {
  const sharedMemory = threads > 1;
  const module = await compileKernels(simd, sharedMemory);
  const prepare = (): Promise<BackendParts> => prepareParts(module, threads, sharedMemory);
  registerParts(await prepare(), prepare);
  const info: WasmBackendInfo = { name: BACKEND_NAME, threads, simd, sharedMemory };
  registered = { info, factory: findBackendFactory(BACKEND_NAME) };
  return info;
}

function reuse(info: WasmBackendInfo, requested: number | undefined): WasmBackendInfo {
  const backend: unknown = findBackend(BACKEND_NAME);
  if (backend instanceof WasmBackend) backend.checkThreads();
  const same = requested === undefined || requested === info.threads || !(info.sharedMemory || canShareMemory());
  if (same) return info;
  throw new InvalidConfigError(
    "registerWasmBackend",
    "threads",
    `${info.threads}, like the registered backend's, until removeBackend("${BACKEND_NAME}") has removed that one`,
    requested,
  );
}

/**
 * Makes a backend of parts the one that TensorFlow.js knows.
 *
 * @param prepareAgain TensorFlow.js asks for a backend anew after it has disposed this one, as `engine().reset()` does:
 *   its threads are gone then
 */
export function registerParts(parts: BackendParts, prepareAgain: () => Promise<BackendParts>): void {
  let first: BackendParts | undefined = parts;
  const take = (): WasmBackend | Promise<WasmBackend> => {
    const taken = first;
    first = undefined;
    return taken === undefined ? prepareAgain().then((others) => new WasmBackend(others)) : new WasmBackend(taken);
  };
  registerBackend(BACKEND_NAME, take, 2);
  // What was never looked for is not disposed when it is removed, and its threads would stay.
  findBackend(BACKEND_NAME);
  for (const { kernelName } of getKernelsForBackend(BACKEND_NAME)) unregisterKernel(kernelName, BACKEND_NAME);
  const own = new Set(kernels.map(({ kernelName }) => kernelName));
  const inherited = getKernelsForBackend("cpu").filter(({ kernelName }) => !own.has(kernelName));
  for (const config of inherited) registerKernel({ ...config, backendName: BACKEND_NAME });
  for (const config of kernels) registerKernel(config);
}

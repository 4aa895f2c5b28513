import { callerMaySleep, availableThreads, startWorkers } from "#platform";
import { UnavailableError } from "@featuremap/tensor";
import { Allocator } from "./allocator.ts";
import type { BackendParts } from "./backend.ts";
import type { KernelExports } from "./kernel-exports.ts";
import { HEAP } from "../codes/memory.ts";

/**
 * Milliseconds that a thread looks for work before it sleeps: longer than the JavaScript between two kernels takes, and
 * short enough that a backend that has nothing to do takes no processor time.
 */
const PATIENCE = 1;

/**
 * A memory, the kernels on it, and threads that wait for tasks.
 *
 * @param shared whether the memory is shared between threads; the module must have been compiled so
 * @param start starts the workers
 * @throws {UnavailableError} the engine refuses the memory, or a worker does not start.
 */
export async function prepareParts(
  module: WebAssembly.Module,
  threads: number,
  shared: boolean,
  start: typeof startWorkers = startWorkers,
): Promise<BackendParts> {
  const memory = createMemory(shared);
  // Threads that have to share cores had better leave them to each other.
  const patience = threads > availableThreads() ? 0 : PATIENCE;
  let reported: Error | undefined;
  const waited = (milliseconds: number): void => {
    reported ??= readReport(memory, kernels.failureReport());
    workers.lookForFailure(milliseconds);
    const failure = reported ?? workers.failure;
    if (failure !== undefined) throw failure;
  };
  const instance = await WebAssembly.instantiate(module, { env: { memory, now: () => performance.now(), waited } });
  // The binaries are built from this package's own sources, which `KernelExports` describes.
  const kernels = instance.exports as KernelExports;
  kernels.initialize(threads, 0, callerMaySleep, patience);
  const workers = await start({ module, memory, threads, patience });
  return {
    kernels,
    allocator: new Allocator(memory, HEAP),
    threads,
    failure: () => reported ?? workers.failure,
    terminate: () => workers.terminate(),
  };
}

/** What a worker has left in the memory about its failure; see `worker/take-tasks.js`. */
function readReport({ buffer }: WebAssembly.Memory, address: number): Error | undefined {
  const length = new DataView(buffer).getUint32(address, true);
  if (length === 0) return undefined;
  // Text is not decoded from shared memory.
  return new Error(new TextDecoder().decode(new Uint8Array(buffer, address + 4, length).slice()));
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
  throw new UnavailableError(
    "This engine does not grant 1 GiB of WebAssembly memory",
    "Close other pages or programs.",
    { cause: refusal },
  );
}

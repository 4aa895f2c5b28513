import { UnavailableError } from "@featuremap/tensor";
import type { Simd } from "./simd.ts";
import type { WorkerStart, Workers } from "./workers.ts";

const binaries: Record<Simd, URL> = {
  relaxed: new URL("../wasm/relaxed.wasm", import.meta.url),
  simd128: new URL("../wasm/simd128.wasm", import.meta.url),
};

/** Longest wait for one task, in milliseconds; past it, the worker is taken for dead. */
const TASK_TIMEOUT = 60_000;

/** Downloads a kernel binary that lies beside the code. */
export async function readBinary(simd: Simd): Promise<Uint8Array> {
  const url = binaries[simd];
  const response = await fetch(url);
  if (!response.ok) {
    throw new UnavailableError(
      `The kernels at ${url.href} answered ${response.status}`,
      "Serve the package's wasm folder.",
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** Browsers need no flag. */
export function prepareEngine(): void {}

/** Threads that the machine runs at once. */
export function availableThreads(): number {
  return navigator.hardwareConcurrency;
}

/** A page's own thread may not sleep; a worker may. */
export const callerMaySleep: boolean = typeof document === "undefined";

/** Whether memory can be shared with workers: only where the page is isolated from other origins. */
export function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated;
}

/**
 * Starts the workers; resolves when all wait for tasks.
 *
 * @throws {UnavailableError} one of them does not start.
 */
export async function startWorkers(start: Omit<WorkerStart, "index">): Promise<Workers> {
  const workers: Worker[] = [];
  const terminate = async (): Promise<void> => {
    for (const worker of workers) worker.terminate();
  };
  let failure: Error | undefined;
  try {
    for (let index = 1; index < start.threads; index++) {
      workers.push(new Worker(new URL("../worker/browser.js", import.meta.url), { type: "module" }));
    }
    await Promise.all(
      workers.map((worker, index) => {
        const ready = waitUntilReady(worker);
        worker.postMessage({ ...start, index: index + 1 } satisfies WorkerStart);
        return ready;
      }),
    );
  } catch (error) {
    await terminate();
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnavailableError(
      `featuremap-wasm: one of ${start.threads - 1} worker threads did not start: ${reason}`,
      "Serve the package's worker folder, or ask for 1 thread.",
      { cause: error },
    );
  }
  for (const worker of workers) {
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      failure ??= new Error(event.message);
    });
  }
  return {
    get failure() {
      return failure;
    },
    // No page can ask whether a worker still runs; none ends but by an error, which it reports, or with the page.
    lookForFailure(milliseconds) {
      if (milliseconds > TASK_TIMEOUT) failure ??= new Error(`it has not answered for ${TASK_TIMEOUT / 1000} seconds`);
    },
    terminate,
  };
}

function waitUntilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", () => resolve(), { once: true });
    worker.addEventListener("error", (event) => reject(new Error(event.message || "its script cannot be loaded")), {
      once: true,
    });
  });
}

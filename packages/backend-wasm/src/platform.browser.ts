import { UnavailableError } from "@featuremap/tensor";
import type { Simd } from "./simd.ts";
import type { WorkerStart, Workers } from "./workers.ts";

const binaries: Record<Simd, URL> = {
  relaxed: new URL("../wasm/relaxed.wasm", import.meta.url),
  simd128: new URL("../wasm/simd128.wasm", import.meta.url),
};

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

/** Starts the workers; resolves when all wait for tasks. */
export async function startWorkers(start: Omit<WorkerStart, "index">): Promise<Workers> {
  const workers = Array.from(
    { length: start.threads - 1 },
    () => new Worker(new URL("../worker/browser.js", import.meta.url), { type: "module" }),
  );
  await Promise.all(
    workers.map(
      (worker, index) =>
        new Promise<void>((resolve, reject) => {
          worker.addEventListener("message", () => resolve(), { once: true });
          worker.addEventListener("error", (event) =>
            reject(new UnavailableError("A worker did not start", event.message)),
          );
          worker.postMessage({ ...start, index: index + 1 } satisfies WorkerStart);
        }),
    ),
  );
  return {
    async terminate() {
      for (const worker of workers) worker.terminate();
    },
  };
}

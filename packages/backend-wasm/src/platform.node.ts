import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Simd } from "./simd.ts";
import type { WorkerStart, Workers } from "./workers.ts";

/** Reads a kernel binary that lies beside the code. */
export async function readBinary(simd: Simd): Promise<Uint8Array> {
  return readFile(new URL(`../wasm/${simd}.wasm`, import.meta.url));
}

/** Node 20 compiles relaxed SIMD only under a flag, which later versions do not know. */
export function prepareEngine(): void {
  if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");
}

/** Threads that the machine runs at once. */
export function availableThreads(): number {
  return availableParallelism();
}

/** Whether this thread may sleep until another wakes it. */
export const callerMaySleep = true;

/** Whether memory can be shared with workers. */
export function canShareMemory(): boolean {
  return true;
}

/** Starts the workers; resolves when all wait for tasks. They do not keep the process alive. */
export async function startWorkers(start: Omit<WorkerStart, "index">): Promise<Workers> {
  const workers = Array.from({ length: start.threads - 1 }, (_, index) => {
    const workerData: WorkerStart = { ...start, index: index + 1 };
    return new Worker(new URL("../worker/node.mjs", import.meta.url), { workerData, execArgv: [] });
  });
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.once("message", () => resolve());
          worker.once("error", reject);
        }),
    ),
  );
  for (const worker of workers) {
    worker.unref();
    worker.on("error", () => {});
  }
  return {
    async terminate() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

import { UnavailableError } from "@featuremap/tensor";
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import takeTasks from "../../embedded/take-tasks.js";
import { type WorkerStart, type Workers, allReported } from "./workers.ts";

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

/** Deno has no idle time of a worker, and Bun warns that it has none: there a worker that ends is noticed only by its event. */
const workersTellIdleTime = process.versions["deno"] === undefined && process.versions["bun"] === undefined;

/** What a worker runs: text, for a bundler moves the code away from files that lie beside it. */
const script = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from "node:worker_threads";
    ${takeTasks}
    takeTasks(workerData, () => parentPort.postMessage("ready"));
  `)}`,
);

/**
 * Starts the workers; resolves when all wait for tasks. They do not keep the process alive.
 *
 * @throws {UnavailableError} one of them does not start; its cause is the worker's own error.
 */
export async function startWorkers(
  start: Omit<WorkerStart, "index">,
  url: URL = script,
  options: WorkerOptions = {},
): Promise<Workers> {
  const workers: Worker[] = [];
  let ending = false;
  let failure: Error | undefined;
  const terminate = async (): Promise<void> => {
    ending = true;
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    for (let index = 1; index < start.threads; index++) {
      const workerData: WorkerStart = { ...start, index };
      const worker = new Worker(url, { ...options, workerData, execArgv: [] });
      worker.on("error", (error) => (failure ??= error));
      worker.on("exit", (code) => {
        if (!ending) failure ??= new Error(`it exited with code ${code}`);
      });
      workers.push(worker);
    }
    await allReported(workers.map(waitUntilReady));
  } catch (error) {
    await terminate();
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnavailableError(
      `featuremap-wasm: one of ${start.threads - 1} worker threads did not start: ${reason}`,
      "Ask for fewer threads; with 1 there are no workers.",
      { cause: error },
    );
  }
  for (const worker of workers) {
    worker.unref();
    if (workersTellIdleTime) isGone(worker);
  }
  return {
    get failure() {
      return failure;
    },
    lookForFailure() {
      if (workersTellIdleTime && workers.some(isGone)) failure ??= new Error("it was terminated");
    },
    terminate,
  };
}

/** Waits for the worker's word, and for Node's: what {@link isGone} asks is not known before. */
function waitUntilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const awaited = new Set(["online", "message"]);
    for (const event of awaited) {
      worker.once(event, () => {
        awaited.delete(event);
        if (awaited.size === 0) resolve();
      });
    }
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`it exited with code ${code}`)));
  });
}

/**
 * Whether a worker's thread has ended, though this thread, which waits, has not heard of it.
 *
 * Of what can be asked about a worker only this is looked up at once: the idle time of a thread that has ended is -1, if
 * it was asked for while the thread ran.
 */
function isGone(worker: Worker): boolean {
  return worker.performance.eventLoopUtilization().idle < 0;
}

/** Unpacks a gzip file; not by a stream of the web's, which jsdom lacks. */
export async function gunzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(gunzipSync(packed));
}

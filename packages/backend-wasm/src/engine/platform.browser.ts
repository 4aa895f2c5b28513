import { UnavailableError } from "@featuremap/tensor";
import takeTasks from "../../embedded/take-tasks.js";
import { SilentWorkerError, type WorkerStart, type Workers, allReported } from "./workers.ts";

/** Longest wait for one task, in milliseconds; past it, the worker is taken for dead. */
const TASK_TIMEOUT = 60_000;

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
  let workers: readonly Worker[];
  try {
    workers = await openWorkers(start);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const rule = reason.includes("TrustedScriptURL")
      ? "require-trusted-types-for needs a default policy"
      : "worker-src blob:";
    throw new UnavailableError(
      `featuremap-wasm: one of ${start.threads - 1} worker threads did not start: ${reason}`,
      `Allow them in the page's Content-Security-Policy (${rule}), or ask for 1 thread.`,
      { cause: error },
    );
  }
  let failure: Error | undefined;
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
    async terminate() {
      for (const worker of workers) worker.terminate();
    },
  };
}

/**
 * Opens the workers from the script that is part of this code, which is there wherever a bundler puts it; where the page's
 * policy forbids that (`worker-src 'self'`), from the package's file, which is where the code looks for it, or is not.
 */
async function openWorkers(start: Omit<WorkerStart, "index">): Promise<readonly Worker[]> {
  const script = `${takeTasks}\naddEventListener("message", ({ data }) => takeTasks(data, () => postMessage("ready")));`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return await openEach(start, () => new Worker(address));
  } catch (error) {
    if (error instanceof SilentWorkerError) throw error;
    return await openEach(
      start,
      () => new Worker(new URL("../../worker/browser.js", import.meta.url), { type: "module" }),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** @throws {Error} one of them does not start; all are ended then. */
async function openEach(start: Omit<WorkerStart, "index">, open: () => Worker): Promise<readonly Worker[]> {
  const workers: Worker[] = [];
  try {
    for (let index = 1; index < start.threads; index++) workers.push(open());
    const reports = workers.map(hasReported);
    for (const [index, worker] of workers.entries()) {
      worker.postMessage({ ...start, index: index + 1 } satisfies WorkerStart);
    }
    await allReported(reports);
  } catch (error) {
    for (const worker of workers) worker.terminate();
    throw error;
  }
  return workers;
}

function hasReported(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", () => resolve(), { once: true });
    worker.addEventListener(
      "error",
      (event) => {
        event.preventDefault();
        reject(new Error(event.message || "its script cannot be loaded"));
      },
      { once: true },
    );
  });
}

/** Unpacks a gzip file. */
export async function gunzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  // Not from a Blob: that of jsdom has no stream.
  const stream = new Response(packed).body?.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Outcome } from "./messages.ts";
import type { Thread, ThreadListener } from "./thread.ts";

/** Threads that the machine runs at once. */
export function availableThreads(): number {
  return availableParallelism();
}

/** Threads beside this one that pictures are read in, unless others are named. */
export function usualWorkers(): number {
  return availableThreads();
}

export const canShareMemory = true;

/** The built file: Node's workers run no TypeScript. It is as far from the sources as from what is built. */
const script = new URL("../../dist/workers/worker.node.js", import.meta.url);

/** Starts a worker. It listens from the beginning; whether it runs at all, its end tells. */
export function startThread(listener: ThreadListener, address: URL = script): Thread {
  const worker = new Worker(address, { execArgv: [] });
  let isOver = false;
  const end = (reason: Error): void => {
    if (!isOver) listener.onEnd(reason);
    isOver = true;
  };
  worker.on("message", (outcomes: readonly Outcome[]) => listener.onOutcomes(outcomes));
  worker.on("messageerror", end);
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`it exited with code ${code}`)));
  worker.unref();
  return {
    post: (order, buffers = []) => worker.postMessage(order, [...buffers]),
    keepAlive: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
    async terminate() {
      isOver = true;
      await worker.terminate();
    },
  };
}

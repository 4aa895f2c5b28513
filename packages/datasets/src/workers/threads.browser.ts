import script from "../../embedded/page-worker.js";
import type { Outcome } from "./messages.ts";
import type { Thread, ThreadListener } from "./thread.ts";

/** Threads that the machine runs at once. */
export function availableThreads(): number {
  return navigator.hardwareConcurrency;
}

/** None: most of a page's decoders have threads of their own, and its policy may forbid more. */
export function usualWorkers(): number {
  return 0;
}

/** Only where the page is isolated from other origins. */
export const canShareMemory: boolean = globalThis.crossOriginIsolated;

/** Starts a worker, from text that is part of this code: it is there wherever a bundler puts it. */
export function startThread(listener: ThreadListener): Thread {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(address, { type: "module" });
  let isOver = false;
  const end = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    worker.terminate();
    listener.onEnd(new Error(reason));
  };
  worker.addEventListener("message", ({ data }: MessageEvent<readonly Outcome[]>) => {
    URL.revokeObjectURL(address);
    listener.onOutcomes(data);
  });
  worker.addEventListener("messageerror", () => end("its answer cannot be read"));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    URL.revokeObjectURL(address);
    end(event.message || "its script cannot be loaded; the page's policy must allow it (worker-src blob:)");
  });
  return {
    post: (order, buffers = []) => worker.postMessage(order, [...buffers]),
    keepAlive() {},
    async terminate() {
      isOver = true;
      URL.revokeObjectURL(address);
      worker.terminate();
    },
  };
}

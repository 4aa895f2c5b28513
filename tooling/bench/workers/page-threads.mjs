import { Worker as NodeWorker } from "node:worker_threads";

/** What a page's worker has and a thread of Node's lacks. */
const prelude = `
  const { parentPort } = require("node:worker_threads");
  globalThis.self = globalThis;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  parentPort.on("message", (data) => self.onmessage({ data }));
`;

/**
 * Lets a library that starts threads in pages only, from programs in blobs, start them in Node too.
 *
 * @param {number} threads What it sees as cores.
 */
export function offerPageThreads(threads) {
  /** @param {string[]} parts */
  function Program(parts) {
    return { text: parts.join("") };
  }

  class PageWorker {
    #worker;
    onmessage = (/** @type {{ data: unknown }} */ _event) => {};
    onerror = (/** @type {Error} */ _error) => {};

    /** @param {string} program */
    constructor(program) {
      this.#worker = new NodeWorker(prelude + program, { eval: true });
      this.#worker.on("message", (data) => this.onmessage({ data }));
      this.#worker.on("error", (error) => this.onerror(error));
    }

    /** @param {unknown} message */
    postMessage(message) {
      this.#worker.postMessage(message);
    }
  }

  Object.assign(URL, {
    createObjectURL: (/** @type {{ text: string }} */ { text }) => text,
    revokeObjectURL: () => {},
  });
  Object.assign(globalThis, { Blob: Program, Worker: PageWorker });
  Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: threads }, configurable: true });
}

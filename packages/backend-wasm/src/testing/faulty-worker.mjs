import { parentPort, workerData } from "node:worker_threads";
import { takeTasks } from "../../worker/take-tasks.js";

/** A worker that fails in the way its only argument asks for. */
const fault = process.argv[2];

/** Index of the number of tasks that are left, in the memory's words; see `assembly/control.ts`. */
const REMAINING = 1024 / 4;

const atStart = {
  throw() {
    throw new Error("this worker was told to throw");
  },
  exit() {
    process.exit(5);
  },
  memory() {
    const held = [];
    for (;;) held.push(new Array(100_000).fill(held.length));
  },
};

const withTask = {
  /** Reads past the end of the memory. */
  trap: (kernels) => kernels.indexOutside(0xfffffff0, 1, 1),
  throw() {
    throw new Error("this worker was told to throw");
  },
  exit: () => process.exit(5),
};

/** Takes one task, as a worker does, and never does it. */
function failWithTask(kernels) {
  const words = new Int32Array(workerData.memory.buffer);
  while (Atomics.load(words, REMAINING) <= 0 || Atomics.sub(words, REMAINING, 1) <= 0);
  withTask[fault.slice("task-".length)](kernels);
}

atStart[fault]?.();
takeTasks(workerData, () => parentPort.postMessage("ready"), failWithTask);

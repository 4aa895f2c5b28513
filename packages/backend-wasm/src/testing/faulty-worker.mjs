import { parentPort, workerData } from "node:worker_threads";
import { readCodes } from "../../scripts/read-codes.mjs";
import { takeTasks } from "../../worker/take-tasks.js";

/** A worker that fails in the way its first argument asks for; with a task, not before the job that the second one names. */
const [, , fault, firstJob = "0"] = process.argv;

const { PUBLISHED, DONE, RING, JOBS, JOB_BYTES } = await readCodes("memory");

const atStart = {
  /** Lives, and never reports. */
  silent: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
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
  trap: (kernels) => kernels.tile1(0xfffffff0, 0, 0, 0xfffffff0, 0, 1, 0xfffffff0, 0),
  throw() {
    throw new Error("this worker was told to throw");
  },
  exit: () => process.exit(5),
};

/** Takes one task, as a worker does, and never does it. */
function failWithTask(kernels) {
  const words = new Int32Array(workerData.memory.buffer);
  for (;;) {
    const job = Atomics.load(words, DONE / 4);
    if (job === Atomics.load(words, PUBLISHED / 4) || job < Number(firstJob)) continue;
    // Tasks are counted in the lower half of the job's first two words.
    const remaining = (RING + (job % JOBS) * JOB_BYTES) / 4;
    const tasks = Atomics.load(words, remaining);
    if (tasks > 0 && Atomics.compareExchange(words, remaining, tasks, tasks - 1) === tasks) break;
  }
  withTask[fault.slice("task-".length)](kernels);
}

atStart[fault]?.();
takeTasks(workerData, () => parentPort.postMessage("ready"), failWithTask);

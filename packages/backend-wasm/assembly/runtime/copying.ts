import { argument, setArgument } from "./arguments";
import { launch } from "./control";

/** Arguments that no other job has: values may be copied to the kernels while those of the next job are being set. */
const FROM: usize = 82;
const TO: usize = 83;
const BYTES: usize = 84;

/** Bytes that a task copies at most. */
const TASK: i32 = 1 << 16;

function copyTask(task: i32): void {
  const first = task * TASK;
  const count = min(TASK, argument(BYTES) - first);
  memory.copy(<usize>argument(TO) + first, <usize>argument(FROM) + first, count);
}

/** Copies bytes that do not overlap. */
export function copy(from: usize, to: usize, bytes: i32): void {
  setArgument(FROM, <i32>from);
  setArgument(TO, <i32>to);
  setArgument(BYTES, bytes);
  launch(copyTask.index, (bytes + TASK - 1) / TASK);
}

import { argument, setArgument } from "../runtime/arguments";
import { finish, launch, threads } from "../runtime/control";
import { addInto } from "../vector/simd";
import { walkFirst } from "../runtime/walk";

/** Adding rows up by index, and the indices of several axes as one. */

const INDICES: usize = 0;
const UPDATES: usize = 1;
const OUTPUT: usize = 2;
const COUNT: usize = 3;
const LENGTH: usize = 4;
const INNER: usize = 5;
const INTEGERS: usize = 6;
const SHARES: usize = 7;

/** Elements from which the output is shared among threads. */
const TASK: i32 = 16384;

/**
 * Writes each of `count` rows of `depth` indices as one index, into what the outer axes' first strides describe.
 *
 * @returns whether any of them is not in [0, length)
 */
export function joinIndices(indices: usize, joined: usize, count: i32, depth: i32, length: i32): bool {
  finish();
  let outside = false;
  for (let row = 0; row < count; row++) {
    let index = 0;
    for (let axis = 0; axis < depth; axis++) {
      index += load<i32>(indices) * walkFirst(axis);
      indices += 4;
    }
    outside = outside || <u32>index >= <u32>length;
    store<i32>(joined + ((<usize>row) << 2), index);
  }
  return outside;
}

/** `target[i] += source[i]` for `count` int32. */
@inline
function addIntegers(target: usize, source: usize, count: i32): void {
  for (; count > 0; count--) {
    store<i32>(target, load<i32>(target) + load<i32>(source));
    target += 4;
    source += 4;
  }
}

/** Each task adds to its own part of the output, in the order of the updates. */
function scatterTask(task: i32): void {
  const inner = argument(INNER);
  const rowBytes = (<usize>inner) << 2;
  const shares = argument(SHARES);
  const first = <i32>((<i64>argument(LENGTH) * task) / shares);
  const rows = <i32>((<i64>argument(LENGTH) * (task + 1)) / shares) - first;
  const integers = argument(INTEGERS) != 0;
  const output = <usize>argument(OUTPUT) + <usize>first * rowBytes;
  let index = <usize>argument(INDICES);
  let update = <usize>argument(UPDATES);
  memory.fill(output, 0, <usize>rows * rowBytes);
  for (let count = argument(COUNT); count > 0; count--) {
    const row = load<i32>(index) - first;
    if (<u32>row < <u32>rows) {
      if (integers) addIntegers(output + <usize>row * rowBytes, update, inner);
      else addInto(output + <usize>row * rowBytes, update, inner);
    }
    index += 4;
    update += rowBytes;
  }
}

/**
 * `output[row, :] = sum of updates[i, :] where indices[i] = row`, over `length` rows; indices outside count nowhere.
 *
 * @param integers whether the elements are int32 instead of float32
 */
export function scatter(
  indices: usize,
  updates: usize,
  output: usize,
  count: i32,
  length: i32,
  inner: i32,
  integers: bool,
): void {
  const shares = length * inner < TASK && count * inner < TASK ? 1 : min(length, 4 * threads());
  setArgument(INDICES, <i32>indices);
  setArgument(UPDATES, <i32>updates);
  setArgument(OUTPUT, <i32>output);
  setArgument(COUNT, count);
  setArgument(LENGTH, length);
  setArgument(INNER, inner);
  setArgument(INTEGERS, integers);
  setArgument(SHARES, shares);
  launch(scatterTask.index, shares);
}

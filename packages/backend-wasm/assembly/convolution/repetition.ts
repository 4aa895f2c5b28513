import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { FREE } from "../runtime/window";

/** Values of channels repeated for each of their filters, and their gradients added: depthwise convolutions with several a channel. */

/** Values of one task of {@link repeatValues} and {@link sumGroups}. */
const VALUES: i32 = 8192;

const VALUE_COUNT: usize = FREE;
const REPETITIONS: usize = FREE + 1;
const SINGLE: usize = FREE + 2;
const REPEATED: usize = FREE + 3;

function repeatTask(task: i32): void {
  const repetitions = argument(REPETITIONS);
  const first = task * VALUES;
  const end = min(first + VALUES, argument(VALUE_COUNT));
  let target = <usize>argument(REPEATED) + ((<usize>(first * repetitions)) << 2);
  for (let index = first; index < end; index++) {
    const value = load<f32>(<usize>argument(SINGLE) + ((<usize>index) << 2));
    for (let repetition = 0; repetition < repetitions; repetition++) {
      store<f32>(target, value);
      target += 4;
    }
  }
}

function sumTask(task: i32): void {
  const repetitions = argument(REPETITIONS);
  const first = task * VALUES;
  const end = min(first + VALUES, argument(VALUE_COUNT));
  let source = <usize>argument(REPEATED) + ((<usize>(first * repetitions)) << 2);
  for (let index = first; index < end; index++) {
    let sum: f32 = 0;
    for (let repetition = 0; repetition < repetitions; repetition++) {
      sum += load<f32>(source);
      source += 4;
    }
    store<f32>(<usize>argument(SINGLE) + ((<usize>index) << 2), sum);
  }
}

@inline
function parallelValues(task: u32, single: usize, repeated: usize, count: i32, repetitions: i32): void {
  setArgument(SINGLE, <i32>single);
  setArgument(REPEATED, <i32>repeated);
  setArgument(VALUE_COUNT, count);
  setArgument(REPETITIONS, repetitions);
  launch(task, (count + VALUES - 1) / VALUES);
}

/** `repeated[i * repetitions + r] = single[i]`; the geometry stays as it is. */
export function repeatValues(single: usize, repeated: usize, count: i32, repetitions: i32): void {
  parallelValues(repeatTask.index, single, repeated, count, repetitions);
}

/** `single[i] = sum over r of repeated[i * repetitions + r]`. */
export function sumGroups(repeated: usize, single: usize, count: i32, repetitions: i32): void {
  parallelValues(sumTask.index, single, repeated, count, repetitions);
}

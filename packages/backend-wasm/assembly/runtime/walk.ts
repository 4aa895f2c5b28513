import { argument, setArgument } from "./arguments";

/** The outer axes over which a job walks, each a length and two strides (of what, the job defines). */
const AXES: usize = 32;

/** Byte offsets of the two operands after {@link locate}; every thread has its own. */
export let firstOffset: usize = 0;
export let secondOffset: usize = 0;

/** Describes outer axis `axis`, counted from the outermost, for the next job that walks. */
export function setWalkAxis(axis: i32, length: i32, firstStride: i32, secondStride: i32): void {
  setArgument(AXES + 3 * axis, length);
  setArgument(AXES + 3 * axis + 1, firstStride);
  setArgument(AXES + 3 * axis + 2, secondStride);
}

@inline
export function walkLength(axis: i32): i32 {
  return argument(AXES + 3 * axis);
}

@inline
export function walkFirst(axis: i32): i32 {
  return argument(AXES + 3 * axis + 1);
}

@inline
export function walkSecond(axis: i32): i32 {
  return argument(AXES + 3 * axis + 2);
}

/** Finds where step `step` of the walk over `rank` axes with strides in bytes leads. */
export function locate(step: i32, rank: i32): void {
  let first = 0;
  let second = 0;
  for (let axis = rank - 1; axis >= 0; axis--) {
    const length = walkLength(axis);
    const index = step % length;
    step /= length;
    first += index * walkFirst(axis);
    second += index * walkSecond(axis);
  }
  firstOffset = <usize>first;
  secondOffset = <usize>second;
}

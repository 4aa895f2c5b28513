/** What a job works on: words that are set before it is published, and read by its tasks. */

/** Where the arguments of the next job lie, until it is published. */
export const NEXT_ARGUMENTS: usize = 1344;
export const ARGUMENT_BYTES: usize = 352;

/** Where the arguments lie of the task that this thread runs, or else of the next job. */
let jobArguments: usize = NEXT_ARGUMENTS;

/** Makes those at `address` this thread's arguments. */
@inline
export function readFrom(address: usize): void {
  jobArguments = address;
}

/** Whether they are those of a task. */
@inline
export function readsJob(): bool {
  return jobArguments != NEXT_ARGUMENTS;
}

/** Argument `index` of the job whose task this thread runs, or else of the next job. */
@inline
export function argument(index: usize): i32 {
  return load<i32>(jobArguments + (index << 2));
}

@inline
export function setArgument(index: usize, value: i32): void {
  store<i32>(NEXT_ARGUMENTS + (index << 2), value);
}

@inline
export function argumentF32(index: usize): f32 {
  return load<f32>(jobArguments + (index << 2));
}

@inline
export function setArgumentF32(index: usize, value: f32): void {
  store<f32>(NEXT_ARGUMENTS + (index << 2), value);
}

/** An argument of two words, `index` and the next. */
@inline
export function argumentF64(index: usize): f64 {
  return load<f64>(jobArguments + (index << 2));
}

@inline
export function setArgumentF64(index: usize, value: f64): void {
  store<f64>(NEXT_ARGUMENTS + (index << 2), value);
}

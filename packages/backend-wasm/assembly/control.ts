/**
 * How the threads share work.
 *
 * The caller writes a job's arguments, publishes the number of its tasks and takes tasks itself; the workers take tasks
 * whenever there are any. A task is claimed by one atomic subtraction, so a late worker either finds nothing or takes a
 * task of the job that is current at that moment. Nothing waits for a worker that claimed nothing.
 */

/** Offsets of the control block, which lies at a fixed address in every instance. */
const REMAINING: usize = 1024;
const COMPLETED: usize = 1088;
const SEQUENCE: usize = 1152;
const SLEEPING: usize = 1156;
const STOPPED: usize = 1216;
const FAILED: usize = 1220;
const TASK_FUNCTION: usize = 1280;
/** Where the threads' working memory begins, and how many bytes each has. */
const SCRATCH: usize = 1288;
const SCRATCH_BYTES: usize = 1292;
/** Pages of the memory when the job was published. */
const PAGES: usize = 1296;
const ARGUMENTS: usize = 1344;

/** How often a worker looks for the next job before it sleeps, and the caller for the last task before it sleeps. */
const SPINS: i32 = 4000;
/** Longest wait for one task, in nanoseconds; past it, the worker is taken for dead. */
const TASK_TIMEOUT: i64 = 60_000_000_000;

let threadCount: i32 = 1;
let callerMaySleep: bool = false;
let threadIndex: i32 = 0;

/** Tells this instance which thread it is; called once in each. */
export function initialize(threads: i32, index: i32, maySleep: bool): void {
  threadCount = threads;
  threadIndex = index;
  callerMaySleep = maySleep;
}

/** Gives the threads working memory of `bytes` each; called by the caller alone, between jobs. */
export function setScratch(pointer: usize, bytes: usize): void {
  store<usize>(SCRATCH, pointer);
  store<usize>(SCRATCH_BYTES, bytes);
}

/** Threads that take tasks, the caller included. */
@inline export function threads(): i32 {
  return threadCount;
}

/** This thread's own working memory. */
@inline export function scratchPointer(): usize {
  return load<usize>(SCRATCH) + <usize>threadIndex * load<usize>(SCRATCH_BYTES);
}

@inline export function scratchBytes(): usize {
  return load<usize>(SCRATCH_BYTES);
}

/** Argument `index` of the current job. */
@inline export function argument(index: usize): i32 {
  return load<i32>(ARGUMENTS + (index << 2));
}

@inline export function setArgument(index: usize, value: i32): void {
  store<i32>(ARGUMENTS + (index << 2), value);
}

@inline export function argumentF32(index: usize): f32 {
  return load<f32>(ARGUMENTS + (index << 2));
}

@inline export function setArgumentF32(index: usize, value: f32): void {
  store<f32>(ARGUMENTS + (index << 2), value);
}

/**
 * Runs `task(0)` to `task(count - 1)`, each once, on all threads; returns when all are done.
 *
 * @param task index of the function in the table
 */
export function parallel(task: u32, count: i32): void {
  if (threadCount == 1 || count <= 1) {
    for (let index = 0; index < count; index++) call_indirect<void>(task, index);
    return;
  }
  store<u32>(TASK_FUNCTION, task);
  store<i32>(PAGES, memory.size());
  atomic.store<i32>(COMPLETED, 0);
  atomic.store<i32>(REMAINING, count);
  atomic.add<i32>(SEQUENCE, 1);
  if (atomic.load<i32>(SLEEPING) > 0) atomic.notify(SEQUENCE, count - 1);
  while (takeTask()) {}
  let spins = 0;
  for (;;) {
    const completed = atomic.load<i32>(COMPLETED);
    if (completed >= count) return;
    if (atomic.load<i32>(FAILED) != 0) unreachable();
    if (++spins > SPINS && callerMaySleep) {
      if (atomic.wait<i32>(COMPLETED, completed, TASK_TIMEOUT) == 2) {
        atomic.store<i32>(FAILED, 1);
        unreachable();
      }
    }
  }
}

@inline function takeTask(): bool {
  const claimed = atomic.sub<i32>(REMAINING, 1);
  if (claimed <= 0) return false;
  // A thread may still see the size from before another thread's growth, and would trap past it; growing by nothing
  // makes it look.
  while (memory.size() < load<i32>(PAGES)) memory.grow(0);
  call_indirect<void>(load<u32>(TASK_FUNCTION), claimed - 1);
  atomic.add<i32>(COMPLETED, 1);
  return true;
}

/** A worker's life: takes tasks until {@link stop}. */
export function work(): void {
  while (atomic.load<i32>(STOPPED) == 0) {
    const sequence = atomic.load<i32>(SEQUENCE);
    let found = false;
    for (let spins = 0; spins < SPINS; spins++) {
      if (atomic.load<i32>(REMAINING) <= 0) continue;
      while (takeTask()) found = true;
      if (found) {
        atomic.notify(COMPLETED, 1);
        break;
      }
    }
    if (found || atomic.load<i32>(STOPPED) != 0) continue;
    atomic.add<i32>(SLEEPING, 1);
    if (atomic.load<i32>(REMAINING) <= 0) atomic.wait<i32>(SEQUENCE, sequence, -1);
    atomic.sub<i32>(SLEEPING, 1);
  }
}

/** Ends every worker's {@link work}. */
export function stop(): void {
  atomic.store<i32>(STOPPED, 1);
  atomic.add<i32>(SEQUENCE, 1);
  atomic.notify(SEQUENCE, i32.MAX_VALUE);
}

/** A worker whose task trapped reports so; the caller then fails instead of waiting. */
export function fail(): void {
  atomic.store<i32>(FAILED, 1);
  atomic.notify(COMPLETED, 1);
}

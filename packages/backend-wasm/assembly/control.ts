/**
 * How the threads share work.
 *
 * The caller writes a job's arguments, publishes the number of its tasks and takes tasks itself, for a kernel's last job
 * only after the JavaScript that follows; the workers take tasks whenever there are any. A task is claimed by one atomic subtraction, so a late worker either finds nothing or takes a
 * task of the job that is current at that moment. Nothing waits for a worker that claimed nothing.
 *
 * Who waits, a worker for the next job or the caller for the last task, first looks for a while and then sleeps: waking
 * a sleeper costs some 50 microseconds, as much as many a kernel and as the JavaScript between two.
 */

/** Milliseconds on a clock that only goes forward. */
@external("env", "now") declare function now(): f64;
/** The caller has waited so many milliseconds without any progress; throws where a worker is gone. */
@external("env", "waited") declare function waited(milliseconds: f64): void;

/** Offsets of the control block, which lies at a fixed address in every instance. */
const REMAINING: usize = 1024;
const COMPLETED: usize = 1088;
const SEQUENCE: usize = 1152;
const SLEEPING: usize = 1156;
const CALLER_SLEEPS: usize = 1160;
const STOPPED: usize = 1216;
const TASK_FUNCTION: usize = 1280;
/** Tasks of the current job. */
const COUNT: usize = 1284;
/** Where the threads' working memory begins, and how many bytes each has. */
const SCRATCH: usize = 1288;
const SCRATCH_BYTES: usize = 1292;
/** Pages of the memory when the job was published. */
const PAGES: usize = 1296;
const NAP_FUNCTION: usize = 1300;
const ARGUMENTS: usize = 1344;
/** What a worker says of its failure: the number of bytes, then UTF-8. The kernels' constants begin at 4096. */
const FAILURE: usize = 3072;

/** {@link COMPLETED} of a job that no worker will finish. */
const NEVER: i32 = i32.MIN_VALUE;
/** Looks between two looks at the clock: some 100 nanoseconds. */
const LOOKS: i32 = 64;
/** Milliseconds between two looks at the clock that tell that the core was given to another thread meanwhile. */
const INTERRUPTION: f64 = 0.2;
/** What remains of a thread's patience then, and by what it grows whenever looking was not in vain. */
const LEAST_PATIENCE: f64 = 0.05;
const GROWTH: f64 = 1.01;
/** The caller's longest sleep in one piece, in nanoseconds. */
const NAP: i64 = 100_000_000;

let threadCount: i32 = 1;
let callerMaySleep: bool = false;
let threadIndex: i32 = 0;
/** Whether a job may have tasks that are not done. */
let unfinished: bool = false;
/** Milliseconds that this thread looks before it sleeps, now and at most; see {@link interrupted}. */
let patience: f64 = 0;
let fullPatience: f64 = 0;

/**
 * Tells this instance which thread it is; called once in each.
 *
 * @param milliseconds how long a thread looks before it sleeps; 0 where threads have no core each, as those who look
 *   would then keep those who work from working
 */
export function initialize(threads: i32, index: i32, maySleep: bool, milliseconds: f64): void {
  threadCount = threads;
  threadIndex = index;
  callerMaySleep = maySleep;
  patience = milliseconds;
  fullPatience = milliseconds;
  store<u32>(NAP_FUNCTION, nap.index);
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
  launch(task, count);
  finish();
}

/**
 * As {@link parallel}, but returns at once, while the workers begin: for the last job of a kernel.
 *
 * Until {@link finish}, nobody may touch the arguments, the working memory or any tensor.
 */
export function launch(task: u32, count: i32): void {
  if (threadCount == 1 || count <= 1) {
    for (let index = 0; index < count; index++) call_indirect<void>(task, index);
    return;
  }
  store<u32>(TASK_FUNCTION, task);
  store<i32>(COUNT, count);
  store<i32>(PAGES, memory.size());
  atomic.store<i32>(COMPLETED, 0);
  atomic.store<i32>(REMAINING, count);
  atomic.add<i32>(SEQUENCE, 1);
  if (atomic.load<i32>(SLEEPING) > 0) atomic.notify(SEQUENCE, count - 1);
  unfinished = true;
}

/** Takes a share of the job that was launched, if any, and returns when it is done. */
export function finish(): void {
  if (!unfinished) return;
  unfinished = false;
  while (takeTask()) {}
  const count = load<i32>(COUNT);
  if (atomic.load<i32>(COMPLETED) != count) waitForWorkers(count);
}

/** Claims a task and runs it; false if there is none. */
@inline function takeTask(): bool {
  const claimed = atomic.sub<i32>(REMAINING, 1);
  if (claimed <= 0) return false;
  // A thread may still see the size from before another thread's growth, and would trap past it; growing by nothing
  // makes it look.
  while (memory.size() < load<i32>(PAGES)) memory.grow(0);
  // The job cannot change before this task is done, and may afterwards.
  const count = load<i32>(COUNT);
  call_indirect<void>(load<u32>(TASK_FUNCTION), claimed - 1);
  const completed = atomic.add<i32>(COMPLETED, 1) + 1;
  if (completed == count && atomic.load<i32>(CALLER_SLEEPS) != 0) atomic.notify(COMPLETED, 1);
  return true;
}

/**
 * Notes that this thread lost its core while it was looking: others need the cores, and looking keeps them, perhaps the
 * thread that is waited for, from working. It looks for less time then, and for more again as looking finds something.
 */
@inline function interrupted(milliseconds: f64): bool {
  if (milliseconds < INTERRUPTION) return false;
  patience = fullPatience * LEAST_PATIENCE;
  return true;
}

@inline function growPatience(): void {
  patience = min(fullPatience, patience * GROWTH);
}

/** Waits for the tasks that workers have claimed. */
function waitForWorkers(count: i32): void {
  let began = now();
  let looked = began;
  let seen = atomic.load<i32>(COMPLETED);
  for (;;) {
    for (let look = 0; look < LOOKS; look++) {
      if (atomic.load<i32>(COMPLETED) == count) {
        growPatience();
        return;
      }
    }
    const completed = atomic.load<i32>(COMPLETED);
    const time = now();
    if (completed < 0) {
      waited(time - began);
      // A worker has failed and said so; whatever became of its words, the job cannot end.
      unreachable();
    }
    interrupted(time - looked);
    looked = time;
    if (completed != seen) {
      seen = completed;
      began = time;
    } else if (time - began >= patience) {
      if (callerMaySleep) {
        atomic.store<i32>(CALLER_SLEEPS, 1);
        call_indirect<void>(load<u32>(NAP_FUNCTION), completed);
        atomic.store<i32>(CALLER_SLEEPS, 0);
      }
      looked = now();
      if (atomic.load<i32>(COMPLETED) == completed) waited(looked - began);
    }
  }
}

/**
 * Sleeps until the last task is done, or for a nap; has a frame of its own.
 *
 * V8's baseline compiler, up to that of Node 20, loses local variables across a wait. A call through the table by an
 * index that no optimizer knows keeps the wait apart from those of whoever waits.
 */
function nap(completed: i32): void {
  atomic.wait<i32>(COMPLETED, completed, NAP);
}

/** A worker's life: takes tasks until {@link stop}. */
export function work(): void {
  while (atomic.load<i32>(STOPPED) == 0) {
    const sequence = atomic.load<i32>(SEQUENCE);
    while (takeTask()) {}
    if (lookForTasks()) continue;
    atomic.add<i32>(SLEEPING, 1);
    if (atomic.load<i32>(REMAINING) <= 0 && atomic.load<i32>(STOPPED) == 0) {
      // No local variable is needed after this wait; see nap.
      atomic.wait<i32>(SEQUENCE, sequence, -1);
    }
    atomic.sub<i32>(SLEEPING, 1);
  }
}

/** Whether there are tasks before this thread's patience ends. */
function lookForTasks(): bool {
  let looked = now();
  const until = looked + patience;
  do {
    for (let look = 0; look < LOOKS; look++) {
      if (atomic.load<i32>(REMAINING) > 0) {
        growPatience();
        return true;
      }
    }
    const time = now();
    if (interrupted(time - looked)) return false;
    looked = time;
  } while (looked < until);
  return false;
}

/** Ends every worker's {@link work}. */
export function stop(): void {
  atomic.store<i32>(STOPPED, 1);
  atomic.add<i32>(SEQUENCE, 1);
  atomic.notify(SEQUENCE, i32.MAX_VALUE);
}

/** Where a worker whose task trapped says why, before it calls {@link fail}. */
export function failureReport(): usize {
  return FAILURE;
}

/** Ends the job under way, one of whose tasks nobody will finish: the caller is told instead of waiting. */
export function fail(): void {
  atomic.store<i32>(COMPLETED, NEVER);
  atomic.notify(COMPLETED, 1);
}

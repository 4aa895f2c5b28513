import { ARGUMENT_BYTES, NEXT_ARGUMENTS, readFrom, readsJob } from "./arguments";
import { DONE, JOBS, JOB_BYTES, PUBLISHED, RING } from "../../src/codes/memory";

/**
 * How the threads share work.
 *
 * The caller publishes jobs, each a number of tasks and their arguments, in a ring, and goes on at once; the workers take
 * tasks, one job after another. The caller takes tasks too, as soon as it needs what the jobs give. A job begins when the
 * one before it is done, so jobs may read what earlier ones write, and memory may be given to the next tensor while a
 * job that reads the last one is still to come.
 *
 * A task is claimed by one atomic exchange of the job's number and its remaining tasks together, so a thread that comes
 * late claims nothing of the job that has taken that place in the ring.
 *
 * Who waits, a worker for tasks or the caller for the last one, first looks for a while and then sleeps: waking
 * a sleeper costs some 50 microseconds, as much as many a kernel and as the JavaScript between two.
 */

/** Milliseconds on a clock that only goes forward. */
@external("env", "now")
declare function now(): f64;
/** The caller has waited so many milliseconds without any progress; throws where a worker is gone. */
@external("env", "waited")
declare function waited(milliseconds: f64): void;

/** Offsets of the control block, which lies at a fixed address in every instance; see `memory.ts` for what the host reads. */
/** Changes whenever sleeping workers are woken. */
const EVENT: usize = 1152;
const SLEEPING: usize = 1156;
const CALLER_SLEEPS: usize = 1160;
const STOPPED: usize = 1216;
/** Whether a task will never be done. */
const FAILED: usize = 1220;
/** Where the threads' working memory begins, and how many bytes each has. */
const SCRATCH: usize = 1288;
const SCRATCH_BYTES: usize = 1292;
const NAP_FUNCTION: usize = 1300;
/** What a worker says of its failure: the number of bytes, then UTF-8. */
const FAILURE: usize = 3072;

/** Offsets in a job. Its number in the upper half, tasks that nobody has claimed in the lower. */
const CLAIM: usize = 0;
const COMPLETED: usize = 64;
/** Index of the tasks' function, their number, and the pages that the memory had. */
const TASK_FUNCTION: usize = 128;
const COUNT: usize = 132;
const PAGES: usize = 136;
const ARGUMENTS: usize = 160;

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

/** Gives the threads working memory of `bytes` each; called by the caller alone, when all jobs are done. */
export function setScratch(pointer: usize, bytes: usize): void {
  store<usize>(SCRATCH, pointer);
  store<usize>(SCRATCH_BYTES, bytes);
}

/** Threads that take tasks, the caller included. */
@inline
export function threads(): i32 {
  return threadCount;
}

/** This thread's own working memory. */
@inline
export function scratchPointer(): usize {
  return load<usize>(SCRATCH) + <usize>threadIndex * load<usize>(SCRATCH_BYTES);
}

@inline
export function scratchBytes(): usize {
  return load<usize>(SCRATCH_BYTES);
}

/** Whether an exception has ended a task on this thread: its job will never be done. */
export function leftTask(): bool {
  return readsJob();
}

/** Jobs published so far, and jobs done; numbers of 32 bits that begin anew. */
export function published(): i32 {
  return atomic.load<i32>(PUBLISHED);
}

export function done(): i32 {
  return atomic.load<i32>(DONE);
}

@inline
function placeOf(job: i32): usize {
  return <usize>RING + <usize>(job & (JOBS - 1)) * <usize>JOB_BYTES;
}

/**
 * Has `task(0)` to `task(count - 1)` run, each once, on all threads, after all that was launched before; returns at once.
 *
 * The arguments may be set anew for the next job. Until {@link finish}, nobody else may touch the working memory or what
 * the tasks read and write.
 *
 * @param task index of the function in the table
 */
export function launch(task: u32, count: i32): void {
  if (count <= 0) return;
  if (threadCount == 1) {
    for (let index = 0; index < count; index++) call_indirect<void>(task, index);
    return;
  }
  const job = atomic.load<i32>(PUBLISHED);
  while (job - atomic.load<i32>(DONE) >= JOBS) workOrWait();
  const place = placeOf(job);
  memory.copy(place + ARGUMENTS, NEXT_ARGUMENTS, ARGUMENT_BYTES);
  store<u32>(place + TASK_FUNCTION, task);
  store<i32>(place + COUNT, count);
  store<i32>(place + PAGES, memory.size());
  store<i32>(place + COMPLETED, 0);
  atomic.store<i64>(place + CLAIM, ((<i64>job) << 32) | <i64>count);
  atomic.store<i32>(PUBLISHED, job + 1);
  wakeFor(count);
}

/** Takes a share of what was launched, if anything was, and returns when it is done. */
export function finish(): void {
  while (atomic.load<i32>(DONE) != atomic.load<i32>(PUBLISHED)) workOrWait();
}

@inline
function workOrWait(): void {
  while (takeTask()) {}
  const job = atomic.load<i32>(DONE);
  if (job != atomic.load<i32>(PUBLISHED) && !isClaimable(job)) waitForWorkers(job);
}

/** Wakes workers for a job of `count` tasks; one alone is done by whoever is awake. */
@inline
function wakeFor(count: i32): void {
  if (count == 1 || atomic.load<i32>(SLEEPING) == 0) return;
  atomic.add<i32>(EVENT, 1);
  atomic.notify(EVENT, count - 1);
}

/** Whether job `job`, the one under way, has tasks that nobody has claimed. */
@inline
function isClaimable(job: i32): bool {
  const claim = atomic.load<i64>(placeOf(job) + CLAIM);
  return <i32>(claim >> 32) == job && <i32>claim != 0;
}

/** Whether there is a task to claim. */
@inline
function hasTasks(): bool {
  const job = atomic.load<i32>(DONE);
  return job != atomic.load<i32>(PUBLISHED) && isClaimable(job);
}

/** Claims a task of the job under way and runs it; false if there is none. */
function takeTask(): bool {
  const job = atomic.load<i32>(DONE);
  if (job == atomic.load<i32>(PUBLISHED)) return false;
  const place = placeOf(job);
  let claim = atomic.load<i64>(place + CLAIM);
  for (;;) {
    if (<i32>(claim >> 32) != job || <i32>claim == 0) return false;
    const found = atomic.cmpxchg<i64>(place + CLAIM, claim, claim - 1);
    if (found == claim) break;
    claim = found;
  }
  // A thread may still see the size from before another thread's growth, and would trap past it; growing by nothing
  // makes it look.
  while (memory.size() < load<i32>(place + PAGES)) memory.grow(0);
  // Once this task is counted, others may end the job, and another may take its place before this thread goes on.
  const count = load<i32>(place + COUNT);
  readFrom(place + ARGUMENTS);
  call_indirect<void>(load<u32>(place + TASK_FUNCTION), <i32>claim - 1);
  readFrom(NEXT_ARGUMENTS);
  if (atomic.add<i32>(place + COMPLETED, 1) + 1 == count) endJob(job);
  return true;
}

/** The last task of `job` is done: the next one begins. */
@inline
function endJob(job: i32): void {
  atomic.store<i32>(DONE, job + 1);
  if (atomic.load<i32>(CALLER_SLEEPS) != 0) atomic.notify(DONE, 1);
  if (job + 1 != atomic.load<i32>(PUBLISHED)) wakeFor(load<i32>(placeOf(job + 1) + COUNT));
}

/**
 * Notes that this thread lost its core while it was looking: others need the cores, and looking keeps them, perhaps the
 * thread that is waited for, from working. It looks for less time then, and for more again as looking finds something.
 */
@inline
function interrupted(milliseconds: f64): bool {
  if (milliseconds < INTERRUPTION) return false;
  patience = fullPatience * LEAST_PATIENCE;
  return true;
}

@inline
function growPatience(): void {
  patience = min(fullPatience, patience * GROWTH);
}

/** Waits until job `job` is done, whose tasks are all claimed. */
function waitForWorkers(job: i32): void {
  let began = now();
  let looked = began;
  const completion = placeOf(job) + COMPLETED;
  let seen = atomic.load<i32>(completion);
  for (;;) {
    for (let look = 0; look < LOOKS; look++) {
      if (atomic.load<i32>(DONE) != job) {
        growPatience();
        return;
      }
    }
    const completed = atomic.load<i32>(completion);
    const time = now();
    if (atomic.load<i32>(FAILED) != 0) {
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
        call_indirect<void>(load<u32>(NAP_FUNCTION), job);
        atomic.store<i32>(CALLER_SLEEPS, 0);
      }
      looked = now();
      if (atomic.load<i32>(DONE) == job && atomic.load<i32>(completion) == completed) waited(looked - began);
    }
  }
}

/**
 * Sleeps until job `job` is done, or for a nap; has a frame of its own.
 *
 * V8's baseline compiler, up to that of Node 20, loses local variables across a wait. A call through the table by an
 * index that no optimizer knows keeps the wait apart from those of whoever waits.
 */
function nap(job: i32): void {
  atomic.wait<i32>(DONE, job, NAP);
}

/** A worker's life: takes tasks until {@link stop}. */
export function work(): void {
  while (atomic.load<i32>(STOPPED) == 0) {
    const event = atomic.load<i32>(EVENT);
    while (takeTask()) {}
    if (lookForTasks()) continue;
    atomic.add<i32>(SLEEPING, 1);
    if (!hasTasks() && atomic.load<i32>(STOPPED) == 0) {
      // No local variable is needed after this wait; see nap.
      atomic.wait<i32>(EVENT, event, -1);
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
      if (hasTasks()) {
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
  atomic.add<i32>(EVENT, 1);
  atomic.notify(EVENT, i32.MAX_VALUE);
}

/** Where a worker whose task trapped says why, before it calls {@link fail}. */
export function failureReport(): usize {
  return FAILURE;
}

/** A task will never be done: the caller is told instead of waiting. */
export function fail(): void {
  atomic.store<i32>(FAILED, 1);
  atomic.notify(DONE, 1);
}

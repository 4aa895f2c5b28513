/** What a worker is told. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Threads in all, the caller included. */
  readonly threads: number;
  /** Which thread the worker is; the caller is 0. */
  readonly index: number;
  /** Milliseconds that it looks for the next job before it sleeps. */
  readonly patience: number;
}

/** The running workers. */
export interface Workers {
  /** Why one of them has ended unasked, as far as this thread has heard. */
  readonly failure: Error | undefined;
  /**
   * Finds out whether one of them is gone, without leaving the operation that waits for it.
   *
   * @param milliseconds how long it has waited without any progress
   */
  lookForFailure(milliseconds: number): void;
  /** Ends them all. */
  terminate(): Promise<void>;
}

/** Longest wait for workers to report that they run, in milliseconds. */
const START_TIMEOUT = 30_000;

/** A worker has said nothing, neither that it runs nor that it failed. */
export class SilentWorkerError extends Error {
  override readonly name: string = "SilentWorkerError";

  constructor() {
    super(`it has not reported for ${START_TIMEOUT / 1000} seconds`);
  }
}

/**
 * Waits until all workers have reported.
 *
 * @param reports settle as each worker reports or fails
 * @throws {SilentWorkerError} one of them has not reported in time.
 */
export async function allReported(reports: readonly Promise<void>[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SilentWorkerError()), START_TIMEOUT);
  });
  try {
    await Promise.race([Promise.all(reports), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

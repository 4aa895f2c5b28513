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

/** What a worker is told. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Threads in all, the caller included. */
  readonly threads: number;
  /** Which thread the worker is; the caller is 0. */
  readonly index: number;
}

/** The running workers. */
export interface Workers {
  /** Ends them all. */
  terminate(): Promise<void>;
}

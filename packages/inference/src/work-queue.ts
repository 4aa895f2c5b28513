/** Runs asynchronous work one piece after another, in the order it came; what fails does not hold up what follows. */
export class WorkQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** @returns what the work returns or throws */
  add<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** All tensor work of the page's classifiers: devices have one command queue, and compiling must not be disturbed. */
export const deviceWork: WorkQueue = new WorkQueue();

/** Lets the page draw and answer before what follows. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

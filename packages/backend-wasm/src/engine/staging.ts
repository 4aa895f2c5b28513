/** Bytes of each half: several batches of small images. */
const HALF = 1 << 21;

/** What staging needs to know of the jobs; see `assembly/runtime/control.ts`. */
interface Jobs {
  published(): number;
  done(): number;
  finish(): void;
}

/**
 * Memory that can be written while jobs are under way, for those that are published next: values on their way into tensors,
 * and tables.
 *
 * One half is filled while jobs may still read the other.
 */
export class Staging {
  readonly #jobs: Jobs;
  readonly #start: number;
  /** For each half, the number of jobs that were published when it was last left. */
  readonly #readers: [number, number] = [0, 0];
  #half: 0 | 1 = 0;
  #next = 0;

  /** @param allocate gives memory of so many bytes */
  constructor(jobs: Jobs, allocate: (bytes: number) => number) {
    this.#jobs = jobs;
    this.#start = allocate(2 * HALF);
    // Jobs under way may still use memory that was given back.
    jobs.finish();
  }

  /** Memory for jobs that are published before the next call; `undefined` where it is too much. */
  reserve(bytes: number): number | undefined {
    const size = Math.ceil(bytes / 64) * 64;
    if (size > HALF) return undefined;
    if (this.#next + size > HALF) {
      this.#readers[this.#half] = this.#jobs.published();
      this.#half = this.#half === 0 ? 1 : 0;
      this.#next = 0;
      if (((this.#readers[this.#half] - this.#jobs.done()) | 0) > 0) this.#jobs.finish();
    }
    const pointer = this.#start + this.#half * HALF + this.#next;
    this.#next += size;
    return pointer;
  }
}

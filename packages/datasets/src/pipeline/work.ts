import { type Run, type State, done } from "./elements.ts";

/** What becomes of an element; the result may take its time. */
export type Work<T, U> = (element: T) => U | Promise<U>;

/**
 * Works on elements and gives the results in their order; up to `depth` are read ahead and worked on at once.
 *
 * Its state is that of what it reads from, as it was when the element delivered last had been read.
 */
export function workOn<T, U>(upstream: Run<T>, depth: number, work: Work<T, U>): Run<U> {
  return depth <= 1 ? inTurn(upstream, work) : new ReadAhead(upstream, depth, work);
}

function inTurn<T, U>(upstream: Run<T>, work: Work<T, U>): Run<U> {
  let state = upstream.save();
  return {
    async next() {
      const taken = await upstream.next();
      if (taken.done) return done;
      // Whoever leaves out an element that fails goes on behind it.
      state = upstream.save();
      return { done: false, value: await work(taken.value) };
    },
    save: () => state,
    close: () => upstream.close(),
  };
}

interface Entry<U> {
  readonly result: Promise<IteratorResult<U, undefined>>;
  readonly state: State;
}

/** Reads ahead as far as `depth`, and no further before an element is taken. Nothing is read before the first `next`. */
export class ReadAhead<T, U> implements Run<U> {
  readonly #upstream: Run<T>;
  readonly #depth: number;
  readonly #work: Work<T, U>;
  readonly #entries: Entry<U>[] = [];
  #state: State;
  #isReading = false;
  #isOver = false;
  #tell: () => void = () => {};

  constructor(upstream: Run<T>, depth: number, work: Work<T, U>) {
    this.#upstream = upstream;
    this.#depth = depth;
    this.#work = work;
    this.#state = upstream.save();
  }

  readonly next = async (): Promise<IteratorResult<U, undefined>> => {
    void this.#read();
    while (this.#entries.length === 0) {
      if (this.#isOver) return done;
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
    const entry = this.#entries[0];
    if (entry === undefined) return done;
    try {
      return await entry.result;
    } finally {
      // Not before: as long as it is worked on, it counts. Whoever leaves out an element that fails goes on behind it.
      this.#entries.shift();
      this.#state = entry.state;
      void this.#read();
    }
  };

  readonly save = (): State => this.#state;

  readonly close = async (): Promise<void> => {
    this.#isOver = true;
    this.#entries.length = 0;
    this.#tell();
    await this.#upstream.close();
  };

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (!this.#isOver && this.#entries.length < this.#depth) {
      await this.#readOne();
      this.#tell();
    }
    this.#isReading = false;
  }

  async #readOne(): Promise<void> {
    try {
      const taken = await this.#upstream.next();
      if (this.#isOver) return;
      if (taken.done) this.#isOver = true;
      else this.#put(this.#finish(taken.value), this.#upstream.save());
    } catch (error) {
      if (this.#isOver) return;
      this.#isOver = true;
      this.#put(Promise.reject(error), this.#state);
    }
  }

  async #finish(element: T): Promise<IteratorResult<U, undefined>> {
    return { done: false, value: await this.#work(element) };
  }

  #put(result: Entry<U>["result"], state: State): void {
    // Whoever takes the entry hears of its failure; if nobody does, nobody need.
    result.catch(() => {});
    this.#entries.push({ result, state });
  }
}

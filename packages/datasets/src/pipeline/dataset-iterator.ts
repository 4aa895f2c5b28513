import {
  AbortedError,
  FormatError,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  describeValue,
} from "@featuremap/tensor";
import { checkCount } from "./check.ts";
import { type Elements, type Run, type State, done } from "./elements.ts";

/** A place in a dataset's elements, between the one delivered last and the next; plain JSON. */
export interface Position {
  readonly epoch: number;
  /** The steps of the dataset that it belongs to. */
  readonly steps: string;
  readonly state: State;
}

/** How `Dataset.iterate` goes through an epoch. */
export interface IterateOptions {
  /** Counted from 0; the same number gives the same elements. Default: that of the position, or 0. */
  readonly epoch?: number;
  /** Where to go on: of an iterator of the same dataset, made anew in this process or another. Default: the beginning. */
  readonly position?: Position;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

const names: OptionNames<IterateOptions> = { epoch: true, position: true, signal: true };
const owner = "Dataset.iterate";

/** Goes through one epoch of a dataset. What it holds is released at the end, at an error, and by `return`. */
export class DatasetIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly epoch: number;
  readonly #steps: string;
  readonly #run: Run<T>;
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #stop = (): void => this.#interrupt();
  #state: State;
  #isOver = false;
  #last: Promise<unknown> = Promise.resolve();
  #settle: (() => void) | undefined;

  /** @internal Made by `Dataset.iterate`. */
  constructor(elements: Elements<T>, options: IterateOptions) {
    checkOptions(owner, options, names);
    const { position, signal } = options;
    if (position !== undefined) checkPosition(position, elements.name);
    const { epoch = position?.epoch ?? 0 } = options;
    checkCount(owner, "epoch", epoch, 0);
    if (position !== undefined && epoch !== position.epoch) {
      throw new InvalidConfigError(owner, "epoch", `that of the position, ${position.epoch}`, epoch);
    }
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw new InvalidConfigError(owner, "signal", "an AbortSignal", signal);
    }
    this.epoch = epoch;
    this.#steps = elements.name;
    this.#run = elements.open({ epoch, signal: this.#controller.signal }, position?.state);
    this.#state = this.#run.save();
    this.#signal = signal;
    signal?.addEventListener("abort", this.#stop, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next element; calls wait for those before them.
   *
   * @throws {ElementError} a function of the pipeline fails; the message names the step and the element.
   * @throws {AbortedError} the signal was raised.
   */
  async next(): Promise<IteratorResult<T, undefined>> {
    const taken = this.#takeAfter(this.#last);
    this.#last = taken.catch(() => {});
    return taken;
  }

  /** Ends it: whatever was read ahead is dropped, and functions at work hear their signal. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    await this.#close();
    return done;
  }

  /** Where to go on after the element delivered last, exactly. */
  save(): Position {
    return { epoch: this.epoch, steps: this.#steps, state: this.#state };
  }

  async #takeAfter(last: Promise<unknown>): Promise<IteratorResult<T, undefined>> {
    await last;
    if (this.#signal?.aborted) {
      await this.#close();
      throw this.#stopped();
    }
    if (this.#isOver) return done;
    try {
      const result = await this.#takeUnlessInterrupted();
      if (result.done) await this.#close();
      else this.#state = this.#run.save();
      return result;
    } catch (error) {
      // A source that fails to close must not hide why it was closed.
      await this.#close().catch(() => {});
      throw error;
    }
  }

  /** A function that never returns must hold up neither the signal nor `return`. */
  #takeUnlessInterrupted(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      this.#settle = () => {
        if (this.#signal?.aborted) reject(this.#stopped());
        else resolve(done);
      };
      this.#run
        .next()
        .then(resolve, reject)
        .finally(() => (this.#settle = undefined));
    });
  }

  #interrupt(): void {
    void this.#close().catch(() => {});
  }

  async #close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#signal?.removeEventListener("abort", this.#stop);
    this.#controller.abort(this.#signal?.reason);
    this.#settle?.();
    await this.#run.close();
  }

  #stopped(): AbortedError {
    return new AbortedError("Iterating over a Dataset was stopped.", { cause: this.#signal?.reason });
  }
}

/** @throws {FormatError} it is not a position, or one of other steps. */
function checkPosition(position: Position, steps: string): void {
  const what = "position of a Dataset";
  // Positions come from files too, where anything may stand.
  const found = (position ?? {}) as Partial<Record<keyof Position, unknown>>;
  if (typeof found.steps !== "string" || found.state === undefined || !Number.isInteger(found.epoch)) {
    throw new FormatError(what, "position", "an object with epoch, steps and state", describeValue(position));
  }
  if (found.steps !== steps) throw new FormatError(what, "steps", steps, found.steps);
}

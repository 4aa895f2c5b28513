import { firstPass } from "../classes.ts";
import { type Elements, type IndexedElements, type Run, type State, countOf, done, isIndexed } from "../elements.ts";
import { indexed } from "../indexed.ts";
import { copyElement } from "./copy-element.ts";

/** Elements are made once, as in epoch 0, and kept; whoever takes one has a copy. */
export function cacheInMemory<T>(upstream: Elements<T>): Elements<T> {
  const name = `${upstream.name}.cache`;
  if (isIndexed(upstream)) {
    const kept = new Map<number, T | Promise<T>>();
    return indexed(name, upstream.size, upstream.concurrency, (index) => {
      const element = keep(kept, upstream, index);
      return element instanceof Promise ? element.then(copyElement) : copyElement(element);
    });
  }
  const reader = new SharedReader(upstream);
  return {
    name,
    size: upstream.size,
    open(_, state) {
      let index = state === undefined ? 0 : countOf(state);
      const leave = reader.enter();
      return {
        async next() {
          const result = await reader.at(index);
          if (result.done) return result;
          index++;
          return { done: false, value: copyElement(result.value) };
        },
        save: () => index,
        close: leave,
      };
    },
  };
}

function keep<T>(kept: Map<number, T | Promise<T>>, upstream: IndexedElements<T>, index: number): T | Promise<T> {
  const known = kept.get(index);
  if (known !== undefined || kept.has(index)) return known as T | Promise<T>;
  const made = upstream.at(index, firstPass);
  kept.set(index, made);
  if (made instanceof Promise) {
    made.then(
      (element: T) => kept.set(index, element),
      () => kept.delete(index),
    );
  }
  return made;
}

/** Reads elements that come in one order only, for everybody who goes through them; who is behind reads what is kept. */
class SharedReader<T> {
  readonly #upstream: Elements<T>;
  readonly #kept: T[] = [];
  #run: Run<T> | undefined;
  /** Behind what is kept. */
  #place: State | undefined;
  #isComplete = false;
  #readers = 0;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(upstream: Elements<T>) {
    this.#upstream = upstream;
  }

  /** @returns leaves again; the last one to leave closes what is read */
  enter(): () => Promise<void> {
    this.#readers++;
    let isInside = true;
    return async () => {
      if (!isInside) return;
      isInside = false;
      this.#readers--;
      if (this.#readers > 0) return;
      const run = this.#run;
      this.#run = undefined;
      await run?.close();
    };
  }

  async at(index: number): Promise<IteratorResult<T, undefined>> {
    while (index >= this.#kept.length && !this.#isComplete) {
      const read = this.#reading.then(() => this.#readOne(index));
      this.#reading = read.catch(() => {});
      await read;
    }
    return index < this.#kept.length ? { done: false, value: this.#kept[index] as T } : done;
  }

  async #readOne(index: number): Promise<void> {
    if (index < this.#kept.length || this.#isComplete) return;
    // Whoever read before may have left.
    const run = (this.#run ??= this.#upstream.open(firstPass, this.#place));
    const result = await run.next();
    if (result.done) {
      this.#isComplete = true;
      this.#run = undefined;
      await run.close();
    } else if (this.#run === run) {
      this.#kept.push(result.value);
      this.#place = run.save();
    }
  }
}

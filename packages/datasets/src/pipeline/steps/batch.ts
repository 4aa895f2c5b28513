import { InvalidConfigError, checkOptions } from "@featuremap/tensor";
import { checkCount } from "../check.ts";
import { type Elements, type IndexedElements, type Run, type State, countOf, done, isIndexed } from "../elements.ts";
import { indices } from "../indexed.ts";
import { workOn } from "../work.ts";

/** How `Dataset.batch` works. */
export interface BatchElementsOptions {
  /** Leaves out the last batch of an epoch if it is not full. Default: false. */
  readonly dropRemainder?: boolean;
}

const step = "Dataset.batch";

export function batchElements<T>(upstream: Elements<T>, count: number, options: BatchElementsOptions): Elements<T[]> {
  checkCount(step, "size", count, 1);
  checkOptions(step, options, { dropRemainder: true });
  const { dropRemainder = false } = options;
  if (typeof dropRemainder !== "boolean") {
    throw new InvalidConfigError(step, "dropRemainder", "true or false", dropRemainder);
  }
  const name = `${upstream.name}.batch(${count}${dropRemainder ? ", dropRemainder" : ""})`;
  const batches = upstream.size === undefined ? undefined : upstream.size / count;
  const size = batches === undefined ? undefined : dropRemainder ? Math.floor(batches) : Math.ceil(batches);
  if (isIndexed(upstream) && size !== undefined) return batchIndexed(name, upstream, size, count, dropRemainder);
  return {
    name,
    size,
    open(pass, state) {
      const run = upstream.open(pass, state);
      return collect(run, count, dropRemainder, () => run.save());
    },
  };
}

function batchIndexed<T>(
  name: string,
  upstream: IndexedElements<T>,
  size: number,
  count: number,
  dropRemainder: boolean,
): IndexedElements<T[]> {
  return {
    name,
    size,
    concurrency: 1,
    async at(index, pass) {
      const start = index * count;
      const end = Math.min(start + count, upstream.size);
      const batch: T[] = [];
      const elements = workOn(indices(end, start), upstream.concurrency, (place) => upstream.at(place, pass));
      for (let taken = await elements.next(); !taken.done; taken = await elements.next()) batch.push(taken.value);
      return batch;
    },
    // Not one batch after the other: what is worked on at once goes past their ends.
    open(pass, state) {
      let index = state === undefined ? 0 : countOf(state, size);
      const run = upstream.open(pass, Math.min(index * count, upstream.size));
      return collect(run, count, dropRemainder, (isFirst) => (isFirst ? index : ++index));
    },
  };
}

function collect<T>(
  upstream: Run<T>,
  count: number,
  dropRemainder: boolean,
  place: (isFirst: boolean) => State,
): Run<T[]> {
  let state = place(true);
  return {
    async next() {
      const batch: T[] = [];
      while (batch.length < count) {
        const taken = await upstream.next();
        if (taken.done) break;
        batch.push(taken.value);
      }
      if (batch.length === 0 || (dropRemainder && batch.length < count)) return done;
      state = place(false);
      return { done: false, value: batch };
    },
    save: () => state,
    close: () => upstream.close(),
  };
}

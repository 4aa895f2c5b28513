import { type IndexedElements, type Run, type State, countOf, done } from "./elements.ts";
import { workOn } from "./work.ts";

/** Elements that can be had by index, from a function that gives them. */
export function indexed<T>(
  name: string,
  size: number,
  concurrency: number,
  at: IndexedElements<T>["at"],
): IndexedElements<T> {
  return {
    name,
    size,
    concurrency,
    at,
    open: (pass, state) => workOn(indices(size, state), concurrency, (index) => at(index, pass)),
  };
}

/** The indices from a saved one on. */
export function indices(size: number, state: State | undefined): Run<number> {
  let index = state === undefined ? 0 : countOf(state, size);
  return {
    next: async () => (index < size ? { done: false, value: index++ } : done),
    save: () => index,
    async close() {
      index = size;
    },
  };
}

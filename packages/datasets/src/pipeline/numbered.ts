import { type Elements, type Pass, type Run, type State, countOf, done, partOf } from "./elements.ts";

/** An element, and how many came before it in the epoch. */
export interface Numbered<T> {
  readonly index: number;
  readonly element: T;
}

/** Counts elements that have no indices of their own. */
export function openNumbered<T>(elements: Elements<T>, pass: Pass, state: State | undefined): Run<Numbered<T>> {
  let count = state === undefined ? 0 : countOf(partOf(state, "count"));
  const upstream = elements.open(pass, state === undefined ? undefined : partOf(state, "from"));
  return {
    async next() {
      const taken = await upstream.next();
      return taken.done ? done : { done: false, value: { index: count++, element: taken.value } };
    },
    save: () => ({ count, from: upstream.save() }),
    close: () => upstream.close(),
  };
}

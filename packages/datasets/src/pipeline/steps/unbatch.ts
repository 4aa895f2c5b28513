import { describeValue } from "@featuremap/tensor";
import { ElementError } from "../element-error.ts";
import { type Elements, type State, countOf, done, partOf } from "../elements.ts";
import { openNumbered } from "../numbered.ts";

export function unbatchElements<U>(upstream: Elements<readonly U[]>): Elements<U> {
  return {
    name: `${upstream.name}.unbatch`,
    size: undefined,
    open(pass, state) {
      const run = openNumbered(upstream, pass, state === undefined ? undefined : partOf(state, "from"));
      /** Where the batch at hand can be read again. */
      let from: State = run.save();
      let batch: readonly U[] = [];
      let taken = state === undefined ? 0 : countOf(partOf(state, "taken"));
      return {
        async next() {
          while (taken >= batch.length) {
            // A restored run has taken elements from a batch that is still to be read.
            const isRestored = batch.length === 0 && taken > 0;
            if (!isRestored) taken = 0;
            batch = [];
            from = run.save();
            const result = await run.next();
            if (result.done) return done;
            const { element, index } = result.value;
            if (!Array.isArray(element)) {
              const cause = new TypeError(`a batch must be a list, received ${describeValue(element)}`);
              throw new ElementError("Dataset.unbatch", index, undefined, cause);
            }
            batch = element as readonly U[];
          }
          return { done: false, value: batch[taken++] as U };
        },
        save: () => ({ taken, from }),
        async close() {
          batch = [];
          taken = 0;
          await run.close();
        },
      };
    },
  };
}

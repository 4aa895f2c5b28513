import { checkFunction } from "../check.ts";
import { attemptElement } from "../element-error.ts";
import { type Elements, done } from "../elements.ts";
import { openNumbered } from "../numbered.ts";
import { type ElementContext, contextOf } from "./context.ts";

const step = "Dataset.filter";

export function filterElements<T>(
  upstream: Elements<T>,
  isKept: (element: T, context: ElementContext) => unknown,
): Elements<T> {
  checkFunction(step, "isKept", isKept);
  return {
    name: `${upstream.name}.filter`,
    size: undefined,
    open(pass, state) {
      const run = openNumbered(upstream, pass, state);
      return {
        async next() {
          for (;;) {
            const taken = await run.next();
            if (taken.done) return done;
            const { element, index } = taken.value;
            const judge = (): unknown => isKept(element, contextOf(step, undefined, index, pass));
            if (await attemptElement(step, index, element, judge)) return { done: false, value: element };
          }
        },
        save: run.save,
        close: run.close,
      };
    },
  };
}

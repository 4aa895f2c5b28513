import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { checkCount, checkFunction, checkSeed } from "../check.ts";
import { attemptElement } from "../element-error.ts";
import { type Elements, type Pass, isIndexed } from "../elements.ts";
import { indexed } from "../indexed.ts";
import { openNumbered } from "../numbered.ts";
import { workOn } from "../work.ts";
import { type ElementContext, contextOf } from "./context.ts";

/** How `Dataset.map` works. */
export interface MapOptions {
  /** Elements that are worked on at once, in any order; they come in theirs. Default: 1. */
  readonly concurrency?: number;
  /** Starts the random numbers of the context. Default: there are none. */
  readonly seed?: number;
}

const names: OptionNames<MapOptions> = { concurrency: true, seed: true };
const step = "Dataset.map";

export function mapElements<T, U>(
  upstream: Elements<T>,
  change: (element: T, context: ElementContext) => U | Promise<U>,
  options: MapOptions,
): Elements<U> {
  checkFunction(step, "change", change);
  checkOptions(step, options, names);
  const { concurrency = 1, seed } = options;
  checkCount(step, "concurrency", concurrency, 0);
  if (seed !== undefined) checkSeed(step, seed);
  const call = (element: T, index: number, pass: Pass): Promise<U> =>
    attemptElement(step, index, element, () => change(element, contextOf(step, seed, index, pass)));
  const name = `${upstream.name}.map${seed === undefined ? "" : `(${seed})`}`;
  if (isIndexed(upstream)) {
    const depth = Math.max(upstream.concurrency, concurrency);
    return indexed(name, upstream.size, depth, async (index, pass) =>
      call(await upstream.at(index, pass), index, pass),
    );
  }
  return {
    name,
    size: upstream.size,
    open: (pass, state) =>
      workOn(openNumbered(upstream, pass, state), concurrency, ({ element, index }) => call(element, index, pass)),
  };
}

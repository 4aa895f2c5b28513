import { InvalidConfigError, type OptionNames, RandomStream, checkOptions } from "@featuremap/tensor";
import { checkCount, checkSeed } from "../check.ts";
import { type Elements, type IndexedElements, type Run, type State, isIndexed } from "../elements.ts";
import { indexed, indices } from "../indexed.ts";
import { ordersOfEpochs } from "../orders.ts";
import { workOn } from "../work.ts";
import { ShuffledRun } from "./shuffled-run.ts";

/** How `Dataset.shuffle` works. */
export interface ShuffleOptions {
  /** With the epoch's number it decides the order. */
  readonly seed: number;
  /** Elements of which the next one is drawn; memory holds as many. Default: all, which takes elements with indices. */
  readonly buffer?: number;
}

const names: OptionNames<ShuffleOptions> = { seed: true, buffer: true };
const step = "Dataset.shuffle";

export function shuffleElements<T>(upstream: Elements<T>, options: ShuffleOptions): Elements<T> {
  const given: unknown = options;
  if (typeof given === "number") {
    throw new InvalidConfigError(step, "options", `an object such as { seed: 1, buffer: ${given} }`, given);
  }
  checkOptions(step, options, names);
  const { seed, buffer } = options;
  checkSeed(step, seed);
  if (buffer === undefined) return shuffleWhole(upstream, seed);
  checkCount(step, "buffer", buffer, 1);
  const name = `${upstream.name}.shuffle(${seed}, ${buffer})`;
  const { size } = upstream;
  const randomOf = (epoch: number): RandomStream => new RandomStream(seed).fork(`epoch ${epoch}`);
  if (!isIndexed(upstream)) {
    return {
      name,
      size,
      open(pass, state) {
        const open = (from: State | undefined): Run<T> => upstream.open(pass, from);
        return new ShuffledRun({ buffer, size, random: randomOf(pass.epoch), open }, state);
      },
    };
  }
  // The indices are shuffled, and elements read as they are drawn: the buffer holds none.
  const open = (from: State | undefined): Run<number> => indices(upstream.size, from);
  return {
    name,
    size,
    open(pass, state) {
      const order = new ShuffledRun({ buffer, size, random: randomOf(pass.epoch), open }, state);
      return workOn(order, upstream.concurrency, (index) => upstream.at(index, pass));
    },
  };
}

function shuffleWhole<T>(upstream: Elements<T>, seed: number): IndexedElements<T> {
  if (!isIndexed(upstream) || upstream.size > 0xffffffff) {
    const expected =
      "given, as in { seed: 1, buffer: 1000 }, if elements have no indices (those of images(), after filter or prefetch, of an iterable) or never end";
    throw new InvalidConfigError(step, "buffer", expected, undefined);
  }
  const { size } = upstream;
  const orderOf = ordersOfEpochs((epoch) => new RandomStream(seed).fork(`epoch ${epoch}`).permutation(size));
  return indexed(`${upstream.name}.shuffle(${seed})`, size, upstream.concurrency, (index, pass) =>
    upstream.at(orderOf(pass.epoch)[index] ?? 0, pass),
  );
}

import { type OptionNames, RandomStream, checkOptions } from "@featuremap/tensor";
import { checkCount, checkSeed } from "../check.ts";
import { type ClassOf, indicesByClass, requireIndices } from "../classes.ts";
import type { Elements } from "../elements.ts";
import { ordersOfEpochs } from "../orders.ts";
import { pickElements } from "./pick.ts";

/** How `Dataset.balance` resamples. */
export interface BalanceOptions<T> {
  /** The class of an element. It reads all elements: balance before they are decoded. */
  readonly by: ClassOf<T>;
  /** With the epoch's number it decides which elements come, and their order. */
  readonly seed: number;
  /** Elements in an epoch. Default: as many as there are. */
  readonly size?: number;
}

const names: OptionNames<BalanceOptions<unknown>> = { by: true, seed: true, size: true };
const step = "Dataset.balance";

export async function balanceElements<T>(elements: Elements<T>, options: BalanceOptions<T>): Promise<Elements<T>> {
  const upstream = requireIndices(step, elements);
  checkOptions(step, options, names);
  const { by, seed, size = upstream.size } = options;
  checkSeed(step, seed);
  checkCount(step, "size", size, 0);
  const classes = [...(await indicesByClass(step, upstream, by)).values()];
  const length = classes.length === 0 ? 0 : size;
  const orderOf = ordersOfEpochs((epoch) => {
    const random = new RandomStream(seed).fork(`epoch ${epoch}`);
    return balancedOrder(classes, length, random);
  });
  return pickElements(`balance(${seed}, ${length})`, upstream, length, orderOf);
}

/** Equal shares, one more for some classes by chance; within a class no element comes again before all have come. */
function balancedOrder(classes: readonly (readonly number[])[], size: number, random: RandomStream): Uint32Array {
  const chosen = new Uint32Array(size);
  const turns = random.permutation(classes.length);
  let filled = 0;
  for (const [turn, place] of turns.entries()) {
    const members = classes[place] ?? [];
    const share = Math.floor(size / classes.length) + (turn < size % classes.length ? 1 : 0);
    let order: Uint32Array = new Uint32Array(0);
    for (let count = 0; count < share; count++) {
      const within = count % members.length;
      if (within === 0) order = random.permutation(members.length);
      chosen[filled++] = members[order[within] ?? 0] ?? 0;
    }
  }
  return random.permutation(size).map((place) => chosen[place] ?? 0);
}

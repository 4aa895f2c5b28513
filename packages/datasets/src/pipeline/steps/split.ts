import { InvalidConfigError, type OptionNames, RandomStream, checkOptions } from "@featuremap/tensor";
import { checkFunction, checkSeed } from "../check.ts";
import { type ClassOf, indicesByClass, requireIndices } from "../classes.ts";
import type { Elements } from "../elements.ts";
import { pickElements } from "./pick.ts";

/** How `Dataset.split` chooses. */
export interface SplitOptions<T> {
  /** Chooses at random. Default: the first elements make the first part. */
  readonly seed?: number;
  /** Gives every class the same share of it. It reads all elements: split before they are decoded. */
  readonly by?: ClassOf<T>;
}

const names: OptionNames<SplitOptions<unknown>> = { seed: true, by: true };
const step = "Dataset.split";

export async function splitElements<T>(
  elements: Elements<T>,
  fraction: number,
  options: SplitOptions<T>,
): Promise<[Elements<T>, Elements<T>]> {
  const upstream = requireIndices(step, elements);
  checkOptions(step, options, names);
  const { seed, by } = options;
  if (seed !== undefined) checkSeed(step, seed);
  if (by !== undefined) checkFunction(step, "by", by);
  const { size } = upstream;
  const count = Number.isFinite(fraction) ? Math.round(fraction * size) : 0;
  if (!(Number.isFinite(fraction) && fraction > 0 && fraction < 1) || count < 1 || count >= size) {
    const expected = `a share in (0, 1) that leaves neither part of ${size} elements empty`;
    throw new InvalidConfigError(step, "fraction", expected, fraction);
  }
  const isFirst = new Uint8Array(size);
  const classes =
    by === undefined
      ? [Array.from({ length: size }, (_, index) => index)]
      : [...(await indicesByClass(step, upstream, by)).values()];
  const shares = sharesOf(
    classes.map(({ length }) => length),
    count,
    size,
  );
  const random = seed === undefined ? undefined : new RandomStream(seed);
  for (const [place, members] of classes.entries()) {
    const order = random?.permutation(members.length);
    for (let chosen = 0; chosen < (shares[place] ?? 0); chosen++) isFirst[members[order?.[chosen] ?? chosen] ?? 0] = 1;
  }
  const part = (wanted: number, length: number): Elements<T> => {
    const indices = new Uint32Array(length);
    let filled = 0;
    for (let index = 0; index < size; index++) if (isFirst[index] === wanted) indices[filled++] = index;
    const name = `split(${fraction}, ${seed ?? "in order"}${by === undefined ? "" : ", by class"}, ${wanted})`;
    return pickElements(name, upstream, length, () => indices);
  };
  return [part(1, count), part(0, size - count)];
}

/** Of each class its share of `count`, rounded so that they add up (largest remainders first). */
function sharesOf(lengths: readonly number[], count: number, size: number): number[] {
  const exact = lengths.map((length) => (length * count) / size);
  const shares = exact.map(Math.floor);
  const left = count - shares.reduce((sum, share) => sum + share, 0);
  const remainder = (place: number): number => (exact[place] ?? 0) - (shares[place] ?? 0);
  const places = [...shares.keys()].toSorted((a, b) => remainder(b) - remainder(a));
  for (const place of places.slice(0, left)) shares[place] = (shares[place] ?? 0) + 1;
  return shares;
}

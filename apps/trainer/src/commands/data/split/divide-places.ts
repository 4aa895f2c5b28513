import type { RandomStream } from "@featuremap/tensor";

/** Which pictures go where: places, rising. */
export interface DividedPlaces {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** What is divided, and into which shares. */
export interface Division {
  readonly labels: ArrayLike<number>;
  /** Places that must not be divided, each in one group at most; others are by themselves. */
  readonly together?: readonly (readonly number[])[];
  /** Shares of each class, 0 for a part that is not wanted; their sum is less than 1. */
  readonly validation: number;
  readonly test: number;
}

/**
 * Divides labelled things into two or three parts, each class by itself. A group goes whole to where its first member's
 * class wants it; of every class some are left to train on, and, as far as there are groups enough, each part gets some.
 *
 * Without groups and without a test part the validation part is that which `train` keeps by itself with this seed.
 *
 * @param random that which divides; parts draw from streams of their own
 */
export function dividePlaces(
  { labels, together = [], validation, test }: Division,
  random: RandomStream,
): DividedPlaces {
  const parts = new Uint8Array(labels.length);
  // A fork draws from the stream: the first is that of `train`.
  const streams = { validation: random.fork("validation"), test: random.fork("test") };
  for (const groups of groupsByClass(labels, together)) {
    const total = groups.reduce((sum, group) => sum + group.length, 0);
    let left = groups;
    for (const [name, share, number] of [["test", test, 2] as const, ["validation", validation, 1] as const]) {
      if (share === 0) continue;
      const order = Array.from(streams[name].permutation(left.length), (index) => left[index] ?? []);
      const taken = new Set(takeShare(order, Math.max(1, Math.round(total * share))));
      for (const place of [...taken].flat()) parts[place] = number;
      left = left.filter((group) => !taken.has(group));
    }
  }
  const placesOf = (number: number): Uint32Array => {
    return Uint32Array.from(parts.keys()).filter((place) => parts[place] === number);
  };
  return { train: placesOf(0), validation: placesOf(1), test: placesOf(2) };
}

/** Groups one after the other while that brings them nearer to what is wanted; never all of them. */
function takeShare(groups: readonly (readonly number[])[], wanted: number): (readonly number[])[] {
  const taken: (readonly number[])[] = [];
  let count = 0;
  for (const group of groups) {
    if (taken.length === groups.length - 1 || count >= wanted) break;
    if (Math.abs(wanted - count - group.length) >= wanted - count) continue;
    taken.push(group);
    count += group.length;
  }
  if (taken.length > 0 || groups.length < 2) return taken;
  // Too much is better than none, unless it is more than is left.
  const [smallest = []] = groups.toSorted((one, other) => one.length - other.length);
  return smallest.length * 2 <= groups.reduce((sum, { length }) => sum + length, 0) ? [smallest] : [];
}

/** Each class's groups in the order of their first members, which decide the class. */
function groupsByClass(labels: ArrayLike<number>, together: readonly (readonly number[])[]): (readonly number[])[][] {
  const groupOf = new Map(together.flatMap((group) => group.map((place) => [place, group] as const)));
  const classes = new Map<number, (readonly number[])[]>();
  for (let place = 0; place < labels.length; place++) {
    const group = groupOf.get(place) ?? [place];
    if (group[0] !== place) continue;
    const label = labels[place] ?? -1;
    const ofClass = classes.get(label);
    if (ofClass === undefined) classes.set(label, [group]);
    else ofClass.push(group);
  }
  return [...classes].toSorted(([one], [other]) => one - other).map(([, groups]) => groups);
}

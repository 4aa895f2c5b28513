import type { RandomStream } from "@featuremap/tensor";

/**
 * Two parts of labelled things, each class shared out between them: of every class that has two or more, each part gets
 * one at least.
 *
 * @param share the second part's, in (0, 1)
 * @returns places in `labels`, rising
 */
export function splitPlaces(
  labels: ArrayLike<number>,
  share: number,
  random: RandomStream,
): { readonly first: Uint32Array; readonly second: Uint32Array } {
  const isSecond = new Uint8Array(labels.length);
  for (const places of placesByClass(labels)) {
    const wanted = Math.round(places.length * share);
    const count = Math.min(Math.max(wanted, 1), places.length - 1);
    const order = random.permutation(places.length);
    for (const index of order.subarray(0, Math.max(0, count))) isSecond[places[index] ?? 0] = 1;
  }
  const all = Uint32Array.from(isSecond, (_, place) => place);
  return { first: all.filter((place) => isSecond[place] === 0), second: all.filter((place) => isSecond[place] === 1) };
}

/** So large a share of each class, one at least. @returns places in `labels`, rising */
export function thinPlaces(labels: ArrayLike<number>, share: number, random: RandomStream): Uint32Array {
  const chosen = placesByClass(labels).flatMap((places) => {
    const order = random.permutation(places.length);
    const count = Math.max(1, Math.round(places.length * share));
    return Array.from(order.subarray(0, count), (index) => places[index] ?? 0);
  });
  return Uint32Array.from(chosen).toSorted();
}

/** How many there are of each class. */
export function countClasses(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let place = 0; place < labels.length; place++) {
    const label = labels[place] ?? -1;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}

function placesByClass(labels: ArrayLike<number>): number[][] {
  const classes = new Map<number, number[]>();
  for (let place = 0; place < labels.length; place++) {
    const label = labels[place] ?? -1;
    const places = classes.get(label);
    if (places === undefined) classes.set(label, [place]);
    else places.push(place);
  }
  // The order in which classes draw must not depend on where their first picture stands.
  return [...classes].toSorted(([one], [other]) => one - other).map(([, places]) => places);
}

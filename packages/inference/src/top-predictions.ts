/** One class and how probable it is. */
export interface Prediction {
  readonly label: string;
  /** Place of the class among the labels. */
  readonly index: number;
  /** In [0, 1]. */
  readonly probability: number;
}

/** The `count` most probable classes, the best first; equal ones in the order of the labels. */
export function topPredictions(
  probabilities: ArrayLike<number>,
  labels: readonly string[],
  count: number,
): readonly Prediction[] {
  return largestOf(probabilities, count).map((index) => ({
    label: labels[index] ?? `${index}`,
    index,
    probability: probabilities[index] ?? Number.NaN,
  }));
}

/**
 * Places of the `count` largest values, the largest first; of equal ones the first.
 *
 * Keeps the best so far in a heap with the worst of them on top: `n log(count)` steps, where sorting takes `n log(n)`.
 */
function largestOf(values: ArrayLike<number>, count: number): number[] {
  /** Whether the value at `a` ranks behind that at `b`. */
  const isWorse = (a: number, b: number): boolean => {
    const [first = 0, second = 0] = [values[a], values[b]];
    return first < second || (first === second && a > b);
  };
  const heap: number[] = [];
  for (let index = 0; index < values.length; index++) {
    if (heap.length < count) {
      heap.push(index);
      riseLast(heap, isWorse);
    } else if (isWorse(heap[0] ?? 0, index)) {
      heap[0] = index;
      sinkFirst(heap, isWorse);
    }
  }
  return heap.toSorted((a, b) => (isWorse(a, b) ? 1 : -1));
}

type Order = (a: number, b: number) => boolean;

function riseLast(heap: number[], isWorse: Order): void {
  let place = heap.length - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isWorse(heap[place] ?? 0, heap[parent] ?? 0)) return;
    place = swap(heap, place, parent);
  }
}

function sinkFirst(heap: number[], isWorse: Order): void {
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const worse = right < heap.length && isWorse(heap[right] ?? 0, heap[left] ?? 0) ? right : left;
    if (!isWorse(heap[worse] ?? 0, heap[place] ?? 0)) return;
    place = swap(heap, place, worse);
  }
}

/** @returns `to`, where the entry of `from` is then */
function swap(heap: number[], from: number, to: number): number {
  [heap[from], heap[to]] = [heap[to] ?? 0, heap[from] ?? 0];
  return to;
}

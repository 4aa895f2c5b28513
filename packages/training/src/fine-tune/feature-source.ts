import {
  type Batch,
  type BatchSource,
  type FixedShape,
  HostArray,
  RandomStream,
  type TypedArray,
  sizeOf,
} from "@featuremap/tensor";
import type { FeatureRows } from "./feature-rows.ts";

/** Features of all examples of an epoch, with their labels. */
export interface FeatureSet {
  readonly rows: FeatureRows;
  /** Number of examples. */
  readonly size: number;
  /** Of one example. */
  readonly shape: FixedShape;
  readonly labels: HostArray;
  readonly weights: HostArray | undefined;
  /** Examples of a batch that they came in. */
  readonly batchSize: number;
}

/**
 * Features in batches, in place of the pictures that they were made of.
 *
 * Pictures in batches of the same seed would come in the same order. Of several copies each epoch takes the next.
 */
export class FeatureSource implements BatchSource {
  readonly size: number;
  readonly batchSize: number;
  readonly batchCount: number;
  readonly seed: number | undefined;
  readonly startsAnywhere = true;
  readonly #copies: readonly FeatureSet[];

  /** @param seed decides the order; undefined for the given one */
  constructor(copies: readonly FeatureSet[], batchSize: number, seed: number | undefined) {
    this.#copies = copies;
    this.size = copies[0]?.size ?? 0;
    this.batchSize = batchSize;
    this.batchCount = Math.ceil(this.size / batchSize);
    this.seed = seed;
  }

  async *batches(epoch: number, from = 0): AsyncGenerator<Batch, void> {
    const copy = this.#copies[epoch % this.#copies.length];
    if (copy === undefined) return;
    const { rows, shape, labels, weights } = copy;
    const order =
      this.seed === undefined
        ? Uint32Array.from({ length: this.size }, (_, index) => index)
        : new RandomStream(this.seed).fork(`epoch ${epoch}`).permutation(this.size);
    for (let start = from * this.batchSize; start < this.size; start += this.batchSize) {
      const places = order.subarray(start, start + this.batchSize);
      yield {
        x: new HostArray(await rows.take(places, sizeOf(shape)), [places.length, ...shape]),
        y: rowsOf(labels, places),
        ...(weights === undefined ? {} : { sampleWeight: rowsOf(weights, places) }),
        size: places.length,
      };
    }
  }
}

function rowsOf({ data, shape }: HostArray, places: Uint32Array): HostArray {
  const entry = shape.slice(1);
  const length = sizeOf(entry);
  const taken = data.slice(0, places.length * length) as TypedArray;
  for (const [to, from] of places.entries()) taken.set(data.subarray(from * length, (from + 1) * length), to * length);
  return new HostArray(taken, [places.length, ...entry]);
}

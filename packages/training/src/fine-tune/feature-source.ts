import {
  type Batch,
  type BatchSource,
  type FixedShape,
  HostArray,
  RandomStream,
  type TypedArray,
  fromFloat16,
  sizeOf,
} from "@featuremap/tensor";

/** Features of all examples of an epoch, with their labels. */
export interface FeatureSet {
  /** float32, or half precision, row after row. */
  readonly features: Float32Array | Uint16Array;
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
 * Arrays of pictures would come in the same order, by the same seed. Of several copies each epoch takes the next.
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
    this.size = copies[0]?.labels.shape[0] ?? 0;
    this.batchSize = batchSize;
    this.batchCount = Math.ceil(this.size / batchSize);
    this.seed = seed;
  }

  *batches(epoch: number, from = 0): Generator<Batch, void> {
    const copy = this.#copies[epoch % this.#copies.length];
    if (copy === undefined) return;
    const order =
      this.seed === undefined
        ? Uint32Array.from({ length: this.size }, (_, index) => index)
        : new RandomStream(this.seed).fork(`epoch ${epoch}`).permutation(this.size);
    for (let start = from * this.batchSize; start < this.size; start += this.batchSize) {
      const rows = order.subarray(start, start + this.batchSize);
      yield {
        x: featuresOf(copy, rows),
        y: rowsOf(copy.labels, rows),
        ...(copy.weights === undefined ? {} : { sampleWeight: rowsOf(copy.weights, rows) }),
        size: rows.length,
      };
    }
  }
}

function featuresOf({ features, shape }: FeatureSet, rows: Uint32Array): HostArray {
  const length = sizeOf(shape);
  const gathered = gather(features, rows, length);
  const values = gathered instanceof Uint16Array ? fromFloat16(gathered) : gathered;
  return new HostArray(values, [rows.length, ...shape]);
}

function rowsOf({ data, shape }: HostArray, rows: Uint32Array): HostArray {
  const entry = shape.slice(1);
  return new HostArray(gather(data, rows, sizeOf(entry)), [rows.length, ...entry]);
}

function gather<Values extends TypedArray | Uint16Array>(values: Values, rows: Uint32Array, length: number): Values {
  const gathered = values.slice(0, rows.length * length) as Values;
  for (const [to, from] of rows.entries()) {
    gathered.set(values.subarray(from * length, (from + 1) * length), to * length);
  }
  return gathered;
}

import type { Batch, BatchSource } from "@featuremap/datasets";
import { HostArray, InvalidConfigError, RandomStream, ShapeError, type TypedArray, sizeOf } from "@featuremap/tensor";

/** Inputs and labels that fit in memory; what Keras's `fit(x, y)` takes. */
export interface TrainingArrays {
  /** `[examples, ...]`; integers become float32 as they are. */
  readonly x: HostArray;
  /** `[examples, ...]`: class indices, one-hot rows or yes-or-no labels. */
  readonly y: HostArray;
  /** Default: 32. */
  readonly batchSize?: number;
  /** Whether every epoch has an order of its own. Default: whether a seed is given. */
  readonly shuffle?: boolean;
  /** With the epoch's number it decides the order. Default where shuffled: one the system picks. */
  readonly seed?: number;
}

/** Batches of arrays in memory; their order depends on the seed and the epoch alone. */
export class ArrayBatches implements BatchSource {
  readonly size: number;
  readonly batchSize: number;
  readonly batchCount: number;
  readonly #x: HostArray;
  readonly #y: HostArray;
  readonly #seed: number | undefined;

  /**
   * @throws {ShapeError} `x` and `y` hold different numbers of examples.
   * @throws {InvalidConfigError} there is no example, or `batchSize` is no positive integer.
   */
  constructor({ x, y, batchSize = 32, seed, shuffle = seed !== undefined }: TrainingArrays) {
    const size = x.shape[0] ?? 0;
    if (size === 0) throw new InvalidConfigError("Trainer", "x", "one example or more", "none");
    if (y.shape[0] !== size) throw new ShapeError("Trainer", "y", `labels for ${size} examples`, `${y.shape[0] ?? 0}`);
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new InvalidConfigError("Trainer", "batchSize", "an integer of at least 1", batchSize);
    }
    this.size = size;
    this.batchSize = batchSize;
    this.batchCount = Math.ceil(size / batchSize);
    this.#x = x;
    this.#y = y;
    this.#seed = shuffle ? (seed ?? new RandomStream().uint32()) : undefined;
  }

  *batches(epoch: number): Generator<Batch, void, undefined> {
    const order =
      this.#seed === undefined
        ? Uint32Array.from({ length: this.size }, (_, index) => index)
        : new RandomStream(this.#seed).fork(`epoch ${epoch}`).permutation(this.size);
    for (let start = 0; start < this.size; start += this.batchSize) {
      const chosen = order.subarray(start, start + this.batchSize);
      const x = gather(this.#x, chosen, (length) => new Float32Array(length));
      const y =
        this.#y.data instanceof Float32Array
          ? gather(this.#y, chosen, (length) => new Float32Array(length))
          : gather(this.#y, chosen, (length) => new Int32Array(length));
      yield { x, y, size: chosen.length };
    }
  }
}

function gather<Data extends TypedArray>(
  array: HostArray,
  chosen: Uint32Array,
  allocate: (length: number) => Data,
): HostArray<Data> {
  const entry = array.shape.slice(1);
  const length = sizeOf(entry);
  const data = allocate(chosen.length * length);
  for (const [row, from] of chosen.entries()) {
    data.set(array.data.subarray(from * length, (from + 1) * length), row * length);
  }
  return new HostArray(data, [chosen.length, ...entry]);
}

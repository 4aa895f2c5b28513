import {
  HostArray,
  Option,
  type Options,
  RandomStream,
  type TypedArray,
  fingerprintOf,
  settleOptions,
  sizeOf,
} from "@featuremap/tensor";
import { anything, callOption } from "../../config/call-option.ts";
import type { ArrayData } from "../array-data.ts";
import type { PerName, SomePerName } from "../by-name.ts";
import type { DataOrder, TrainingBatch, TrainingSource } from "../training-batch.ts";

/** Inputs and labels that fit in memory; what Keras's `fit(x, y)` takes. */
export interface TrainingArrays {
  /** `[examples, ...]`; integers become float32 as they are. Several inputs: a list, or by the inputs' names. */
  readonly x: PerName<ArrayData>;
  /**
   * `[examples, ...]`: class indices, one-hot rows, yes-or-no labels, numbers. Several outputs: as for `x`; those that
   * have neither loss nor metrics may be left out, or null.
   */
  readonly y: SomePerName<ArrayData>;
  /**
   * How much each example counts in the loss and in weighted metrics: `[examples]`. For several outputs also a list, or
   * by their names; null for an output where all count alike. Default: all alike.
   */
  readonly sampleWeight?: SomePerName<ArrayData> | null;
  /** Default: 32. */
  readonly batchSize?: number;
  /** Whether every epoch of `fit` has an order of its own, as in Keras; else it is the given one. Default: true. */
  readonly shuffle?: boolean;
  /** With the epoch's number it decides the order. Default: the model's seed, or where it has none, one the system picks. */
  readonly seed?: number;
}

const content = callOption(anything<unknown>(), undefined);
const orderOptions = {
  batchSize: callOption(Option.integer(), undefined),
  shuffle: callOption(Option.flag(), undefined),
  seed: callOption(
    Option.within("an integer in [0, 2^32)", (seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32),
    undefined,
  ),
};

/** The names that a record of arrays may have. */
export const arrayOptions: Options<TrainingArrays> = {
  x: content,
  y: content,
  sampleWeight: content,
  ...orderOptions,
};

/** What a record of arrays says itself of its batches. @throws {InvalidConfigError} that cannot be. */
export function ownOrderOf(owner: string, given: TrainingArrays): ArrayOrder {
  const values = Object.entries(settleOptions(owner, given, orderOptions));
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** How {@link ArrayBatches} cuts batches. */
export type ArrayOrder = { readonly [Name in "batchSize" | "shuffle" | "seed"]?: TrainingArrays[Name] | undefined };

/** Batches of arrays in memory; their order depends on the seed and the epoch alone. */
export class ArrayBatches implements TrainingSource {
  readonly size: number;
  readonly batchSize: number;
  readonly batchCount: number;
  readonly order: DataOrder;
  readonly #examples: TrainingBatch;
  #seed: number | undefined;
  #fingerprint: string | undefined;

  /** @param examples all of them, in the model's order */
  constructor(examples: TrainingBatch, { batchSize = 32, shuffle = true, seed }: ArrayOrder = {}) {
    this.size = examples.size;
    this.batchSize = batchSize;
    this.batchCount = Math.ceil(this.size / batchSize);
    this.#examples = examples;
    this.#seed = shuffle ? (seed ?? new RandomStream().uint32()) : undefined;
    this.order = this.#order();
  }

  get fingerprint(): string {
    return (this.#fingerprint ??= fingerprintOf(this.#parts()));
  }

  *#parts(): Generator<string | ArrayBufferView, void> {
    const { inputs, targets, sampleWeights = [] } = this.#examples;
    yield `${this.batchSize}`;
    for (const arrays of [inputs, targets, sampleWeights]) {
      for (const array of arrays) {
        yield array === undefined ? "none" : `${array.dtype} ${array.shape.join()}`;
        if (array !== undefined) yield array.data;
      }
    }
  }

  #order(): DataOrder {
    const seed = (): number | undefined => this.#seed;
    return {
      get seed() {
        return seed();
      },
      assign: (other) => {
        this.#seed = other;
      },
    };
  }

  *batches(epoch: number, from: number = 0): Generator<TrainingBatch, void, undefined> {
    const { inputs, targets, sampleWeights } = this.#examples;
    const order =
      this.#seed === undefined
        ? Uint32Array.from({ length: this.size }, (_, index) => index)
        : new RandomStream(this.#seed).fork(`epoch ${epoch}`).permutation(this.size);
    for (let start = from * this.batchSize; start < this.size; start += this.batchSize) {
      const chosen = order.subarray(start, start + this.batchSize);
      yield {
        inputs: inputs.map((x) => gather(x, chosen, (length) => new Float32Array(length))),
        targets: targets.map((y) => y && gatherAsIs(y, chosen)),
        sampleWeights: sampleWeights?.map((each) => each && gather(each, chosen, (length) => new Float32Array(length))),
        size: chosen.length,
      };
    }
  }
}

function gatherAsIs(y: HostArray, chosen: Uint32Array): HostArray {
  return y.data instanceof Float32Array
    ? gather(y, chosen, (length) => new Float32Array(length))
    : gather(y, chosen, (length) => new Int32Array(length));
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

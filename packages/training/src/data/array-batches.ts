import {
  HostArray,
  InvalidConfigError,
  type OptionNames,
  RandomStream,
  ShapeError,
  type TypedArray,
  checkOptions,
  sizeOf,
} from "@featuremap/tensor";
import { type PerName, type SomePerName, orderByName, orderSome } from "./by-name.ts";
import type { DataOrder, TrainingBatch, TrainingSource } from "./training-batch.ts";

/** Inputs and labels that fit in memory; what Keras's `fit(x, y)` takes. */
export interface TrainingArrays {
  /** `[examples, ...]`; integers become float32 as they are. Several inputs: a list, or by the inputs' names. */
  readonly x: PerName<HostArray>;
  /**
   * `[examples, ...]`: class indices, one-hot rows, yes-or-no labels, numbers. Several outputs: as for `x`; those that
   * have neither loss nor metrics may be left out, or null.
   */
  readonly y: SomePerName<HostArray>;
  /**
   * How much each example counts in the loss and in weighted metrics: `[examples]`. For several outputs also a list, or
   * by their names; null for an output where all count alike. Default: all alike.
   */
  readonly sampleWeight?: SomePerName<HostArray> | null;
  /** Default: 32. */
  readonly batchSize?: number;
  /** Whether every epoch of `fit` has an order of its own, as in Keras; else it is the given one. Default: true. */
  readonly shuffle?: boolean;
  /** With the epoch's number it decides the order. Default: the model's seed, or where it has none, one the system picks. */
  readonly seed?: number;
}

const arrayNames: OptionNames<TrainingArrays> = {
  x: true,
  y: true,
  sampleWeight: true,
  batchSize: true,
  shuffle: true,
  seed: true,
};

/** Names of a model's inputs and outputs, in its order; undefined while it has only one of each and no names yet. */
export interface ModelEnds {
  readonly inputs: readonly string[] | undefined;
  readonly outputs: readonly string[] | undefined;
  /** Names of the outputs that have neither loss nor metrics, and so need no labels. */
  readonly unjudged?: readonly string[] | undefined;
}

/** Batches of arrays in memory; their order depends on the seed and the epoch alone. */
export class ArrayBatches implements TrainingSource {
  readonly size: number;
  readonly batchSize: number;
  readonly batchCount: number;
  readonly #inputs: readonly HostArray[];
  readonly #targets: readonly (HostArray | undefined)[];
  readonly #sampleWeights: readonly (HostArray | undefined)[] | undefined;
  readonly order: DataOrder;
  #seed: number | undefined;

  /**
   * @throws {ShapeError} the arrays hold different numbers of examples.
   * @throws {InvalidConfigError} there is no example, arrays do not fit the model's names, or `batchSize` is no
   * positive integer.
   */
  constructor(arrays: TrainingArrays, ends: ModelEnds = { inputs: undefined, outputs: undefined }) {
    checkOptions("Trainer data", arrays, arrayNames);
    const { batchSize = 32, seed, shuffle = true, sampleWeight } = arrays;
    this.#inputs = orderArrays("x", arrays.x, ends.inputs);
    const { outputs, unjudged = [] } = ends;
    checkArrays("y", arrays.y);
    this.#targets = orderSome("Trainer", "y", arrays.y, isArray, outputs, (name) => unjudged.includes(name));
    const size = this.#inputs[0]?.shape[0] ?? 0;
    if (size === 0) throw new InvalidConfigError("Trainer", "x", "one example or more", "none");
    const check = (what: string, array: HostArray | undefined, contents: string): void => {
      if (array === undefined || array.shape[0] === size) return;
      throw new ShapeError("Trainer", what, `${contents} ${size} examples`, `${array.shape[0] ?? 0}`);
    };
    for (const x of this.#inputs) check("x", x, "of");
    for (const y of this.#targets) check("y", y, "labels for");
    const weights = sampleWeight ? weightsOf(sampleWeight, ends) : undefined;
    for (const each of weights ?? []) check("sampleWeight", each, "weights for");
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new InvalidConfigError("Trainer", "batchSize", "an integer of at least 1", batchSize);
    }
    this.size = size;
    this.batchSize = batchSize;
    this.batchCount = Math.ceil(size / batchSize);
    this.#sampleWeights = weights;
    this.#seed = shuffle ? (seed ?? new RandomStream().uint32()) : undefined;
    this.order = this.#order();
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

  *batches(epoch: number): Generator<TrainingBatch, void, undefined> {
    const order =
      this.#seed === undefined
        ? Uint32Array.from({ length: this.size }, (_, index) => index)
        : new RandomStream(this.#seed).fork(`epoch ${epoch}`).permutation(this.size);
    for (let start = 0; start < this.size; start += this.batchSize) {
      const chosen = order.subarray(start, start + this.batchSize);
      yield {
        inputs: this.#inputs.map((x) => gather(x, chosen, (length) => new Float32Array(length))),
        targets: this.#targets.map((y) => y && gatherAsIs(y, chosen)),
        sampleWeights: this.#sampleWeights?.map(
          (each) => each && gather(each, chosen, (length) => new Float32Array(length)),
        ),
        size: chosen.length,
      };
    }
  }
}

/** One array of weights serves all outputs; a record has one for each that is judged, as in Keras. */
function weightsOf(
  given: SomePerName<HostArray>,
  { outputs, unjudged = [] }: ModelEnds,
): readonly (HostArray | undefined)[] {
  checkArrays("sampleWeight", given);
  if (isArray(given)) return [given];
  const mayLack = (name: string): boolean => Array.isArray(given) || name in given || unjudged.includes(name);
  return orderSome("Trainer", "sampleWeight", given, isArray, outputs, mayLack);
}

/** Arrays in a model's order. @throws {InvalidConfigError} they are none, or do not fit the names. */
export function orderArrays(
  option: string,
  given: PerName<HostArray>,
  names: readonly string[] | undefined,
): readonly HostArray[] {
  checkArrays(option, given);
  return orderByName("Trainer", option, given, isArray, names);
}

/** Refuses lists of numbers, typed arrays and tensors, as plain JavaScript may pass them. */
export function checkArrays(option: string, given: SomePerName<HostArray>): void {
  if (isArray(given)) return;
  const isCollection = Array.isArray(given) || Object.getPrototypeOf(given ?? 0) === Object.prototype;
  const items: readonly unknown[] = isCollection ? Object.values(given) : [given];
  const wrong = items.findIndex((item) => !isArray(item) && !(isCollection && item === null));
  if (wrong === -1) return;
  const expected = "a HostArray, such as HostArray.from(numbers), or a list or record of them";
  const found = items[wrong];
  throw new InvalidConfigError("Trainer", option, expected, found?.constructor.name ?? typeof found);
}

/** Tells one array from a list or record of them. */
export function isArray(value: unknown): value is HostArray {
  return value instanceof HostArray;
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

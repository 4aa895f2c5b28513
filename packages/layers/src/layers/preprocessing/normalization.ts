import {
  type FixedShape,
  HostArray,
  InvalidConfigError,
  NotReadyError,
  type NestedNumbers,
  Option,
  type Options,
  type Shape,
  ShapeError,
  formatShape,
  shapesEqual,
} from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { RunningMoments, kerasEpsilon } from "@featuremap/operations";
import type { ConfigReader } from "../../config/config-reader.ts";
import { resolveAxis } from "../../config/resolve-axis.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import { Ones, Zeros } from "../../parts/initializers/constant.ts";

export interface MeanNormalizationConfig extends LayerConfig {
  /** Each entry along these axes has its own mean and variance; with `null` all share one. Default: -1. */
  readonly axis?: number | readonly number[] | null | undefined;
  /** Given together with `variance`, instead of calling `adapt`: a number, or one for each entry along the axes. */
  readonly mean?: NestedNumbers | null | undefined;
  readonly variance?: NestedNumbers | null | undefined;
  /** Whether the layer does the inverse: `y = x sqrt(variance) + mean`. Default: false. */
  readonly invert?: boolean | undefined;
}

function numbersOption(): Option<NestedNumbers | null | undefined, NestedNumbers | null> {
  return new Option<NestedNumbers, NestedNumbers>({
    // `HostArray.from` refuses values that are not numbers.
    check: (_owner, _name, given) => given,
    read: (saved, key) => {
      const value = saved.take(key);
      return isNumbers(value) ? value : saved.fail(key, "numbers, or null", value);
    },
    write: (given) => given,
  }).orNull();
}

const declared = {
  axis: new Option<number | readonly number[] | null, readonly number[]>({
    check: (owner, name, given: number | readonly number[] | null) => {
      const axes = given === null ? [] : [given].flat();
      if (axes.every(Number.isInteger)) return axes;
      throw new InvalidConfigError(owner, name, "an integer, a list of them, or null", given);
    },
    read: (saved: ConfigReader, key) => (saved.take(key) === null ? null : saved.numbers(key)),
    write: (axes) => axes,
    // Here null is a value, and not the default: it means no axis.
    refusesNull: true,
  }).default(-1),
  mean: numbersOption(),
  variance: numbersOption(),
  invert: Option.flag().default(false),
};

/** One array, or one batch of a data set, for {@link Normalization.adapt}. */
export type AdaptInput = AdaptArray | { readonly x: AdaptArray };

type AdaptArray = tf.Tensor | HostArray | readonly NestedNumbers[];

/**
 * Shifts and scales inputs to mean 0 and variance 1, with the mean and variance of earlier data: `y = (x - mean) / sqrt(variance)`.
 *
 * Training and prediction are the same; only `adapt` learns.
 * Shape: `[batch, ...]` to the same shape. Source: Keras `Normalization`.
 *
 * @throws {InvalidConfigError} an axis is not an integer, or only one of mean and variance is given, or they differ in shape, or
 * have more axes than are kept.
 */
export class Normalization extends Layer<MeanNormalizationConfig> {
  static override readonly className: string = "Normalization";
  static override readonly options: Options<MeanNormalizationConfig> = { ...declared, ...commonOptions };
  readonly axis: readonly number[];
  readonly invert: boolean;
  readonly #given: { readonly mean: HostArray<Float32Array>; readonly variance: HostArray<Float32Array> } | null;
  #adapted: { readonly mean: Weight; readonly variance: Weight } | null = null;

  constructor(config: MeanNormalizationConfig = {}) {
    super(config);
    const { axis, mean, variance, invert } = this.settle(declared);
    this.axis = axis;
    this.invert = invert;
    if ((mean === null) !== (variance === null)) {
      throw new InvalidConfigError("Normalization", "variance", "given with mean, and only then", variance);
    }
    this.#given =
      mean === null || variance === null ? null : { mean: HostArray.from(mean), variance: HostArray.from(variance) };
    if (this.#given !== null) this.#checkGiven(this.#given.mean, this.#given.variance);
  }

  #checkGiven(mean: HostArray<Float32Array>, variance: HostArray<Float32Array>): void {
    if (mean.rank > this.axis.length || !mean.data.every(Number.isFinite)) {
      const expected = `a number, or numbers of at most ${this.axis.length} axes`;
      throw new InvalidConfigError("Normalization", "mean", expected, this.config.mean);
    }
    if (!shapesEqual(mean.shape, variance.shape) || !variance.data.every((value) => value >= 0)) {
      const expected = "numbers of at least 0, in the shape of mean";
      throw new InvalidConfigError("Normalization", "variance", expected, this.config.variance);
    }
  }

  override outputShape(input: Shape): Shape {
    const kept = this.#keptAxes(input).map((axis) => input[axis] ?? null);
    const expected = this.#adapted?.mean.shape ?? kept;
    // The axes of given moments are the last of the kept ones.
    const given = this.#given?.mean.shape ?? [];
    const fits = given.every((length, index) => length === 1 || length === kept[index + kept.length - given.length]);
    if (kept.includes(null) || !shapesEqual(kept, expected) || !fits) {
      const lengths = this.#given === null ? this.#adapted?.mean.shape : given;
      const wanted = lengths === undefined ? "known" : formatShape(lengths);
      throw new ShapeError(this.name, `input on axes ${this.axis.join(", ")}`, wanted, formatShape(input));
    }
    return input;
  }

  #keptAxes(input: Shape): readonly number[] {
    return resolveAxis(this.name, this.axis, input);
  }

  protected override createWeights(input: Shape): void {
    if (this.#given !== null) return;
    const shape = this.#keptAxes(input).map((axis) => input[axis] ?? 1);
    const frozen = { trainable: false };
    const mean = this.addWeight("mean", shape, new Zeros(), frozen);
    const variance = this.addWeight("variance", shape, new Ones(), frozen);
    // Keras saves this weight, and leaves it at 0.
    this.addWeight("count", [], new Zeros(), frozen);
    this.#adapted = { mean, variance };
  }

  /**
   * Computes mean and variance from data, and replaces those of earlier data.
   *
   * @param data one array, or batches of them, such as a data set's; labels are ignored
   * @throws {InvalidConfigError} mean and variance were given, or there is no data.
   * @throws {ShapeError} an array does not fit the layer or the arrays before it.
   */
  async adapt(data: AdaptInput | Iterable<AdaptInput> | AsyncIterable<AdaptInput>): Promise<void> {
    if (this.#given !== null) {
      throw new InvalidConfigError(this.name, "mean", "absent where the layer adapts to data", this.config.mean);
    }
    let moments: RunningMoments | null = null;
    for await (const entry of isBatches(data) ? data : [data]) {
      const array = arrayOf(this.name, entry);
      const { shape } = array;
      this.build([null, ...shape.slice(1)]);
      const axes = this.#keptAxes(shape);
      moments ??= new RunningMoments(
        axes.map((axis) => shape[axis] ?? 1),
        axes,
      );
      moments.add(array instanceof HostArray ? array.data : await array.data(), shape);
    }
    if (moments === null || moments.count === 0) {
      throw new InvalidConfigError(this.name, "data", "one array or more", "none");
    }
    this.#adapted?.mean.assign(new HostArray(moments.mean, moments.shape));
    this.#adapted?.variance.assign(new HostArray(moments.variance, moments.shape));
  }

  override call(input: tf.Tensor): tf.Tensor {
    const { mean, variance } = this.#moments(input.shape);
    const deviation = tf.maximum(tf.sqrt(variance), kerasEpsilon);
    return this.invert ? tf.add(mean, tf.mul(input, deviation)) : tf.div(tf.sub(input, mean), deviation);
  }

  /** Mean and variance, of length 1 on axes that are not kept. */
  #moments(input: FixedShape): { readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
    const axes = this.#keptAxes(input);
    const own = this.#given?.mean.shape ?? axes.map((axis) => input[axis] ?? 1);
    const shape = input.map(() => 1);
    own.forEach((length, index) => (shape[axes[index + axes.length - own.length] ?? 0] = length));
    if (this.#given !== null) {
      const { mean, variance } = this.#given;
      return { mean: tf.tensor(mean.data, shape), variance: tf.tensor(variance.data, shape) };
    }
    if (this.#adapted === null) {
      throw new NotReadyError(this.name, "the layer knows no mean and variance yet", "Call adapt, or build it.");
    }
    const { mean, variance } = this.#adapted;
    return { mean: tf.reshape(mean.variable, shape), variance: tf.reshape(variance.variable, shape) };
  }
}

/** The array of one batch. @throws {InvalidConfigError} there is none. */
function arrayOf(owner: string, entry: AdaptInput): tf.Tensor | HostArray {
  const array: unknown = typeof entry === "object" && entry !== null && "x" in entry ? entry.x : entry;
  if (array instanceof HostArray || array instanceof tf.Tensor) return array;
  if (isList(array)) return HostArray.from(array);
  throw new InvalidConfigError(
    owner,
    "data",
    "tensors, HostArrays or nested lists, batches of them, or { x } each",
    entry,
  );
}

/** How deep nested lists are searched: a list may hold itself. */
const deepest = 16;

/** Whether it is a nested list of numbers, and not a list of batches. */
function isList(data: unknown): data is readonly NestedNumbers[] {
  let first = data;
  for (let depth = 0; Array.isArray(first) && depth < deepest; depth++) first = first[0] as unknown;
  return Array.isArray(data) && typeof first === "number";
}

function isBatches(
  data: AdaptInput | Iterable<AdaptInput> | AsyncIterable<AdaptInput>,
): data is Iterable<AdaptInput> | AsyncIterable<AdaptInput> {
  if (isList(data)) return false;
  return typeof data === "object" && data !== null && (Symbol.iterator in data || Symbol.asyncIterator in data);
}

function isNumbers(value: unknown): value is NestedNumbers {
  return Number.isFinite(value) || (Array.isArray(value) && value.every(isNumbers));
}

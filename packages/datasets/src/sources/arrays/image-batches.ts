import { type ImageOperation, type Preprocessing, isDescribed, preprocessBatch } from "@featuremap/images";
import {
  type Batch,
  type BatchSource,
  HostArray,
  InvalidConfigError,
  type OptionNames,
  type RandomState,
  RandomStream,
  checkOptions,
  fingerprintOf,
  requireHostArray,
} from "@featuremap/tensor";
import { augmentBatch } from "./augment-batch.ts";
import { checkAugment } from "../batches/augment-steps.ts";
import type { Augmentation } from "./augmentation.ts";
import { oneHot } from "../batches/one-hot.ts";
import { type Share, examplesIn, placesIn, shareOf, whole } from "../batches/share.ts";

/** What batches are cut from: what an `ImageDataset` holds. */
export interface LabelledImages {
  readonly images: HostArray<Uint8Array>;
  readonly labels: HostArray<Int32Array>;
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly size: number;
}

/**
 * Images ready for a model: `x` is float32 of shape `[size, height, width, channels]`; `y` holds class indices, int32 of
 * shape `[size]`, or one-hot rows, float32 of shape `[size, classes]`.
 */
export type ImageBatch = Batch<HostArray<Float32Array>, HostArray<Int32Array> | HostArray<Float32Array>>;

/** How `ImageDataset.batch` makes batches. */
export interface BatchOptions {
  /** Whether every epoch has an order of its own. Default: whether a seed is given. */
  readonly shuffle?: boolean;
  /** With the epoch's number it decides order and augmentation. Default where it is needed: one the system picks. */
  readonly seed?: number;
  /** Leaves out the last batch of an epoch if it is not full. Default: false. */
  readonly dropRemainder?: boolean;
  /** Gives labels as one-hot rows. Default: false. */
  readonly oneHot?: boolean;
  /**
   * What becomes of every image, one step after the other, each time a batch is written: of the same image something
   * else in every epoch, of the same epoch and seed always the same. For training only. Operations of
   * `@featuremap/images`, and functions of your own.
   */
  readonly augment?: readonly (Augmentation | ImageOperation)[];
}

const batchOptions: OptionNames<BatchOptions> = {
  shuffle: true,
  seed: true,
  dropRemainder: true,
  oneHot: true,
  augment: true,
};

/** The batches of a data set; its order depends on the seed and the epoch alone, not on epochs before. */
export class ImageBatches implements BatchSource<ImageBatch> {
  readonly batchSize: number;
  readonly startsAnywhere = true;
  /** What decides orders and augmentation; undefined where nothing is left to chance. */
  readonly seed: number | undefined;
  readonly preprocessing: Preprocessing;
  readonly classNames: readonly string[];
  readonly #dataset: LabelledImages;
  readonly #oneHot: boolean;
  readonly #shuffle: boolean;
  readonly #augmentations: readonly (Augmentation | ImageOperation)[];
  readonly #dropRemainder: boolean;
  #fingerprint: string | undefined;
  #share: Share = whole;
  /** Each epoch's order, and what becomes of each image in it, come from forks of this state. */
  readonly #state: RandomState | undefined;

  /** @throws {InvalidConfigError} `batchSize` is not a positive integer, an option is wrong, or no batch is left. */
  constructor(dataset: LabelledImages, batchSize: number, options: BatchOptions = {}) {
    requireHostArray("ImageBatches", "dataset.images", dataset?.images, "uint8");
    checkOptions("ImageDataset.batch", options, batchOptions);
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new InvalidConfigError("ImageDataset.batch", "batchSize", "an integer of at least 1", batchSize);
    }
    const {
      shuffle = options.seed !== undefined,
      dropRemainder = false,
      augment = [],
      oneHot: isOneHot = false,
    } = options;
    for (const [name, flag] of Object.entries({ shuffle, dropRemainder, oneHot: isOneHot })) {
      if (typeof flag !== "boolean") throw new InvalidConfigError("ImageDataset.batch", name, "true or false", flag);
    }
    checkAugment("ImageDataset.batch", augment, "or functions");
    this.batchSize = batchSize;
    this.#dropRemainder = dropRemainder;
    this.#dataset = dataset;
    if (this.batchCount === 0) {
      const expected = `at most ${dataset.size} with dropRemainder`;
      throw new InvalidConfigError("ImageDataset.batch", "batchSize", expected, batchSize);
    }
    // Drawn now even if the system picks it: every epoch of this source must come from one seed.
    const drawn = shuffle || augment.length > 0;
    this.seed = drawn ? (options.seed ?? new RandomStream().uint32()) : undefined;
    this.#state = this.seed === undefined ? undefined : new RandomStream(this.seed).save();
    this.#shuffle = shuffle;
    this.#augmentations = [...augment];
    this.preprocessing = dataset.preprocessing;
    this.classNames = dataset.classNames;
    this.#oneHot = isOneHot;
  }

  get size(): number {
    const examples = this.#examples;
    return this.#dropRemainder ? examples - (examples % this.batchSize) : examples;
  }

  get batchCount(): number {
    return Math.ceil(this.size / this.batchSize);
  }

  /** Tells images, labels and options from others. */
  get fingerprint(): string {
    return (this.#fingerprint ??= fingerprintOf(this.#parts()));
  }

  *#parts(): Generator<string | ArrayBufferView, void> {
    const { images, labels, classNames, preprocessing } = this.#dataset;
    // Of a function nothing more is known.
    const changes = this.#augmentations.map((step) =>
      typeof step !== "function" && isDescribed(step) ? [step.name, step.arguments] : step.name,
    );
    const batches = [this.batchSize, this.#shuffle, this.#dropRemainder, this.#oneHot];
    yield JSON.stringify([batches, changes, classNames, preprocessing, images.shape]);
    yield labels.data;
    yield images.data;
  }

  /** All that stand in the share, before batches are cut. */
  get #examples(): number {
    return examplesIn(this.#share, this.#dataset.size);
  }

  /**
   * Which image stands where in an epoch: `[size]` positions in the dataset.
   *
   * @throws {InvalidConfigError} `epoch` is not an integer of at least 0.
   */
  order(epoch: number): Uint32Array {
    if (!Number.isInteger(epoch) || epoch < 0) {
      throw new InvalidConfigError("ImageBatches", "epoch", "an integer of at least 0", epoch);
    }
    const mixed =
      this.#shuffle && this.#state !== undefined
        ? RandomStream.restore(this.#state).fork(`epoch ${epoch}`).permutation(this.#dataset.size)
        : undefined;
    return placesIn(this.#share, this.size, mixed);
  }

  /** @throws {InvalidConfigError} `epoch` or `from` is not an integer of at least 0. */
  batches(epoch: number, from: number = 0): Iterable<ImageBatch> {
    if (!Number.isInteger(from) || from < 0) {
      throw new InvalidConfigError("ImageBatches", "from", "an integer of at least 0", from);
    }
    const order = this.order(epoch);
    return { [Symbol.iterator]: () => this.#write(order, epoch, from) };
  }

  /** Batches of epoch 0. */
  [Symbol.iterator](): Iterator<ImageBatch> {
    return this.batches(0)[Symbol.iterator]();
  }

  /**
   * Every `ranks`-th image of each epoch's order: what the ranks learn from in a step is, together, the batch of
   * `ranks * batchSize` images that one of them alone would take.
   *
   * @throws {InvalidConfigError} `rank` is not an integer in [0, ranks), or there are not enough images for all.
   */
  shard(rank: number, ranks: number): ImageBatches {
    const share = shareOf("ImageBatches.shard", this.#share, rank, ranks);
    const shard = new ImageBatches(this.#dataset, this.batchSize, {
      shuffle: this.#shuffle,
      dropRemainder: this.#dropRemainder,
      oneHot: this.#oneHot,
      augment: this.#augmentations,
      ...(this.seed === undefined ? {} : { seed: this.seed }),
    });
    shard.#share = share;
    if (shard.batchCount > 0) return shard;
    const expected = `few enough for ${this.size} images to give each ${this.#dropRemainder ? `a batch of ${this.batchSize}` : "at least one"}`;
    throw new InvalidConfigError("ImageBatches.shard", "ranks", expected, ranks);
  }

  *#write(order: Uint32Array, epoch: number, from: number): Generator<ImageBatch, void, undefined> {
    const { labels, classNames } = this.#dataset;
    for (let start = from * this.batchSize; start < order.length; start += this.batchSize) {
      const chosen = order.subarray(start, start + this.batchSize);
      const classes = new Int32Array(chosen.length);
      for (let index = 0; index < chosen.length; index++) classes[index] = labels.data[chosen[index] ?? -1] ?? -1;
      const x = this.#inputs(chosen, epoch);
      const y = this.#oneHot ? oneHot(classes, classNames.length) : new HostArray(classes, [classes.length]);
      yield { x, y, size: chosen.length };
    }
  }

  #inputs(chosen: Uint32Array, epoch: number): HostArray<Float32Array> {
    const { images, preprocessing } = this.#dataset;
    const state = this.#state;
    if (state === undefined || this.#augmentations.length === 0) return preprocessBatch(images, chosen, preprocessing);
    // By the image's own number: neither the order nor the batch size changes what becomes of it.
    const randomFor = (image: number): RandomStream =>
      RandomStream.restore(state).fork(`epoch ${epoch}, image ${image}`);
    return augmentBatch(images, chosen, this.#augmentations, randomFor, preprocessing);
  }
}

import type { HostArray } from "./arrays/host-array.ts";

/** An array for a model's one input or output; for several a list in the model's order, or a record by their names. */
export type BatchArrays = HostArray | readonly HostArray[] | Readonly<Record<string, HostArray>>;

/** Some examples ready for a model, with their labels. */
export interface Batch<X extends BatchArrays = BatchArrays, Y extends BatchArrays = BatchArrays> {
  /** `[size, ...]` each; of images float32 of shape `[size, height, width, channels]`. */
  readonly x: X;
  /** `[size, ...]` each: class indices, int32 of shape `[size]`; one-hot rows, float32 of shape `[size, classes]`; numbers. */
  readonly y: Y;
  /** How much each example counts in training, float32 of shape `[size]`. Default: all alike. */
  readonly sampleWeight?: BatchArrays;
  /** Number of examples; the last batch of an epoch may be smaller than the others. */
  readonly size: number;
}

/**
 * Batches of which only reading may tell how many there are: a `Dataset` of `@featuremap/datasets`. A `Trainer` takes every
 * object that has `modelBatches`, and checks what comes of it as it does with a {@link BatchSource}.
 */
export interface BatchStream {
  /** Number of batches in an epoch: `Infinity` if they never end, undefined where only reading them would tell. */
  readonly size: number | undefined;
  /**
   * The batches of one epoch; the same number gives the same batches.
   *
   * @param epoch counted from 0
   * @param from the first batch, counted from 0. Default: 0
   */
  modelBatches(epoch: number, from?: number): AsyncIterable<Batch>;
}

/**
 * What training, evaluation and prediction read: the same batches as often as they are asked for.
 *
 * A `Trainer` takes every object that has `size`, `batchCount` and `batches`, and checks it: `size` and `batchCount` are
 * integers of at least 1, an epoch has `batchCount` batches, and in a batch `x`, `y` and `sampleWeight` hold equally many
 * examples. There `x` and `y` may be whatever arrays `fit` takes, and `size` may be left out, since `x` tells it. Batches
 * whose number is not known come as an iterable, or from a function that gives one for each epoch.
 */
export interface BatchSource<Each extends Batch = Batch> {
  /** Number of examples in an epoch. */
  readonly size: number;
  readonly batchSize: number;
  /** Number of batches in an epoch. */
  readonly batchCount: number;
  /** What decides the order, where something is left to chance: a training that goes on compares it. */
  readonly seed?: number | undefined;
  /**
   * Tells these examples, and what becomes of them, from others, as `fingerprintOf` does: a training that goes on compares
   * it too.
   */
  readonly fingerprint?: string | undefined;
  /** How pictures became `x`, a `Preprocessing` of `@featuremap/images`, where known: checkpoints save it with the model. */
  readonly preprocessing?: object;
  /** What each class index stands for, where that is known; saved with it. */
  readonly classNames?: readonly string[];
  /** Whether `batches` heeds `from`. Of other sources, a training that goes on reads what it leaves out. */
  readonly startsAnywhere?: boolean;
  /**
   * The batches of one epoch; the same number gives the same batches.
   *
   * @param epoch counted from 0
   * @param from the first batch, counted from 0; none are left from `batchCount` on. Default: 0
   */
  batches(epoch: number, from?: number): AsyncIterable<Each> | Iterable<Each>;
  /**
   * Takes back a batch of {@link batches} that nobody looks at any more, so that a later one is written to its memory. A
   * `Trainer` gives each back once it is done with it; nobody else needs to.
   */
  recycle?(batch: Each): void;
  /**
   * The share of one of several that train together. All get equally many batches, no example twice, and leave out none
   * but what does not divide among them. They need one seed.
   *
   * @param rank whose share, in [0, ranks)
   */
  shard?(rank: number, ranks: number): BatchSource<Each>;
}

import type { Preprocessing } from "@featuremap/images";
import type { HostArray } from "@featuremap/tensor";

/** Some images ready for a model, with their labels. */
export interface Batch {
  /** float32 of shape `[size, height, width, channels]` */
  readonly x: HostArray<Float32Array>;
  /** Class indices, int32 of shape `[size]`; or one-hot rows, float32 of shape `[size, classes]`. */
  readonly y: HostArray<Int32Array> | HostArray<Float32Array>;
  /** How much each image counts in training, float32 of shape `[size]`. Default: all alike. */
  readonly sampleWeight?: HostArray<Float32Array>;
  /** Number of images, which is the first length of `x`; the last batch of an epoch may be smaller than the others. */
  readonly size: number;
}

/**
 * What training, evaluation and prediction read: the same batches as often as they are asked for.
 *
 * A `Trainer` takes every object that has this, and checks it: `size` and `batchCount` are integers of at least 1, an
 * epoch has `batchCount` batches, and in a batch `x`, `y` and `sampleWeight` hold equally many examples. There `x` and
 * `y` may be whatever arrays `fit` takes, and `size` may be left out, since `x` tells it. Batches whose number is not
 * known come as an iterable, or from a function that gives one for each epoch.
 */
export interface BatchSource {
  /** Number of images in an epoch. */
  readonly size: number;
  readonly batchSize: number;
  /** Number of batches in an epoch. */
  readonly batchCount: number;
  /** How pictures became `x`, where that is known: checkpoints of a training save it beside the model. */
  readonly preprocessing?: Preprocessing;
  /** What each class index stands for, where that is known; saved with it. */
  readonly classNames?: readonly string[];
  /** The batches of one epoch, numbered from 0; the same number gives the same batches. */
  batches(epoch: number): AsyncIterable<Batch> | Iterable<Batch>;
}

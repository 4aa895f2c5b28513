import type { KnownPictures } from "@featuremap/formats";
import type { BatchSource } from "@featuremap/tensor";
import type { DataOrder, TrainingSource } from "../training-batch.ts";
import type { ArrayOrder } from "./array-batches.ts";
import { sourceBatches } from "./batch-source.ts";
import { DataSource } from "./data-source.ts";
import type { BatchUse } from "./given-batch.ts";
import { hasMethod } from "./iterables.ts";
import { picturesOf } from "./known-pictures.ts";

/** What can be cut into batches: an `ImageDataset` of `@featuremap/datasets`. */
export interface ImageSet {
  readonly size: number;
  batch(batchSize: number, options?: { readonly shuffle?: boolean; readonly seed?: number }): BatchSource;
}

export function isImageSet(given: unknown): given is ImageSet {
  return hasMethod(given, "batch");
}

/** A data set that is not in batches yet. */
export class ImageSetSource extends DataSource {
  readonly #images: ImageSet;
  readonly #use: BatchUse;

  constructor(images: ImageSet, use: BatchUse) {
    super();
    this.#images = images;
    this.#use = use;
  }

  override get pictures(): KnownPictures | undefined {
    return picturesOf(this.#images);
  }

  /** An order of its own in every epoch, as arrays have, unless it is told otherwise. */
  override batches({ batchSize = 32, shuffle = true, seed }: ArrayOrder): TrainingSource {
    const cut = (from: number | undefined): TrainingSource => {
      const seeded = shuffle && from !== undefined ? { seed: from } : {};
      return sourceBatches(this.#images.batch(batchSize, { shuffle, ...seeded }), this.#use);
    };
    let source = cut(seed);
    const order: DataOrder = {
      get seed() {
        return source.order?.seed;
      },
      assign: (other) => {
        source = cut(other);
      },
    };
    const { size, batchCount } = source;
    return {
      size,
      batchCount,
      order,
      get fingerprint() {
        return source.fingerprint;
      },
      batches: (epoch, from) => source.batches(epoch, from),
    };
  }
}

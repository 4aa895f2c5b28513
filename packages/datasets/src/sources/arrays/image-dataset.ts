import { type Preprocessing, requirePreprocessing } from "@featuremap/images";
import {
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  type OptionNames,
  RandomStream,
  checkOptions,
  refuseMethods,
  sizeOf,
} from "@featuremap/tensor";
import { type BatchOptions, ImageBatches } from "./image-batches.ts";
import { classIndices, imagePixels } from "./image-pixels.ts";

/** What an {@link ImageDataset} is made of. */
export interface ImageDatasetContents {
  /**
   * Pixels of shape `[size, height, width, channels]`, or `[size, height, width]` if they are grey: bytes, which are
   * shared; or whole numbers in [0, 255] of another type; or these divided by 255, if `preprocessing` scales by 1/255.
   */
  readonly images: HostArray | NestedNumbers;
  /** Class indices, of shape `[size]` or `[size, 1]`. */
  readonly labels: HostArray | ArrayLike<number>;
  /** What each class index stands for. */
  readonly classNames: readonly string[];
  /** How pixels become a model's input; its size and channels are those of the images. */
  readonly preprocessing: Preprocessing;
}

const contentNames: OptionNames<ImageDatasetContents> = {
  images: true,
  labels: true,
  classNames: true,
  preprocessing: true,
};

const inMemory = "nothing instead: the images are already decoded in memory";

/** What to write in place of methods of `tf.data`. */
const methodsElsewhere = {
  cache: inMemory,
  map: "train.batch(batchSize, { augment: [...] }), whose steps change every image",
  prefetch: inMemory,
  repeat: "await trainer.fit(data, { epochs }), which uses each image once per epoch",
};

/**
 * Labelled images of one size, decoded, in memory as bytes.
 *
 * It never changes: every method gives a new dataset. Parts in their old order share the images' bytes.
 */
export class ImageDataset {
  /** uint8 of shape `[size, height, width, channels]` */
  readonly images: HostArray<Uint8Array>;
  /** int32 of shape `[size]` */
  readonly labels: HostArray<Int32Array>;
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;

  static {
    refuseMethods("ImageDataset", this.prototype, methodsElsewhere);
  }

  /**
   * @throws {ShapeError} images and labels differ in number, or the images are not as `preprocessing` describes.
   * @throws {InvalidConfigError} there is no image, the images are not pixels, or a label is outside
   *   [0, classNames.length).
   */
  constructor(contents: ImageDatasetContents) {
    checkOptions("ImageDataset", contents, contentNames);
    const { images, labels, classNames } = contents;
    if (!(Array.isArray(classNames) && classNames.every((name) => typeof name === "string"))) {
      throw new InvalidConfigError("ImageDataset", "classNames", "a list of strings", classNames);
    }
    this.preprocessing = requirePreprocessing(contents.preprocessing, "ImageDataset");
    this.images = imagePixels(images, this.preprocessing);
    const count = this.images.shape[0] ?? 0;
    if (count === 0) throw new InvalidConfigError("ImageDataset", "images", "at least 1", 0);
    this.labels = classIndices(labels, count, classNames.length);
    this.classNames = [...classNames];
  }

  /** Number of images, at least 1. */
  get size(): number {
    return this.labels.size;
  }

  /** The first `count` images. @throws {InvalidConfigError} `count` is not an integer in [1, size]. */
  take(count: number): ImageDataset {
    if (!Number.isInteger(count) || count < 1 || count > this.size) {
      throw new InvalidConfigError("ImageDataset.take", "count", `an integer in [1, ${this.size}]`, count);
    }
    return this.#slice(0, count);
  }

  /** All but the first `count` images. @throws {InvalidConfigError} `count` is not an integer in [0, size). */
  skip(count: number): ImageDataset {
    if (!Number.isInteger(count) || count < 0 || count >= this.size) {
      throw new InvalidConfigError("ImageDataset.skip", "count", `an integer in [0, ${this.size})`, count);
    }
    return this.#slice(count, this.size);
  }

  /**
   * Two parts without overlap: `round(fraction * size)` images, and the others.
   *
   * In order, or, with a seed, chosen at random.
   *
   * @param fraction the first part's share, in (0, 1)
   * @throws {InvalidConfigError} `fraction` is outside (0, 1) or leaves a part without images.
   */
  split(fraction: number, options: { readonly seed?: number } = {}): [ImageDataset, ImageDataset] {
    checkOptions("ImageDataset.split", options, { seed: true });
    const { seed } = options;
    const count = Number.isFinite(fraction) ? Math.round(fraction * this.size) : 0;
    if (!(Number.isFinite(fraction) && fraction > 0 && fraction < 1) || count < 1 || count >= this.size) {
      const expected = `a share in (0, 1) that leaves neither part of ${this.size} images empty`;
      throw new InvalidConfigError("ImageDataset.split", "fraction", expected, fraction);
    }
    const ordered = seed === undefined ? this : this.shuffle({ seed });
    return [ordered.take(count), ordered.skip(count)];
  }

  /**
   * The same images in a random order that the seed fixes.
   *
   * Copies the images. For a new order each epoch, shuffle in {@link batch}.
   *
   * @throws {InvalidConfigError} the seed is not an integer in [0, 2^32).
   */
  shuffle(options: { readonly seed: number }): ImageDataset {
    checkOptions("ImageDataset.shuffle", options, { seed: true });
    const { seed } = options;
    const order = new RandomStream(seed).permutation(this.size);
    const entry = sizeOf(this.images.shape.slice(1));
    const pixels = new Uint8Array(this.images.size);
    const labels = new Int32Array(this.size);
    order.forEach((from, to) => {
      pixels.set(this.images.data.subarray(from * entry, (from + 1) * entry), to * entry);
      labels[to] = this.labels.data[from] ?? -1;
    });
    return this.#with({
      images: new HostArray(pixels, this.images.shape),
      labels: new HostArray(labels, this.labels.shape),
    });
  }

  /** The same images under another description. @throws {ShapeError} its size or channels are not the images'. */
  withPreprocessing(preprocessing: Preprocessing): ImageDataset {
    return this.#with({ preprocessing });
  }

  /**
   * Batches for training, evaluation and prediction, written when they are read.
   *
   * @throws {InvalidConfigError} `batchSize` is not a positive integer, an option is unknown or wrong, or the seed is not an integer
   *   in [0, 2^32).
   */
  batch(batchSize: number, options: BatchOptions = {}): ImageBatches {
    return new ImageBatches(this, batchSize, options);
  }

  #slice(start: number, end: number): ImageDataset {
    return this.#with({ images: this.images.slice(start, end), labels: this.labels.slice(start, end) });
  }

  #with(changes: Partial<ImageDatasetContents>): ImageDataset {
    const { images, labels, classNames, preprocessing } = this;
    return new ImageDataset({ images, labels, classNames, preprocessing, ...changes });
  }
}

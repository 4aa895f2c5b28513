import { type Pixels, type Preprocessing } from "@featuremap/images";
import {
  type Batch,
  type BatchSource,
  FormatError,
  type HostArray,
  InvalidConfigError,
  type OptionNames,
  type RandomState,
  RandomStream,
  checkOptions,
  fingerprintOf,
  refuseMethods,
} from "@featuremap/tensor";
import { Dataset } from "../../pipeline/dataset.ts";
import type { ElementContext } from "../../pipeline/steps/context.ts";
import { partsOf } from "./fingerprint-parts.ts";
import type { BatchableFiles } from "./file-example.ts";
import {
  type CheckedImageOptions,
  type ImageOptions,
  checkImageOptions,
  imageOptionNames,
  preprocessingOf,
} from "./image-options.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { PictureReader } from "./picture-reader.ts";
import type { SkippedFile, SkippedFiles } from "./skipped-files.ts";
import { writeInputs, writeLabels } from "./write-batch.ts";

/** How files become batches. */
export interface ImageFileBatchOptions extends ImageOptions {
  /** Whether every epoch has an order of its own. Default: whether a seed is given. */
  readonly shuffle?: boolean;
  /** With the epoch's number it decides order and augmentation. Default where it is needed: one the system picks. */
  readonly seed?: number;
  /** Leaves out the last batch of an epoch if it is not full. Default: false. */
  readonly dropRemainder?: boolean;
  /** `int`: class indices. `categorical`: one-hot rows. `binary`: 0 or 1 as float32 of shape `[size, 1]`. Default: `int`. */
  readonly labelMode?: "int" | "categorical" | "binary" | null;
  /** Factor on pixel values 0 to 255. Default: 1, as in Keras, whose models begin with a layer that rescales. */
  readonly scale?: number;
  /**
   * `channelsLast`: `[size, height, width, channels]`. `channelsFirst`: `[size, channels, height, width]`. Keras's
   * `channels_last` and `channels_first` are the same. Default: the former.
   */
  readonly dataFormat?: "channelsLast" | "channelsFirst" | "channels_last" | "channels_first";
}

export const batchOptionNames: OptionNames<ImageFileBatchOptions> = {
  ...imageOptionNames,
  shuffle: true,
  seed: true,
  dropRemainder: true,
  labelMode: true,
  scale: true,
  dataFormat: true,
};

/** A batch of pictures and their classes. */
type FileBatch = Batch<HostArray, HostArray>;

/** What to write in place of methods of `tf.data`. */
const methodsElsewhere = {
  cache: "nothing in its place: pictures are decoded once, and the option cache says where they are kept",
  prefetch: "nothing in its place: batches are read ahead",
  repeat: "await trainer.fit(data, { epochs }), which goes through the pictures once an epoch",
  shuffle: "shuffle: true among the options that made the batches, which mixes all files in every epoch",
};

/**
 * Batches of pictures from files, decoded when they are read; what a `Trainer` takes.
 *
 * Order and augmentation depend on the seed and the epoch alone. Of a damaged file nothing comes: its batch is smaller by
 * one, and `skipped` names it.
 */
export class ImageFileBatches implements BatchSource {
  readonly batchSize: number;
  readonly batchCount: number;
  /** Number of pictures in an epoch. */
  readonly size: number;
  readonly seed: number | undefined;
  readonly preprocessing?: Preprocessing;
  readonly classNames: readonly string[];
  /** The files' paths or names, in their own order; Keras's `file_paths`. */
  readonly filePaths: readonly string[];
  /** Class indices of {@link filePaths}; undefined where there are no labels. */
  readonly labels: Int32Array | undefined;
  readonly startsAnywhere = true;
  readonly #files: BatchableFiles;
  readonly #images: CheckedImageOptions;
  readonly #options: ImageFileBatchOptions;
  readonly #skipped: SkippedFiles;
  readonly #shuffle: boolean;
  readonly #state: RandomState | undefined;
  readonly #reader: PictureReader;
  #fingerprint: string | undefined;
  #lastOrder: { epoch: number; order: Uint32Array } | undefined;

  static {
    refuseMethods("ImageFileBatches", this.prototype, methodsElsewhere);
  }

  /** @throws {InvalidConfigError} `batchSize` is not a positive integer, an option is wrong, or no batch is left. */
  constructor(files: BatchableFiles, batchSize: number, options: ImageFileBatchOptions, skipped: SkippedFiles) {
    const owner = "ImageFiles.batch";
    checkOptions(owner, options, batchOptionNames);
    this.#images = checkImageOptions(owner, options);
    const { shuffle = options.seed !== undefined, dropRemainder = false, labelMode = "int", scale = 1 } = options;
    const refuse = (option: string, expected: string, found: unknown): never => {
      throw new InvalidConfigError(owner, option, expected, found);
    };
    for (const [name, flag] of Object.entries({ shuffle, dropRemainder })) {
      if (typeof flag !== "boolean") refuse(name, "true or false", flag);
    }
    if (!Number.isInteger(batchSize) || batchSize < 1) refuse("batchSize", "an integer of at least 1", batchSize);
    if (![null, "int", "categorical", "binary"].includes(labelMode)) {
      refuse("labelMode", '"int", "categorical", "binary" or null', labelMode);
    }
    if (labelMode === "binary" && files.labels !== undefined && files.classNames.length !== 2) {
      refuse("labelMode", `"int" or "categorical" with ${files.classNames.length} classes`, labelMode);
    }
    if (!(typeof scale === "number" && Number.isFinite(scale))) refuse("scale", "a finite number", scale);
    const { dataFormat = "channelsLast" } = options;
    if (!/^channels(Last|First|_last|_first)$/.test(dataFormat)) {
      refuse("dataFormat", '"channelsLast" or "channelsFirst"', dataFormat);
    }
    this.batchSize = batchSize;
    this.batchCount = dropRemainder ? Math.floor(files.size / batchSize) : Math.ceil(files.size / batchSize);
    this.size = Math.min(files.size, this.batchCount * batchSize);
    if (this.batchCount === 0) refuse("batchSize", `at most ${files.size} with dropRemainder`, batchSize);
    const isDrawn = shuffle || this.#images.augment.length > 0;
    this.seed = isDrawn ? (options.seed ?? new RandomStream().uint32()) : undefined;
    this.#state = this.seed === undefined ? undefined : new RandomStream(this.seed).save();
    this.#shuffle = shuffle;
    this.#files = files;
    this.#reader = new PictureReader(files, this.#images);
    this.#options = options;
    this.#skipped = skipped;
    const preprocessing = preprocessingOf(this.#images, scale);
    if (preprocessing !== undefined) this.preprocessing = preprocessing;
    this.classNames = files.classNames;
    this.filePaths = files.filePaths;
    // What is given out is anybody's to change.
    this.labels = files.labels?.slice();
  }

  /** Files left out so far, each with its reason. */
  get skipped(): readonly SkippedFile[] {
    return this.#skipped.list;
  }

  /** Tells files, labels and options from others; a folder that was moved as a whole is the same. */
  get fingerprint(): string {
    const { dropRemainder = false, labelMode = "int", scale = 1, dataFormat = "channelsLast" } = this.#options;
    const how = [this.batchSize, this.#shuffle, dropRemainder, labelMode, scale, dataFormat];
    return (this.#fingerprint ??= fingerprintOf(partsOf(this.#files, this.#images, how)));
  }

  /**
   * Which file stands where in an epoch: places in {@link filePaths}.
   *
   * @throws {InvalidConfigError} `epoch` is not an integer of at least 0.
   */
  order(epoch: number): Uint32Array {
    return this.#orderOf(epoch).slice();
  }

  #orderOf(epoch: number): Uint32Array {
    if (!Number.isInteger(epoch) || epoch < 0) {
      throw new InvalidConfigError("ImageFileBatches", "epoch", "an integer of at least 0", epoch);
    }
    if (this.#lastOrder?.epoch === epoch) return this.#lastOrder.order;
    const order =
      this.#shuffle && this.#state !== undefined
        ? RandomStream.restore(this.#state).fork(`epoch ${epoch}`).permutation(this.#files.size)
        : Uint32Array.from({ length: this.#files.size }, (_, index) => index);
    this.#lastOrder = { epoch, order };
    return order;
  }

  /** Batches of epoch 0. */
  [Symbol.asyncIterator](): AsyncIterator<FileBatch> {
    return this.batches(0)[Symbol.asyncIterator]();
  }

  /**
   * @param from the first batch; none are left from `batchCount` on
   * @throws {InvalidConfigError} `epoch` or `from` is not an integer of at least 0.
   */
  batches(epoch: number, from = 0): AsyncGenerator<FileBatch, void, undefined> {
    if (!Number.isInteger(from) || from < 0) {
      throw new InvalidConfigError("ImageFileBatches", "from", "an integer of at least 0", from);
    }
    this.#orderOf(epoch);
    return this.#read(epoch, from);
  }

  async *#read(epoch: number, from: number): AsyncGenerator<FileBatch, void, undefined> {
    const count = this.batchCount;
    const pass = new AbortController();
    try {
      // One batch ahead, so that files are read while the one before is used.
      let next = from < count ? this.#make(from, epoch, pass.signal) : undefined;
      for (let index = from; index < count && next !== undefined; index++) {
        const batch = await next;
        next = index + 1 < count ? this.#make(index + 1, epoch, pass.signal) : undefined;
        // It is awaited in the next turn; where there is none, nobody wants its error.
        next?.catch(() => undefined);
        yield batch;
      }
    } finally {
      pass.abort();
    }
  }

  /**
   * One batch of an epoch.
   *
   * @throws {InvalidConfigError} there is none at `index`, or `epoch` is not an integer of at least 0.
   * @throws {FormatError} too many files are damaged.
   */
  async at(index: number, epoch = 0): Promise<FileBatch> {
    if (!(Number.isInteger(index) && index >= 0 && index < this.batchCount)) {
      throw new InvalidConfigError("ImageFileBatches.at", "index", `an integer in [0, ${this.batchCount})`, index);
    }
    return this.#make(index, epoch, new AbortController().signal);
  }

  async #make(index: number, epoch: number, signal: AbortSignal): Promise<FileBatch> {
    const order = this.#orderOf(epoch);
    const chosen = order.subarray(index * this.batchSize, Math.min(this.size, (index + 1) * this.batchSize));
    const loaded = await mapConcurrently([...chosen], this.#reader.concurrency, (place) =>
      this.#load(place, epoch, signal),
    );
    const pictures = loaded.filter((picture) => picture !== undefined);
    // Of a batch whose files are all damaged something has to come: the next picture that can be read.
    for (let step = 0; pictures.length === 0 && step < order.length; step++) {
      const place = order[(index * this.batchSize + step) % order.length] ?? 0;
      const picture = await this.#load(place, epoch, signal);
      if (picture !== undefined) pictures.push(picture);
    }
    if (pictures.length === 0) throw new FormatError("ImageFiles", "the files", "pictures", "none that can be read");
    const { scale = 1, dataFormat = "channelsLast" } = this.#options;
    const labelMode = this.#files.labels === undefined ? null : (this.#options.labelMode ?? "int");
    const labels = pictures.map(({ label }) => label);
    const x = writeInputs(
      pictures.map(({ pixels }) => pixels),
      this.#images,
      scale,
      /last$/i.test(dataFormat) ? "channelsLast" : "channelsFirst",
    );
    return { x, y: writeLabels(labels, labelMode, this.classNames.length), size: pictures.length };
  }

  async #load(
    place: number,
    epoch: number,
    signal: AbortSignal,
  ): Promise<{ pixels: Pixels; label: number } | undefined> {
    const { path, label } = this.#files.at(place);
    if (this.#skipped.isDamaged(path)) return undefined;
    // By the file's own place: neither the order nor the batch size changes what becomes of it.
    const random =
      this.#state === undefined || this.#images.augment.length === 0
        ? undefined
        : RandomStream.restore(this.#state).fork(`epoch ${epoch}, element ${place}`);
    try {
      const pixels = await this.#reader.read(place, random, signal);
      this.#skipped.found(path);
      return { pixels, label };
    } catch (error) {
      this.#skipped.add(path, error);
      return undefined;
    }
  }

  /** The batches in steps of one's own, as `dataset().filter(isWanted).prefetch(2)`. */
  dataset(): Dataset<FileBatch> {
    return Dataset.from({ size: this.batchCount, at: (index, { epoch, signal }) => this.#make(index, epoch, signal) });
  }

  /** The first batches of each epoch, as `dataset().take(count)`. */
  take(count: number): Dataset<FileBatch> {
    return this.dataset().take(count);
  }

  /** The batches after the first of each epoch, as `dataset().skip(count)`. */
  skip(count: number): Dataset<FileBatch> {
    return this.dataset().skip(count);
  }

  /** What a function makes of each batch, as `dataset().map(change)`. */
  map<Changed>(change: (batch: FileBatch, context: ElementContext) => Changed | Promise<Changed>): Dataset<Changed> {
    return this.dataset().map(change);
  }
}

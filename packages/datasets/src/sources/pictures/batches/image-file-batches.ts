import type { Preprocessing } from "@featuremap/images";
import {
  type Batch,
  type BatchSource,
  FormatError,
  HostArray,
  InvalidConfigError,
  type RandomState,
  RandomStream,
  fingerprintOf,
  refuseMethods,
} from "@featuremap/tensor";
import { Dataset } from "../../../pipeline/dataset.ts";
import { endable } from "../../../pipeline/endable.ts";
import type { ElementContext } from "../../../pipeline/steps/context.ts";
import { type Share, examplesIn, placesIn, shareOf, whole } from "../../batches/share.ts";
import { partsOf } from "./fingerprint-parts.ts";
import type { BatchableFiles } from "../files/file-example.ts";
import type { FileNote } from "../files/file-notes.ts";
import { type CheckedBatchOptions, type ImageFileBatchOptions, checkBatchOptions } from "./image-file-batch-options.ts";
import { type CheckedImageOptions, checkImageOptions, preprocessingOf } from "../files/image-options.ts";
import type { PicturePass } from "../reading/picture-pass.ts";
import { PictureReader } from "../reading/picture-reader.ts";
import type { SkippedFile, SkippedFiles } from "../files/skipped-files.ts";
import { BatchInputs, writeLabels } from "./write-batch.ts";

/** A batch of pictures and their classes. */
type FileBatch = Batch<HostArray, HostArray>;

/** Batches whose memory is used again: as many as are under way. */
const mostSpare = 3;

/** What to write in place of methods of `tf.data`. */
const methodsElsewhere = {
  cache: "nothing instead: pictures are decoded once, and the option cache says where they are kept",
  prefetch: "nothing instead: batches are read ahead",
  repeat: "await trainer.fit(data, { epochs }), which uses each picture once per epoch",
  shuffle: "shuffle: true among the options that made the batches, which shuffles all files in every epoch",
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
  readonly preprocessing: Preprocessing;
  readonly classNames: readonly string[];
  /** The files' paths or names, in their own order; Keras's `file_paths`. */
  readonly filePaths: readonly string[];
  /** Class indices of {@link filePaths}; undefined where there are no labels. */
  readonly labels: Int32Array | undefined;
  readonly startsAnywhere = true;
  readonly #files: BatchableFiles;
  readonly #images: CheckedImageOptions;
  readonly #cut: CheckedBatchOptions;
  readonly #options: ImageFileBatchOptions;
  readonly #skipped: SkippedFiles;
  readonly #share: Share;
  readonly #state: RandomState | undefined;
  readonly #reader: PictureReader;
  readonly #spare: Float32Array[] = [];
  /** Inputs that were not given back. */
  readonly #given = new WeakSet<HostArray>();
  /** Memory for the bytes of a batch. */
  #levels: Uint8Array | undefined;
  #fingerprint: string | undefined;
  #lastOrder: { epoch: number; order: Uint32Array } | undefined;

  static {
    refuseMethods("ImageFileBatches", this.prototype, methodsElsewhere);
  }

  /** @throws {InvalidConfigError} `batchSize` is not a positive integer, an option is wrong, or no batch is left. */
  constructor(
    files: BatchableFiles,
    batchSize: number,
    options: ImageFileBatchOptions,
    skipped: SkippedFiles,
    share: Share = whole,
  ) {
    const owner = "ImageFiles.batch";
    this.#cut = checkBatchOptions(owner, files, batchSize, options);
    this.#images = checkImageOptions(owner, options);
    const { shuffle, dropRemainder, scale } = this.#cut;
    const examples = examplesIn(share, files.size);
    this.batchSize = batchSize;
    this.batchCount = dropRemainder ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize);
    this.size = Math.min(examples, this.batchCount * batchSize);
    if (this.batchCount === 0) {
      if (share === whole) {
        throw new InvalidConfigError(owner, "batchSize", `at most ${files.size} with dropRemainder`, batchSize);
      }
      const least = dropRemainder ? `a batch of ${batchSize}` : "at least one";
      const expected = `few enough for ${files.size} pictures to give each ${least}`;
      throw new InvalidConfigError("ImageFileBatches.shard", "ranks", expected, share.ranks);
    }
    const isDrawn = shuffle || this.#images.augment.length > 0;
    this.seed = isDrawn ? (options.seed ?? new RandomStream().uint32()) : undefined;
    this.#state = this.seed === undefined ? undefined : new RandomStream(this.seed).save();
    this.#files = files;
    this.#reader = new PictureReader(files, this.#images, skipped.notes);
    this.#options = options;
    this.#skipped = skipped;
    this.#share = share;
    this.preprocessing = preprocessingOf(this.#images, scale);
    this.classNames = files.classNames;
    this.filePaths = files.filePaths;
    // What is given out is anybody's to change.
    this.labels = files.labels?.slice();
  }

  /** Files left out so far, each with its reason. */
  get skipped(): readonly SkippedFile[] {
    return this.#skipped.list;
  }

  /** What pictures do not show of the files decoded so far, once for each kind: only the first frame of 3 GIF files. */
  get notes(): readonly FileNote[] {
    return this.#skipped.notes.list;
  }

  /** Tells files, labels and options from others; a folder that was moved as a whole is the same. */
  get fingerprint(): string {
    const { shuffle, dropRemainder, labelMode, scale, dataFormat } = this.#cut;
    const how = [this.batchSize, shuffle, dropRemainder, labelMode, scale, dataFormat];
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
    const { size } = this.#files;
    const mixed =
      this.#cut.shuffle && this.#state !== undefined
        ? RandomStream.restore(this.#state).fork(`epoch ${epoch}`).permutation(size)
        : undefined;
    const order = placesIn(this.#share, examplesIn(this.#share, size), mixed);
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
    return endable((signal) => this.#read(epoch, from, signal));
  }

  async *#read(epoch: number, from: number, leaving: AbortSignal): AsyncGenerator<FileBatch, void, undefined> {
    const count = this.batchCount;
    const pass = new AbortController();
    leaving.addEventListener("abort", () => pass.abort());
    try {
      const begun: Promise<FileBatch>[] = [];
      const begin = (index: number): void => {
        if (index >= count) return;
        const made = this.#make(index, epoch, pass.signal);
        // It is awaited in its turn; where there is none, nobody wants its error.
        made.catch(() => undefined);
        begun.push(made);
      };
      // Two batches ahead: files are read while the one before is used, and while it is put together.
      begin(from);
      begin(from + 1);
      for (let index = from; index < count; index++) {
        const batch = await (begun.shift() ?? this.#make(index, epoch, pass.signal));
        begin(index + 2);
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
    const inputs = new BatchInputs(chosen.length, { ...this.#images, ...this.#cut }, this.#levels);
    this.#levels = undefined;
    const pass = this.#passOf(epoch, signal);
    const files: (number | undefined)[] = await this.#fill(chosen, inputs, pass);
    // Of a batch whose files are all damaged something has to come: the next picture that can be read.
    for (let step = 0; step < order.length && !files.some((file) => file !== undefined); step++) {
      const next = (index * this.batchSize + step) % order.length;
      files.splice(0, 1, ...(await this.#fill(order.subarray(next, next + 1), inputs, pass)));
    }
    const places = [...files.keys()].filter((place) => files[place] !== undefined);
    if (places.length === 0) throw new FormatError("ImageFiles", "the files", "pictures", "none that can be read");
    const labelMode = this.#files.labels === undefined ? null : this.#cut.labelMode;
    const labels = places.map((place) => this.#files.labels?.[files[place] ?? 0] ?? -1);
    const y = writeLabels(labels, labelMode, this.classNames.length);
    const x = inputs.finish(places, (length) => this.#memoryOf(length));
    this.#levels = inputs.levels;
    this.#given.add(x);
    return { x, y, size: places.length };
  }

  /**
   * Takes back a batch that nobody looks at any more: the next one is written to its memory. A batch of others, or one that was
   * given back before, is left alone.
   *
   * @throws {InvalidConfigError} it is not a batch.
   */
  recycle(batch: FileBatch): void {
    const x: unknown = batch?.x;
    if (!(x instanceof HostArray)) {
      throw new InvalidConfigError("ImageFileBatches.recycle", "batch", "one that these gave", batch);
    }
    const isGiven = this.#given.delete(x);
    if (isGiven && x.data instanceof Float32Array && this.#spare.length < mostSpare) this.#spare.push(x.data);
  }

  #memoryOf(length: number): Float32Array {
    const found = this.#spare.findIndex((data) => data.length === length);
    return this.#spare.splice(found, found < 0 ? 0 : 1)[0] ?? new Float32Array(length);
  }

  #passOf(epoch: number, signal: AbortSignal): PicturePass {
    const isRandom = this.#state !== undefined && this.#images.augment.length > 0;
    // By a file's own place: neither the order nor the batch size changes what becomes of it.
    return { random: isRandom ? { state: this.#state, epoch } : undefined, signal };
  }

  /** Writes pictures to a batch. @returns each one's file, undefined where it is damaged */
  async #fill(chosen: Uint32Array, inputs: BatchInputs, pass: PicturePass): Promise<(number | undefined)[]> {
    const files = new Array<number | undefined>(chosen.length);
    const pathOf = (file: number): string => this.#files.filePaths[file] ?? "";
    const wanted = Array.from(chosen, (file, place) => ({ file, place }));
    await this.#reader.readAll(
      wanted.filter(({ file }) => !this.#skipped.isDamaged(pathOf(file))),
      pass,
      {
        take: ({ file, place }, pixels) => {
          inputs.write(place, pixels);
          files[place] = file;
          this.#skipped.found(pathOf(file));
        },
        fail: ({ file }, error) => this.#skipped.add(pathOf(file), error),
      },
    );
    return files;
  }

  /**
   * Every `ranks`-th file of each epoch's order: what the ranks learn from in a step is, together, the batch of
   * `ranks * batchSize` pictures that one of them alone would take. What does not divide among them is left out: of an epoch
   * that is mixed, other files each time.
   *
   * @throws {InvalidConfigError} `rank` is not an integer in [0, ranks), or there are not enough files for all.
   */
  shard(rank: number, ranks: number): ImageFileBatches {
    const share = shareOf("ImageFileBatches.shard", this.#share, rank, ranks);
    const { seed } = this;
    const options = { ...this.#options, shuffle: this.#cut.shuffle, ...(seed === undefined ? {} : { seed }) };
    return new ImageFileBatches(this.#files, this.batchSize, options, this.#skipped, share);
  }

  /** The batches in steps of your own, as `dataset().filter(isWanted).prefetch(2)`. */
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

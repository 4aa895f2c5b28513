import type { Pixels } from "@featuremap/images";
import {
  FeaturemapError,
  InvalidConfigError,
  type OptionNames,
  RandomStream,
  checkOptions,
  isTypedArray,
} from "@featuremap/tensor";
import type { Dataset } from "../../pipeline/dataset.ts";
import { ElementError } from "../../pipeline/element-error.ts";
import { givenBytes } from "../bytes/given-bytes.ts";
import { readPicture } from "../folder/read-picture.ts";
import { checkClassNames } from "./files/classes.ts";
import type { BatchableFiles, FileExample } from "./files/file-example.ts";
import type { FileNote } from "./files/file-notes.ts";
import { type ImageExample, type ImageExampleOptions, imageExamples } from "./batches/image-examples.ts";
import type { ImageFileBatchOptions } from "./batches/image-file-batch-options.ts";
import { ImageFileBatches } from "./batches/image-file-batches.ts";
import { type PackOptions, type PackedPictures, packPictures } from "./pack-pictures.ts";
import { type SkippedFile, SkippedFiles } from "./files/skipped-files.ts";
import { type SplitFilesOptions, splitIndices } from "./files/split-indices.ts";

/** What {@link ImageFiles} are made of. */
export interface ImageFilesContents {
  /** What each picture is called: a path, or a name in an archive. */
  readonly paths: readonly string[];
  /** Reads one, by its place in `paths`; what it throws ends the reading, with the path added. Left out where `paths` are those of files on the disk, which workers read. */
  readonly read?: ((index: number) => Promise<Uint8Array | ArrayBuffer | Pixels>) | undefined;
  /** Class indices, as many as paths; left out where there are none. */
  readonly labels?: ArrayLike<number> | undefined;
  /** What each class index stands for; empty where there are no labels. */
  readonly classNames?: readonly string[] | undefined;
  /** Files that were left out, with reasons. */
  readonly skipped?: readonly SkippedFile[] | undefined;
  /** Share of all files, whatever part is read, that may be damaged before that is an error. Default: 0.05. */
  readonly damagedShare?: number | undefined;
}

const contentNames: OptionNames<ImageFilesContents> = {
  paths: true,
  read: true,
  labels: true,
  classNames: true,
  skipped: true,
  damagedShare: true,
};

/**
 * Labelled pictures as they lie in a folder, an archive or a table's rows, each read when it is wanted.
 *
 * It never changes: every method gives other files. `batch` makes of them what a `Trainer` takes; `Dataset.from(files)` goes
 * through them in steps of your own. Files that turn out damaged are skipped and listed in `skipped`.
 */
export class ImageFiles {
  /** The files' paths or names, in order; Keras's `file_paths`. */
  readonly filePaths: readonly string[];
  /** Class indices in order; undefined where there are no labels. */
  readonly labels: Int32Array | undefined;
  /** What each class index stands for; empty where there are no labels. */
  readonly classNames: readonly string[];
  /** The same, where nobody changes them. */
  readonly #labels: Int32Array | undefined;
  readonly #read: ImageFilesContents["read"];
  #base: readonly string[];
  #places: Uint32Array | undefined;
  readonly #foreign: readonly SkippedFile[];
  readonly #damagedShare: number;
  #skipped: SkippedFiles;

  /** @throws {InvalidConfigError} there is no file, labels are not as many or outside the classes, or an option is wrong. */
  constructor(contents: ImageFilesContents) {
    checkOptions("ImageFiles", contents, contentNames);
    const { paths, read, labels, classNames = [], skipped = [], damagedShare = 0.05 } = contents;
    if (!(Array.isArray(paths) && paths.length > 0 && paths.every((path) => typeof path === "string"))) {
      throw new InvalidConfigError("ImageFiles", "paths", "a list of one or more strings", paths);
    }
    if (!(Array.isArray(skipped) && skipped.every((each) => typeof each?.path === "string"))) {
      throw new InvalidConfigError("ImageFiles", "skipped", "a list of files with reasons", skipped);
    }
    if (read !== undefined && typeof read !== "function")
      throw new InvalidConfigError("ImageFiles", "read", "a function", read);
    checkClassNames("ImageFiles", classNames);
    this.filePaths = Object.freeze([...paths]);
    this.#labels = labels === undefined ? undefined : checkedLabels(labels, paths.length, classNames.length);
    this.labels = this.#labels?.slice();
    this.classNames = [...classNames];
    this.#read = read;
    this.#base = this.filePaths;
    this.#foreign = skipped;
    this.#damagedShare = damagedShare;
    this.#skipped = new SkippedFiles(paths.length, damagedShare, skipped);
  }

  /** Number of files, at least 1. */
  get size(): number {
    return this.filePaths.length;
  }

  /** Files left out so far, each with its reason: of other kinds from the beginning, damaged ones once they were met. */
  get skipped(): readonly SkippedFile[] {
    return this.#skipped.list;
  }

  /** What pictures do not show of the files decoded so far, once for each kind: only the first frame of 3 GIF files. */
  get notes(): readonly FileNote[] {
    return this.#skipped.notes.list;
  }

  /** The file at an index. @throws {InvalidConfigError} there is none. */
  at(index: number): FileExample {
    const path = typeof index === "number" ? this.filePaths[index] : undefined;
    if (path === undefined)
      throw new InvalidConfigError("ImageFiles.at", "index", `an integer in [0, ${this.size})`, index);
    const label = this.#labels?.[index] ?? -1;
    const read = this.#read;
    if (read === undefined) return { path, file: path, label, contents: () => readPicture(path) };
    return { path, label, contents: async () => requirePicture(await attemptRead(read, index, path), path) };
  }

  /** All but the first `count` files. @throws {InvalidConfigError} `count` is not an integer in [0, size). */
  skip(count: number): ImageFiles {
    return this.select(range(requireCount("skip", count, 0, this.size - 1), this.size));
  }

  /** The first `count` files. @throws {InvalidConfigError} `count` is not an integer in [1, size]. */
  take(count: number): ImageFiles {
    return this.select(range(0, requireCount("take", count, 1, this.size)));
  }

  /** The files in a random order that the seed fixes. For a new order each epoch, shuffle in {@link batch}. */
  shuffle(options: { readonly seed: number }): ImageFiles {
    checkOptions("ImageFiles.shuffle", options, { seed: true });
    return this.select(new RandomStream(options.seed).permutation(this.size));
  }

  /** Those for which a function of path and label gives true. @throws {InvalidConfigError} none is left. */
  filter(isKept: (file: FileExample) => boolean): ImageFiles {
    if (typeof isKept !== "function") throw new InvalidConfigError("ImageFiles.filter", "isKept", "a function", isKept);
    return this.select(range(0, this.size).filter((index) => isKept(this.at(index))));
  }

  /**
   * Two parts without overlap: `round(fraction * size)` files, and the others, each in the files' order.
   *
   * @param fraction the first part's share, in (0, 1)
   * @throws {InvalidConfigError} `fraction` is outside (0, 1) or leaves a part empty, or an option is wrong.
   */
  async split(fraction: number, options: SplitFilesOptions = {}): Promise<[ImageFiles, ImageFiles]> {
    const [first, second] = await splitIndices(this.#batchable(), fraction, options);
    return [this.select(first), this.select(second)];
  }

  /** The files at some indices, in that order. @throws {InvalidConfigError} there is none, or one is outside [0, size). */
  select(indices: ArrayLike<number>): ImageFiles {
    if (!(Array.isArray(indices) || ArrayBuffer.isView(indices)) || indices.length === 0) {
      throw new InvalidConfigError("ImageFiles.select", "indices", "a list of one or more indices", indices);
    }
    const outside = Array.from(indices).find((index) => !(Number.isInteger(index) && index >= 0 && index < this.size));
    if (outside !== undefined) {
      throw new InvalidConfigError("ImageFiles.select", "indices", `integers in [0, ${this.size})`, outside);
    }
    const chosen = Uint32Array.from(indices);
    const { classNames } = this;
    const labels = this.#labels;
    const read = this.#read;
    const files = new ImageFiles({
      paths: Array.from(chosen, (index) => this.at(index).path),
      read: read && ((place) => read(chosen[place] ?? -1)),
      labels: labels === undefined ? undefined : chosen.map((index) => labels[index] ?? 0),
      classNames,
      skipped: this.#foreign,
      damagedShare: this.#damagedShare,
    });
    files.#base = this.#base;
    files.#places = chosen.map((index) => this.#baseIndex(index));
    // One damaged file in a small part is no more than one in the whole.
    files.#skipped = new SkippedFiles(this.#base.length, this.#damagedShare, this.#foreign);
    return files;
  }

  #baseIndex(index: number): number {
    return this.#places?.[index] ?? index;
  }

  #batchable(): BatchableFiles {
    const { size, filePaths, classNames } = this;
    return {
      size,
      filePaths,
      labels: this.#labels,
      classNames,
      onDisk: this.#read === undefined,
      basePaths: this.#base,
      baseIndex: (index) => this.#baseIndex(index),
      at: (index) => this.at(index),
    };
  }

  /**
   * The pictures one by one, decoded when they are read, for steps of your own.
   *
   * @throws {InvalidConfigError} an option is unknown or wrong.
   */
  images(options: ImageExampleOptions = {}): Dataset<ImageExample> {
    return imageExamples(this.#batchable(), options, this.#skipped);
  }

  /**
   * Decodes the pictures into the cache folder ahead of time: batches of the same options, in this program and in others,
   * then decode nothing. What is there already, and has not changed since, stays.
   *
   * @throws {UnavailableError} they are not files on the disk, or it has no room for them.
   * @throws {FormatError} too many are damaged. @throws {AbortedError} the signal was raised.
   * @throws {InvalidConfigError} an option is unknown or wrong.
   */
  pack(options: PackOptions = {}): Promise<PackedPictures> {
    return packPictures(this.#batchable(), options, this.#skipped);
  }

  /**
   * Batches for training, evaluation and prediction, decoded when they are read.
   *
   * @throws {InvalidConfigError} `batchSize` is not a positive integer, or an option is unknown or wrong.
   */
  batch(batchSize: number, options: ImageFileBatchOptions = {}): ImageFileBatches {
    return new ImageFileBatches(this.#batchable(), batchSize, options, this.#skipped);
  }
}

/** What `read` gives. @throws {ElementError} it throws; the file is named, unless the error does so itself. */
async function attemptRead(
  read: NonNullable<ImageFilesContents["read"]>,
  index: number,
  path: string,
): Promise<unknown> {
  try {
    return await read(index);
  } catch (error) {
    if (error instanceof FeaturemapError) throw error;
    throw new ElementError("ImageFiles.read", index, path, error);
  }
}

/** What `read` gave, as bytes or pixels. @throws {InvalidConfigError} it is neither. */
function requirePicture(given: unknown, path: string): Uint8Array | Pixels {
  const bytes = givenBytes(given);
  if (bytes !== undefined) return bytes;
  const { data, width, height } = (given ?? {}) as Partial<Pixels>;
  const depth = isBytes(data) ? data.length / (Number(width) * Number(height)) : 0;
  if ([1, 3, 4].includes(depth) && Number.isInteger(width) && Number(width) > 0) return given as Pixels;
  const expected = "a file's bytes, or { data, width, height } with 1, 3 or 4 bytes for each pixel";
  throw new InvalidConfigError("ImageFiles", `the result of read for ${path}`, expected, given);
}

function isBytes(data: unknown): data is Pixels["data"] {
  return isTypedArray(data, "Uint8Array", "Uint8ClampedArray");
}

function range(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - start }, (_, index) => start + index);
}

function requireCount(method: string, count: number, least: number, most: number): number {
  if (Number.isInteger(count) && count >= least && count <= most) return count;
  throw new InvalidConfigError(`ImageFiles.${method}`, "count", `an integer in [${least}, ${most}]`, count);
}

function checkedLabels(labels: ArrayLike<number>, count: number, classes: number): Int32Array {
  const isList = Array.isArray(labels) || ArrayBuffer.isView(labels);
  if (!isList || labels.length !== count) {
    throw new InvalidConfigError("ImageFiles", "labels", `${count} class indices, one for each file`, labels);
  }
  for (let index = 0; index < count; index++) {
    const label = labels[index];
    if (Number.isInteger(label) && Number(label) >= 0 && Number(label) < classes) continue;
    throw new InvalidConfigError("ImageFiles", `labels[${index}]`, `an integer in [0, ${classes})`, label);
  }
  return Int32Array.from(labels);
}

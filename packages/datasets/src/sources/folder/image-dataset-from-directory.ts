import { relativePath, requirePath } from "#local-files";
import {
  InvalidConfigError,
  type OptionNames,
  RandomStream,
  UnavailableError,
  checkOptions,
  refuseOptions,
} from "@featuremap/tensor";
import type { Dataset } from "../../pipeline/dataset.ts";
import type { ImageExample } from "../pictures/batches/image-examples.ts";
import type { ImageFileBatchOptions } from "../pictures/batches/image-file-batch-options.ts";
import type { ImageFileBatches } from "../pictures/batches/image-file-batches.ts";
import { checkClassNames } from "../pictures/files/classes.ts";
import { ImageFiles } from "../pictures/image-files.ts";
import { type ImageOptions, checkImageOptions, imageOptionNames } from "../pictures/files/image-options.ts";
import type { SplitFilesOptions } from "../pictures/files/split-indices.ts";
import {
  checkExtensions,
  checkFollowLinks,
  listAllPictures,
  listClassFolders,
  noPictureOfClasses,
} from "./list-pictures.ts";
import { numpyShuffle } from "./numpy-shuffle.ts";
import { splitByFile } from "./split-file.ts";
import { usualParts } from "./usual-parts.ts";

/** How a folder becomes batches. Names and defaults are those of Keras's `image_dataset_from_directory`. */
export interface DirectoryOptions extends ImageOptions {
  /**
   * `inferred`: each folder in the directory is a class. A list: class indices of all files, in the order of their sorted
   * paths. null: there are none. Default: `inferred`.
   */
  readonly labels?: "inferred" | readonly number[] | null;
  /** `int`: class indices. `categorical`: one-hot rows. `binary`: 0 or 1 as float32 of shape `[size, 1]`. null: none. Default: `int`. */
  readonly labelMode?: "int" | "categorical" | "binary" | null;
  /** The folders that count, in the order of their class indices. Default: all, sorted. */
  readonly classNames?: readonly string[] | null;
  /** null: pictures one by one, as a `Dataset` of images and labels. Default: 32. */
  readonly batchSize?: number | null;
  /** Whether files are mixed, and every epoch of training has an order of its own. Default: true. */
  readonly shuffle?: boolean;
  /** Decides orders and which files are for validation: the same as Keras's with this seed. Default: one the system picks. */
  readonly seed?: number | null;
  /** Share of files for validation, in (0, 1). */
  readonly validationSplit?: number | null;
  /** With `validationSplit`, which part is wanted. */
  readonly subset?: "training" | "validation" | "both" | null;
  /** Whether folders are entered that links lead to. Default: false. */
  readonly followLinks?: boolean;
  /** Default: `channelsLast`. */
  readonly dataFormat?: ImageFileBatchOptions["dataFormat"] | null;
  /** Factor on pixel values 0 to 255. Default: 1, as in Keras. */
  readonly scale?: number;
  /** Endings of files that are pictures. Default: Keras's five, and those of the other formats that are read. */
  readonly extensions?: readonly string[];
  /** With `validationSplit`: gives both parts the same shares of all classes. Keras does not. Default: false. */
  readonly stratify?: boolean;
  /** With `validationSplit`: which files must be in one part, as near duplicates. */
  readonly keepTogether?: SplitFilesOptions["keepTogether"];
  /** With `validationSplit`: a file that says which picture is in which part; it is written where there is none. */
  readonly splitFile?: string | URL;
  /** Share of files that may be damaged before that is an error. Default: 0.05. */
  readonly damagedShare?: number;
  /** Taken as Keras's; nothing is printed in either case, as `size` and `classNames` tell what was found. */
  readonly verbose?: boolean;
}

type DirectoryPart = ImageFileBatches | Dataset<ImageExample>;
type PartFor<Options> = Options extends { readonly batchSize: null } ? Dataset<ImageExample> : ImageFileBatches;

/** What `imageDatasetFromDirectory` gives: batches, or pictures; two parts for `subset: "both"`. */
export type DirectoryDataset<Options> = Options extends { readonly subset: "both" }
  ? [training: PartFor<Options>, validation: PartFor<Options>]
  : PartFor<Options>;

const optionNames: OptionNames<DirectoryOptions> = {
  ...imageOptionNames,
  labels: true,
  labelMode: true,
  classNames: true,
  batchSize: true,
  shuffle: true,
  seed: true,
  validationSplit: true,
  subset: true,
  followLinks: true,
  dataFormat: true,
  scale: true,
  extensions: true,
  stratify: true,
  keepTogether: true,
  splitFile: true,
  damagedShare: true,
  verbose: true,
};

const owner = "imageDatasetFromDirectory";

const nothingSaved =
  "nothing is saved: for await (const { image, path } of files.images(options)) goes through the augmented pictures";

/** What Keras's function and its generator's `flow_from_directory` call otherwise, or do and this does not. */
const elsewhere: Readonly<Record<string, string>> = {
  format: "there is only one kind of batches, not those of tf.data or grain",
  rescale: "scale: 1 / 255 does that, or the layer Rescaling",
  targetsize: "imageSize: [height, width] says that",
  classmode: 'labelMode: "int", "categorical", "binary" or null says that',
  classes: "classNames says which folders are classes, and in which order",
  smartresize: "cropToAspectRatio: true does that",
  keepaspectratio: "cropToAspectRatio: true does that",
  preprocessingfunction: "files.images(options).map(change) changes pictures with your own code",
  savetodir: nothingSaved,
  saveprefix: nothingSaved,
  saveformat: nothingSaved,
};

/**
 * Batches of the pictures in a folder that has a folder for each class: Keras's `image_dataset_from_directory`.
 *
 * The same files in the same parts as Keras's with the same seed, and its pixels rounded to bytes: of PNGs within 0.55 of Keras's
 * numbers, with `bicubic` 0.75; of colour PNGs that turn grey within 2.3, and of JPEGs as Pillow decodes them. The order within an
 * epoch is one of our own.
 *
 * @throws {UnavailableError} the folder cannot be read, or no picture is in it.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function imageDatasetFromDirectory<Options extends DirectoryOptions = DirectoryOptions>(
  directory: string | URL,
  options?: Options,
): Promise<DirectoryDataset<Options>>;
export async function imageDatasetFromDirectory(
  directory: string | URL,
  given: DirectoryOptions = {},
): Promise<DirectoryPart | DirectoryPart[]> {
  const options = refuseOptions(owner, given, elsewhere);
  checkOptions(owner, options, optionNames);
  const { verbose } = options;
  if (verbose !== undefined && typeof verbose !== "boolean") {
    throw new InvalidConfigError(owner, "verbose", "true or false (nothing is printed in either case)", verbose);
  }
  const path = requirePath(owner, "directory", directory);
  checkSplit(options);
  // Before a large folder is listed.
  checkImageOptions(owner, options);
  const { shuffle = true, subset } = options;
  const seed = options.seed ?? new RandomStream().uint32();
  const listed = await listFiles(path, options);
  const files = shuffle ? listed.select(numpyShuffle(listed.size, seed)) : listed;
  if (subset === undefined || subset === null) return batches(files, options, shuffle, seed);
  const [training, validation] = await split(path, files, seed, options);
  // What is judged by is shown as it is.
  const { augment: _, ...plain } = options;
  if (subset === "training") return batches(training, options, shuffle, seed);
  // Keras mixes a validation part that is asked for alone, and not one of both.
  if (subset === "validation") return batches(validation, plain, shuffle, seed);
  return [batches(training, options, shuffle, seed), batches(validation, plain, false, seed)];
}

function batches(files: ImageFiles, options: DirectoryOptions, shuffle: boolean, seed: number): DirectoryPart {
  const { batchSize = 32, labelMode = "int", scale = 1, dataFormat } = options;
  const given = Object.keys(imageOptionNames).filter((name) => Object.hasOwn(options, name));
  const images = Object.fromEntries(given.map((name) => [name, options[name as keyof ImageOptions]]));
  if (batchSize === null) return files.images({ ...images, shuffle, seed });
  return files.batch(batchSize, {
    ...images,
    labelMode,
    scale,
    shuffle,
    seed,
    dataFormat: dataFormat ?? "channelsLast",
  });
}

async function listFiles(directory: string, options: DirectoryOptions): Promise<ImageFiles> {
  const { damagedShare } = options;
  const followLinks = checkFollowLinks(owner, options.followLinks);
  const labels = options.labelMode === null ? null : options.labels === undefined ? "inferred" : options.labels;
  const classNames = checkClassNames(owner, options.classNames ?? undefined);
  const extensions = checkExtensions(owner, options.extensions);
  if (labels !== "inferred" && classNames !== undefined) {
    throw new InvalidConfigError(owner, "classNames", 'given only where labels is "inferred"', classNames);
  }
  if (labels === "inferred" && classNames === undefined) await refuseParts(directory);
  const listing =
    labels === "inferred"
      ? await listClassFolders(directory, classNames, { owner, followLinks, extensions })
      : await listAllPictures(directory, { owner, followLinks, extensions });
  const { paths, skipped } = listing;
  if (paths.length === 0 && labels === "inferred") {
    throw await noPictureOfClasses(directory, listing.classNames, { extensions, unlabelled: "labels: null" });
  }
  if (paths.length === 0) {
    throw new UnavailableError(`There are no pictures in ${directory}`, `Pictures end in ${extensions.join(", ")}.`);
  }
  const labelled = Array.isArray(labels) ? labelsGiven(labels, paths.length) : listing;
  return new ImageFiles({
    paths,
    ...(labels !== null ? { labels: labelled.labels, classNames: labelled.classNames } : {}),
    skipped,
    ...(damagedShare === undefined ? {} : { damagedShare }),
  });
}

/** Keras would take `train` and `val` for two classes, and learn to tell them apart. */
async function refuseParts(directory: string): Promise<void> {
  const parts = await usualParts(owner, directory);
  if (parts === undefined) return;
  const found = Object.values(parts).join(", ");
  const expected = `a folder of classes, not of parts (give one of its folders ${found}, or use imageFolders)`;
  throw new InvalidConfigError(owner, "directory", expected, directory);
}

function labelsGiven(labels: readonly number[], count: number): { labels: Int32Array; classNames: string[] } {
  if (labels.length !== count || !labels.every((label) => Number.isInteger(label) && label >= 0)) {
    throw new InvalidConfigError(owner, "labels", `${count} class indices, one for each file found`, labels);
  }
  const distinct = [...new Set(labels)].toSorted((one, other) => one - other);
  const missing = distinct.findIndex((label, index) => label !== index);
  if (missing >= 0) {
    throw new InvalidConfigError(
      owner,
      "labels",
      `made of all integers from 0 to ${distinct.length - 1}`,
      distinct[missing],
    );
  }
  return { labels: Int32Array.from(labels), classNames: distinct.map(String) };
}

function checkSplit(options: DirectoryOptions): void {
  const { labels = "inferred", validationSplit, subset, seed, shuffle = true, stratify = false, splitFile } = options;
  const refuse = (option: string, expected: string, found: unknown): never => {
    throw new InvalidConfigError(owner, option, expected, found);
  };
  if (!(labels === "inferred" || labels === null || Array.isArray(labels))) {
    refuse("labels", '"inferred", null or a list of class indices', labels);
  }
  if (typeof shuffle !== "boolean") refuse("shuffle", "true or false", shuffle);
  if (typeof (options.verbose ?? false) !== "boolean") refuse("verbose", "true or false", options.verbose);
  if (typeof stratify !== "boolean") refuse("stratify", "true or false", stratify);
  const isSeed = seed === undefined || seed === null || (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
  if (!isSeed) refuse("seed", "an integer in [0, 4294967295]", seed);
  const isShare = typeof validationSplit === "number" && validationSplit > 0 && validationSplit < 1;
  const [hasShare, hasSubset] = [validationSplit ?? undefined, subset ?? undefined].map((each) => each !== undefined);
  if (hasShare && !isShare) refuse("validationSplit", "a share in (0, 1)", validationSplit);
  if (![undefined, null, "training", "validation", "both"].includes(subset)) {
    refuse("subset", '"training", "validation" or "both"', subset);
  }
  if (hasShare && !hasSubset) refuse("subset", '"training", "validation" or "both" with validationSplit', subset);
  if (hasSubset && !hasShare) refuse("validationSplit", "a share in (0, 1) with subset", validationSplit);
  if (hasShare && shuffle && (seed ?? undefined) === undefined && splitFile === undefined) {
    refuse("seed", "given with validationSplit and shuffle, so that both parts come from one order", seed);
  }
  for (const option of ["stratify", "keepTogether", "splitFile"] as const) {
    if (!hasShare && (options[option] ?? false) !== false)
      refuse(option, "left out without validationSplit", options[option]);
  }
}

async function split(
  directory: string,
  files: ImageFiles,
  seed: number,
  options: DirectoryOptions,
): Promise<readonly [training: ImageFiles, validation: ImageFiles]> {
  const { validationSplit, stratify = false, keepTogether, splitFile } = options;
  const share = validationSplit ?? 0;
  const divide = async (): Promise<readonly [ImageFiles, ImageFiles]> => {
    if (stratify || keepTogether !== undefined) {
      const [validation, training] = await files.split(share, { seed, stratify, keepTogether });
      return [training, validation];
    }
    // The last ones, rounded down, as in Keras.
    const count = Math.floor(share * files.size);
    if (count === 0) {
      throw new InvalidConfigError(
        owner,
        "validationSplit",
        `a share that leaves neither part of ${files.size} files empty`,
        share,
      );
    }
    return [files.take(files.size - count), files.skip(files.size - count)];
  };
  if (splitFile === undefined) return divide();
  const path = requirePath(owner, "splitFile", splitFile);
  const relative = (each: string): string => relativePath(directory, each);
  return splitByFile(path, files, { relative, divide, choices: { validationSplit: share, stratify } });
}

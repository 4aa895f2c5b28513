import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { BatchableFiles } from "../files/file-example.ts";
import { type ImageOptions, imageOptionNames } from "../files/image-options.ts";

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

const batchOptionNames: OptionNames<ImageFileBatchOptions> = {
  ...imageOptionNames,
  shuffle: true,
  seed: true,
  dropRemainder: true,
  labelMode: true,
  scale: true,
  dataFormat: true,
};

/** What decides how batches are cut and written, each with its value. */
export interface CheckedBatchOptions {
  readonly shuffle: boolean;
  readonly dropRemainder: boolean;
  readonly labelMode: "int" | "categorical" | "binary" | null;
  readonly scale: number;
  readonly dataFormat: "channelsLast" | "channelsFirst";
}

/** @throws {InvalidConfigError} `batchSize` is not a positive integer, or an option is not what it may be. */
export function checkBatchOptions(
  owner: string,
  files: BatchableFiles,
  batchSize: number,
  options: ImageFileBatchOptions,
): CheckedBatchOptions {
  checkOptions(owner, options, batchOptionNames);
  const { shuffle = options.seed !== undefined, dropRemainder = false, labelMode = "int", scale = 1 } = options;
  const { dataFormat = "channelsLast" } = options;
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
  if (!/^channels(Last|First|_last|_first)$/.test(dataFormat)) {
    refuse("dataFormat", '"channelsLast" or "channelsFirst" (Keras\'s channels_last and channels_first)', dataFormat);
  }
  const isLast = /last$/i.test(dataFormat);
  return { shuffle, dropRemainder, labelMode, scale, dataFormat: isLast ? "channelsLast" : "channelsFirst" };
}

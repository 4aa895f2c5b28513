import type { Pixels } from "@featuremap/images";
import { InvalidConfigError, type OptionNames, RandomStream, checkOptions } from "@featuremap/tensor";
import { Dataset } from "../../../pipeline/dataset.ts";
import type { BatchableFiles } from "../files/file-example.ts";
import { type ImageOptions, checkImageOptions, imageOptionNames } from "../files/image-options.ts";
import { elementRandom } from "../../../workers/element-random.ts";
import { PictureReader } from "../reading/picture-reader.ts";
import type { SkippedFiles } from "../files/skipped-files.ts";

/** A picture with its class. */
export interface ImageExample {
  readonly image: Pixels;
  /** Class index; -1 where there are no labels. */
  readonly label: number;
  readonly path: string;
}

/** How files become pictures one by one. */
export interface ImageExampleOptions extends ImageOptions {
  /** Whether every epoch has an order of its own. Default: false. */
  readonly shuffle?: boolean;
  /** With the epoch's number it decides order and augmentation. Default: one the system picks. */
  readonly seed?: number;
}

const names: OptionNames<ImageExampleOptions> = { ...imageOptionNames, shuffle: true, seed: true };

/** Pictures of one size, in the files' order unless they are shuffled; damaged ones are left out, which is why their number is not known before. */
export function imageExamples(
  files: BatchableFiles,
  options: ImageExampleOptions,
  skipped: SkippedFiles,
): Dataset<ImageExample> {
  checkOptions("ImageFiles.images", options, names);
  const checked = checkImageOptions("ImageFiles.images", options);
  const { shuffle = false, seed = new RandomStream().uint32() } = options;
  if (typeof shuffle !== "boolean") {
    throw new InvalidConfigError("ImageFiles.images", "shuffle", "true or false", shuffle);
  }
  const state = new RandomStream(seed).save();
  const reader = new PictureReader(files, checked, skipped.notes);
  const load = async (index: number, epoch: number, signal: AbortSignal): Promise<ImageExample | undefined> => {
    const { path, label } = files.at(index);
    if (skipped.isDamaged(path)) return undefined;
    const isChanged = checked.augment.length > 0;
    const random = isChanged ? elementRandom({ state, epoch }, index) : undefined;
    try {
      const image = await reader.read(index, random, signal);
      skipped.found(path);
      return { image, label, path };
    } catch (error) {
      skipped.add(path, error);
      return undefined;
    }
  };
  const examples = Dataset.from({ size: files.size, at: (index, { epoch, signal }) => load(index, epoch, signal) });
  const ordered = shuffle ? examples.shuffle({ seed }) : examples;
  return ordered.filter((example) => example !== undefined) as Dataset<ImageExample>;
}

import {
  type ImageOperation,
  type Interpolation,
  type Preprocessing,
  interpolations,
  plainPreprocessing,
} from "@featuremap/images";
import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkAugment } from "../../batches/augment-steps.ts";

/** How files become pictures of one size. Names and defaults are those of Keras's `image_dataset_from_directory`. */
export interface ImageOptions {
  /** 1, 3 or 4 channels. Default: `rgb`. */
  readonly colorMode?: "grayscale" | "rgb" | "rgba";
  /** Height and width of all pictures, or one number for both. Default: [256, 256]. */
  readonly imageSize?: readonly [height: number, width: number] | number;
  /** How other sizes are brought to it. Default: `bilinear`. */
  readonly interpolation?: Interpolation;
  /** Cuts the largest part in the middle that has the aspect ratio, rather than to distort. Default: false. */
  readonly cropToAspectRatio?: boolean;
  /** Adds black borders, rather than to distort. Default: false. */
  readonly padToAspectRatio?: boolean;
  /**
   * `exif`: upright, as a page shows and classifies them. `stored`: as the pixels lie in the file, as Keras takes them.
   * Default: `exif`.
   */
  readonly orientation?: "exif" | "stored";
  /**
   * Decodes large JPEG files at a half, a quarter or an eighth of their size, as long as they stay so many times as large as
   * `imageSize`: faster, softer. `true`: twice as large where parts are cut out of them at random, as large otherwise; 1: never
   * larger than Pillow's `draft` gives them, so that parts are enlarged. Default: false.
   */
  readonly scaledDecode?: boolean | number;
  /** What becomes of every picture, one step after the other, each time it is seen. For training only. */
  readonly augment?: readonly ImageOperation[];
  /**
   * Threads that decode and change pictures beside this one; 0: this one does. Changes with code of your own are made in this
   * one. Default: in Node as many as the machine runs at once, in a page 0.
   */
  readonly workers?: number;
  /**
   * Where decoded pictures are kept, so that later epochs decode nothing: a folder, which parts and sizes can share; true: the
   * cache folder, in which later trainings find them too; false: nowhere. A folder or true is for files on the disk alone. Default: in memory up to 64 MB; of files on the disk true up to 16 GB and half of
   * the disk's free space; nowhere where the first change cuts its part out of the whole picture.
   */
  readonly cache?: boolean | string;
}

export const imageOptionNames: OptionNames<ImageOptions> = {
  colorMode: true,
  imageSize: true,
  interpolation: true,
  cropToAspectRatio: true,
  padToAspectRatio: true,
  orientation: true,
  scaledDecode: true,
  augment: true,
  workers: true,
  cache: true,
};

/** The same, checked, each with its value. */
export interface CheckedImageOptions {
  readonly colorMode: "grayscale" | "rgb" | "rgba";
  readonly channels: 1 | 3 | 4;
  readonly imageSize: readonly [height: number, width: number];
  readonly interpolation: Interpolation;
  readonly fit: "stretch" | "crop" | "pad";
  readonly orientation: "exif" | "stored";
  /** How many times as large as `imageSize` files are decoded at least, whole ones and those that parts are cut out of. */
  readonly scaledDecode: { readonly whole: number; readonly cut: number } | undefined;
  readonly augment: readonly ImageOperation[];
  readonly workers: number | undefined;
  readonly cache: boolean | string | undefined;
}

/** Times as large as pictures become. */
const mostScale = 64;

const channelsOf = { grayscale: 1, rgb: 3, rgba: 4 } as const;
const mostWorkers = 256;
/** Pixels a side. */
const longestSide = 16_384;

/** @throws {InvalidConfigError} an option is not what it may be. */
export function checkImageOptions(owner: string, options: ImageOptions): CheckedImageOptions {
  const { colorMode = "rgb", interpolation = "bilinear", orientation = "exif", augment = [] } = options;
  const refuse = (option: string, expected: string, found: unknown): never => {
    throw new InvalidConfigError(owner, option, expected, found);
  };
  if (!(typeof colorMode === "string" && Object.hasOwn(channelsOf, colorMode)))
    refuse("colorMode", '"grayscale", "rgb" or "rgba"', colorMode);
  const { imageSize = 256 } = options;
  const size: readonly unknown[] = Array.isArray(imageSize) ? imageSize : [imageSize, imageSize];
  const isSide = (side: unknown): side is number =>
    Number.isInteger(side) && Number(side) >= 1 && Number(side) <= longestSide;
  const [height, width] = size;
  if (!(isSide(height) && isSide(width) && size.length === 2)) {
    throw new InvalidConfigError(owner, "imageSize", `[height, width], integers in [1, ${longestSide}]`, imageSize);
  }
  // Keras takes any case.
  const lower = typeof interpolation === "string" ? interpolation.toLowerCase() : interpolation;
  if (!interpolations.includes(lower)) refuse("interpolation", `one of ${interpolations.join(", ")}`, interpolation);
  if (orientation !== "exif" && orientation !== "stored") refuse("orientation", '"exif" or "stored"', orientation);
  for (const name of ["cropToAspectRatio", "padToAspectRatio"] as const) {
    if (typeof (options[name] ?? false) !== "boolean") refuse(name, "true or false", options[name]);
  }
  const { cropToAspectRatio = false, padToAspectRatio = false, scaledDecode = false } = options;
  const isFactor = typeof scaledDecode === "number" && scaledDecode >= 1 && scaledDecode <= mostScale;
  if (typeof scaledDecode !== "boolean" && !isFactor) {
    refuse("scaledDecode", `true, false or a number in [1, ${mostScale}]`, scaledDecode);
  }
  if (cropToAspectRatio && padToAspectRatio) refuse("padToAspectRatio", "false if cropToAspectRatio is true", true);
  checkAugment(owner, augment, "only");
  const { workers, cache } = options;
  if (cache !== undefined && typeof cache !== "boolean" && (typeof cache !== "string" || cache === "")) {
    refuse("cache", "true, false or the path of a folder", cache);
  }
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 0 && workers <= mostWorkers)) {
    refuse("workers", `an integer in [0, ${mostWorkers}]`, workers);
  }
  return {
    workers,
    cache,
    colorMode,
    channels: channelsOf[colorMode],
    imageSize: [height, width],
    interpolation: lower as Interpolation,
    fit: cropToAspectRatio ? "crop" : padToAspectRatio ? "pad" : "stretch",
    orientation,
    scaledDecode: scaledSizes(scaledDecode),
    augment,
  };
}

/** A part that is cut out is smaller than the picture: twice the size leaves it most of its pixels. */
function scaledSizes(given: boolean | number): CheckedImageOptions["scaledDecode"] {
  if (given === false) return undefined;
  return given === true ? { whole: 1, cut: 2 } : { whole: given, cut: given };
}

/** The same way as a description for pages. */
export function preprocessingOf(options: CheckedImageOptions, scale: number): Preprocessing {
  const { colorMode, interpolation, fit, imageSize, orientation } = options;
  const crop = ({ stretch: "none", crop: "center", pad: "pad" } as const)[fit];
  const description = { ...plainPreprocessing(imageSize, colorMode, scale), resize: interpolation, crop };
  return orientation === "stored" ? { ...description, orientation } : description;
}

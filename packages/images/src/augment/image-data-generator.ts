import {
  InvalidConfigError,
  type OptionNames,
  type RandomStream,
  checkOptions,
  refuseOptions,
} from "@featuremap/tensor";
import { enhanceBrightness } from "../colour/enhance.ts";
import { levelTable, mapChannels } from "../colour/levels.ts";
import { mirrorPixels, turnUpsideDown } from "../geometry/crop-pixels.ts";
import { affineProjection } from "../geometry/projections.ts";
import { type FillMode, warp } from "../geometry/warp.ts";
import type { Pixels } from "../pixels.ts";
import { type Range, requireNumber, requireRange } from "./check-range.ts";
import { type ImageOperation, operation } from "./image-operation.ts";

/** The options of Keras's `ImageDataGenerator` that change pictures, with its names and defaults. */
export interface ImageDataGeneratorOptions {
  /** Degrees: turns by up to this much either way. Default: 0. */
  readonly rotationRange?: number;
  /** Below 1 a share of the width, from 1 on pixels. Default: 0. */
  readonly widthShiftRange?: number;
  /** Below 1 a share of the height, from 1 on pixels. Default: 0. */
  readonly heightShiftRange?: number;
  /** Factors on the brightness. */
  readonly brightnessRange?: Range;
  /** Degrees: shears by up to this much either way. Default: 0. */
  readonly shearRange?: number;
  /** A number z stands for [1 - z, 1 + z], each side drawn by itself; below 1 the picture is enlarged. Default: 0. */
  readonly zoomRange?: number | Range;
  /** Levels: adds up to this much either way to each channel. Default: 0. */
  readonly channelShiftRange?: number;
  /** Default: "nearest". */
  readonly fillMode?: FillMode;
  /** The level of `fillMode: "constant"`. Default: 0. */
  readonly cval?: number;
  readonly horizontalFlip?: boolean;
  readonly verticalFlip?: boolean;
}

const generatorOptions: OptionNames<ImageDataGeneratorOptions> = {
  rotationRange: true,
  widthShiftRange: true,
  heightShiftRange: true,
  brightnessRange: true,
  shearRange: true,
  zoomRange: true,
  channelShiftRange: true,
  fillMode: true,
  cval: true,
  horizontalFlip: true,
  verticalFlip: true,
};

const normalization = "the layer Normalization of @featuremap/layers, with adapt(pictures), does that";

const standardize =
  "files.images(options).map(change) changes pictures with your own code, which may return [x, y] with x float32";

/** What is done in other places here, by the names of Keras's generator without underscores. */
const elsewhere: Readonly<Record<string, string>> = {
  rescale: "scale: 1 / 255 among the options of batch or imageDatasetFromDirectory, or the layer Rescaling, does that",
  validationsplit:
    'imageDatasetFromDirectory(folder, { validationSplit, subset: "both", seed }) or files.split(0.8, { seed }) does that',
  featurewisecenter: normalization,
  featurewisestdnormalization: normalization,
  samplewisecenter: standardize,
  samplewisestdnormalization: standardize,
  zcawhitening: "there is no whitening here: the layers Normalization and BatchNormalization scale a network's inputs",
  zcaepsilon: "it belongs to zcaWhitening, which is not here",
  dataformat:
    'dataFormat: "channelsFirst" among the options of batch or imageDatasetFromDirectory does that; operations change pictures as they lie',
  interpolationorder: "pictures are sampled bilinearly, Keras's order 1",
  dtype: "pictures stay bytes until their batch is written, as float32",
  preprocessingfunction: "files.images(options).map(change) changes pictures with your own code",
};

/**
 * What Keras's `ImageDataGenerator` does to pictures, as one operation; scaling is the preprocessing's.
 *
 * @throws {InvalidConfigError} an option is unknown or wrong.
 */
export function imageDataGenerator(given: ImageDataGeneratorOptions = {}): ImageOperation {
  const owner = "imageDataGenerator";
  const options = refuseOptions(owner, given, elsewhere);
  checkOptions(owner, options, generatorOptions);
  const amount = (
    option: "rotationRange" | "widthShiftRange" | "heightShiftRange" | "shearRange" | "channelShiftRange",
  ): number => requireNumber(owner, option, options[option] ?? 0, 0);
  const [rotation, shear, channelShift] = [amount("rotationRange"), amount("shearRange"), amount("channelShiftRange")];
  const [widthShift, heightShift] = [amount("widthShiftRange"), amount("heightShiftRange")];
  const zoom = zoomRange(owner, options.zoomRange ?? 0);
  const brightness =
    options.brightnessRange === undefined
      ? undefined
      : requireRange(owner, "brightnessRange", options.brightnessRange, 0);
  const { fillMode = "nearest", cval = 0, horizontalFlip = false, verticalFlip = false } = options;
  if (!["constant", "nearest", "reflect", "wrap"].includes(fillMode)) {
    throw new InvalidConfigError(owner, "fillMode", "one of constant, nearest, reflect, wrap", fillMode);
  }
  const fill = { interpolation: "bilinear", fillMode, fillValue: requireNumber(owner, "cval", cval, 0, 255) } as const;
  return operation({
    name: owner,
    arguments: [options],
    apply: (pixels, random) => {
      const { width, height } = pixels;
      const radians = (degrees: number): number => (random.uniform(-degrees, degrees) * Math.PI) / 180;
      const angle = radians(rotation);
      const down = shiftOf(heightShift, height, random);
      const right = shiftOf(widthShift, width, random);
      const tilt = radians(shear);
      const [x, y] = [random.uniform(...zoom), random.uniform(...zoom)];
      const moves = [angle, down, right, tilt, x - 1, y - 1].some((change) => change !== 0);
      const map = { angle, shift: [right, down], shear: [Math.tan(tilt), 0], zoom: [1 / x, 1 / y] } as const;
      let result = moves ? warp(pixels, affineProjection(width, height, map), fill) : pixels;
      if (channelShift > 0) result = shiftChannels(result, channelShift, random);
      if (horizontalFlip && random.uniform() < 0.5) result = mirrorPixels(result);
      if (verticalFlip && random.uniform() < 0.5) result = turnUpsideDown(result);
      return brightness === undefined ? result : enhanceBrightness(result, random.uniform(...brightness));
    },
  });
}

function zoomRange(owner: string, given: number | Range): Range {
  if (typeof given !== "number") return requireRange(owner, "zoomRange", given, 1e-3);
  requireNumber(owner, "zoomRange", given, 0, 0.999);
  return [1 - given, 1 + given];
}

function shiftOf(range: number, side: number, random: RandomStream): number {
  const shift = random.uniform(-range, range);
  return range < 1 ? shift * side : Math.round(shift);
}

function shiftChannels(pixels: Pixels, range: number, random: RandomStream): Pixels {
  const shift = random.uniform(-range, range);
  const table = levelTable((level) => level + shift);
  return mapChannels(pixels, [table, table, table]);
}

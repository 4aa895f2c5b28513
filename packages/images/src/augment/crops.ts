import { InvalidConfigError, type OptionNames, type RandomStream, checkOptions } from "@featuremap/tensor";
import type { Interpolation } from "../geometry/axis-taps.ts";
import { cropPixels, padPixels } from "../geometry/crop-pixels.ts";
import { fitPixels } from "../geometry/fit-pixels.ts";
import { type PixelBox, resizePixels } from "../geometry/resize.ts";
import type { Pixels } from "../pixels.ts";
import {
  type Range,
  requireFlag,
  requireNumber,
  requireProbability,
  requireRange,
  requireSize,
} from "./check-range.ts";
import { type ImageOperation, operation } from "./image-operation.ts";

type Size = readonly [height: number, width: number];

/** How {@link randomResizedCrop} cuts. */
export interface RandomResizedCropOptions {
  /** Share of the picture's area. Default: [0.08, 1]. */
  readonly scale?: Range;
  /** Width by height, drawn evenly on a logarithmic scale. Default: [3 / 4, 4 / 3]. */
  readonly ratio?: Range;
  /** Default: "bilinear". */
  readonly interpolation?: Interpolation;
  /** Whether reduced pixels mix all that they stand for. Default: true, as in torchvision. */
  readonly antialias?: boolean;
  /** Probability that the result is mirrored, at no cost. Default: 0. */
  readonly flip?: number;
}

const cropOptions: OptionNames<RandomResizedCropOptions> = {
  scale: true,
  ratio: true,
  interpolation: true,
  antialias: true,
  flip: true,
};

/**
 * Cuts a random part of random proportions out of a picture and brings it to one size.
 *
 * Source: torchvision's `RandomResizedCrop` (Szegedy et al., 2015): ten tries, then the largest centred part.
 *
 * @throws {InvalidConfigError} the size or an option is wrong.
 */
export function randomResizedCrop(size: Size, options: RandomResizedCropOptions = {}): ImageOperation {
  const owner = "randomResizedCrop";
  checkOptions(owner, options, cropOptions);
  const { interpolation = "bilinear", antialias = true, flip = 0 } = options;
  const target = requireSize(owner, "size", size);
  const scale = requireRange(owner, "scale", options.scale ?? [0.08, 1], 1e-6, 1);
  const ratio = requireRange(owner, "ratio", options.ratio ?? [3 / 4, 4 / 3], 1e-6);
  requireProbability(owner, "flip", flip);
  requireFlag(owner, "antialias", antialias);
  const ofPart: ImageOperation["ofPart"] = (whole, random) => {
    const box = randomBox(whole, scale, ratio, random);
    const flipLeftRight = flip > 0 && random.uniform() < flip;
    const how = { interpolation, antialias, flipLeftRight };
    return { box, apply: (pixels, place) => resizePixels(pixels, target, { box: place, ...how }) };
  };
  return operation({
    name: owner,
    arguments: [size, options],
    apply(pixels, random) {
      const part = ofPart(pixels, random);
      return part.apply(pixels, part.box);
    },
    ofPart,
  });
}

function randomBox(
  { width, height }: Pick<Pixels, "width" | "height">,
  scale: Range,
  ratio: Range,
  random: RandomStream,
): PixelBox {
  const [lowest, highest] = [Math.log(ratio[0]), Math.log(ratio[1])];
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * random.uniform(...scale);
    const proportion = Math.exp(random.uniform(lowest, highest));
    const across = Math.round(Math.sqrt(area * proportion));
    const along = Math.round(Math.sqrt(area / proportion));
    if (across < 1 || along < 1 || across > width || along > height) continue;
    return {
      left: random.integer(width - across + 1),
      top: random.integer(height - along + 1),
      width: across,
      height: along,
    };
  }
  const kept = Math.min(Math.max(width / height, ratio[0]), ratio[1]);
  const across = Math.max(1, Math.min(width, Math.round(height * kept)));
  const along = Math.max(1, Math.min(height, Math.round(width / kept)));
  return { left: (width - across) >> 1, top: (height - along) >> 1, width: across, height: along };
}

/**
 * Cuts a box of one size out of a random place.
 *
 * Source: `tf.image.random_crop`.
 *
 * @throws {InvalidConfigError} the box is not a box, or, when pictures come, larger than they are.
 */
export function randomCrop(targetHeight: number, targetWidth: number): ImageOperation {
  const owner = "randomCrop";
  for (const [option, side] of Object.entries({ targetHeight, targetWidth })) {
    if (!Number.isInteger(side) || side < 1)
      throw new InvalidConfigError(owner, option, "an integer of at least 1", side);
  }
  return operation({
    name: owner,
    arguments: [targetHeight, targetWidth],
    apply: (pixels, random) => {
      const place = (option: string, side: number, target: number): number => {
        if (target > side)
          throw new InvalidConfigError(owner, option, `at most ${side}, the side of the picture`, target);
        return random.integer(side - target + 1);
      };
      const top = place("targetHeight", pixels.height, targetHeight);
      const left = place("targetWidth", pixels.width, targetWidth);
      return cropPixels(pixels, { left, top, width: targetWidth, height: targetHeight });
    },
  });
}

/** How {@link resize} brings pictures to one size. */
export interface ResizeOperationOptions {
  /** Default: "bilinear". */
  readonly interpolation?: Interpolation;
  /** Default: false, as in Keras. */
  readonly antialias?: boolean;
  /** Cuts the largest centred part of the target's proportions first, rather than to distort. Default: false. */
  readonly cropToAspectRatio?: boolean;
  /** Adds black borders, rather than to distort. Default: false. */
  readonly padToAspectRatio?: boolean;
}

/**
 * Brings every picture to one size; one that has it stays as it is.
 *
 * Source: Keras's `smart_resize`, and `tf.image.resize_with_pad`.
 *
 * @throws {InvalidConfigError} the size or an option is wrong.
 */
export function resize(size: Size, options: ResizeOperationOptions = {}): ImageOperation {
  const owner = "resize";
  checkOptions(owner, options, {
    interpolation: true,
    antialias: true,
    cropToAspectRatio: true,
    padToAspectRatio: true,
  });
  const target = requireSize(owner, "size", size);
  const {
    interpolation = "bilinear",
    antialias = false,
    cropToAspectRatio = false,
    padToAspectRatio = false,
  } = options;
  for (const [name, flag] of Object.entries({ antialias, cropToAspectRatio, padToAspectRatio })) {
    requireFlag(owner, name, flag);
  }
  if (cropToAspectRatio && padToAspectRatio) {
    throw new InvalidConfigError(owner, "padToAspectRatio", "false if cropToAspectRatio is true", true);
  }
  const fit = cropToAspectRatio ? "crop" : padToAspectRatio ? "pad" : "stretch";
  const how = { interpolation, antialias };
  return operation({
    name: owner,
    arguments: [size, options],
    apply: (pixels) => fitPixels(pixels, target, fit, how),
  });
}

/** Cuts a centred box out of every picture, one that is smaller being padded with black. Source: torchvision's `CenterCrop`. */
export function centerCrop(size: Size): ImageOperation {
  const [height, width] = requireSize("centerCrop", "size", size);
  return operation({
    name: "centerCrop",
    arguments: [size],
    apply: (pixels) => {
      const missing = { x: Math.max(0, width - pixels.width), y: Math.max(0, height - pixels.height) };
      const [left, top] = [missing.x >> 1, missing.y >> 1];
      const padded = padPixels(pixels, { left, right: missing.x - left, top, bottom: missing.y - top }, 0);
      const box = { left: (padded.width - width) >> 1, top: (padded.height - height) >> 1, width, height };
      return cropPixels(padded, box);
    },
  });
}

/** Adds a border of `border` pixels in one level on every side. */
export function pad(border: number, fillValue = 0): ImageOperation {
  if (!Number.isInteger(border) || border < 0 || border > 4096) {
    throw new InvalidConfigError("pad", "border", "an integer in [0, 4096]", border);
  }
  requireNumber("pad", "fillValue", fillValue, 0, 255);
  return operation({
    name: "pad",
    arguments: [border, fillValue],
    apply: (pixels) => padPixels(pixels, { left: border, right: border, top: border, bottom: border }, fillValue),
  });
}

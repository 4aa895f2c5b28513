import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { type AffineMap, affineProjection, cornerProjection } from "../geometry/projections.ts";
import { type FillMode, type WarpOptions, warp } from "../geometry/warp.ts";
import type { Pixels } from "../pixels.ts";
import { type Range, requireFactor, requireNumber, requireProbability } from "./check-range.ts";
import { type ImageOperation, operation } from "./image-operation.ts";

/** How pixels between and beyond those of the picture are found; Keras's names. */
export interface FillOptions {
  /** Default: "bilinear". */
  readonly interpolation?: "nearest" | "bilinear";
  /** What lies beyond the edges. Default: "reflect", as in Keras. */
  readonly fillMode?: FillMode;
  /** The level of `fillMode: "constant"`, 0 to 255. Default: 0. */
  readonly fillValue?: number;
}

const fillOptions: OptionNames<FillOptions> = { interpolation: true, fillMode: true, fillValue: true };
const fillModes = ["constant", "nearest", "reflect", "wrap"];

function requireFill(owner: string, options: FillOptions): WarpOptions {
  const { interpolation = "bilinear", fillMode = "reflect", fillValue = 0 } = options;
  if (interpolation !== "nearest" && interpolation !== "bilinear") {
    throw new InvalidConfigError(owner, "interpolation", '"nearest" or "bilinear"', interpolation);
  }
  if (!fillModes.includes(fillMode)) {
    throw new InvalidConfigError(owner, "fillMode", `one of ${fillModes.join(", ")}`, fillMode);
  }
  return { interpolation, fillMode, fillValue: requireNumber(owner, "fillValue", fillValue, 0, 255) };
}

/** How {@link randomAffine} moves pictures. A number f stands for [-f, f]. */
export interface RandomAffineOptions extends FillOptions {
  /** Turns, counter-clockwise, in full circles. Default: 0. */
  readonly rotation?: number | Range;
  /** Moves to the right, as a share of the width. Default: 0. */
  readonly translateX?: number | Range;
  /** Moves down, as a share of the height. Default: 0. */
  readonly translateY?: number | Range;
  /** Enlarges by a factor `1 + zoom`, height and width alike. Default: 0. */
  readonly zoom?: number | Range;
  /** Tangent of the shear along the rows. Default: 0. */
  readonly shearX?: number | Range;
  /** Tangent of the shear along the columns. Default: 0. */
  readonly shearY?: number | Range;
}

const affineOptions: OptionNames<RandomAffineOptions> = {
  ...fillOptions,
  rotation: true,
  translateX: true,
  translateY: true,
  zoom: true,
  shearX: true,
  shearY: true,
};

/** Turns, moves, enlarges and shears a picture about its centre, by random amounts, in one reading of its pixels. */
export function randomAffine(options: RandomAffineOptions = {}): ImageOperation {
  const owner = "randomAffine";
  checkOptions(owner, options, affineOptions);
  const fill = requireFill(owner, options);
  const range = (option: Exclude<keyof RandomAffineOptions, keyof FillOptions>): Range =>
    requireFactor(owner, option, options[option] ?? 0);
  const [rotation, translateX, translateY] = [range("rotation"), range("translateX"), range("translateY")];
  const [zoom, shearX, shearY] = [range("zoom"), range("shearX"), range("shearY")];
  if (zoom[0] <= -1) throw new InvalidConfigError(owner, "zoom", "above -1", options.zoom);
  return operation({
    name: owner,
    arguments: [options],
    apply: (pixels, random) => {
      const factor = 1 + random.uniform(...zoom);
      return warpBy(pixels, fill, {
        angle: random.uniform(...rotation) * 2 * Math.PI,
        shift: [random.uniform(...translateX) * pixels.width, random.uniform(...translateY) * pixels.height],
        zoom: [factor, factor],
        shear: [random.uniform(...shearX), random.uniform(...shearY)],
      });
    },
  });
}

function warpBy(pixels: Pixels, fill: WarpOptions, map: AffineMap): Pixels {
  return warp(pixels, affineProjection(pixels.width, pixels.height, map), fill);
}

/** Turns a picture by a random share of a full circle, counter-clockwise. Source: Keras's `RandomRotation`. */
export function randomRotation(factor: number | Range, options: FillOptions = {}): ImageOperation {
  const owner = "randomRotation";
  checkOptions(owner, options, fillOptions);
  const range = requireFactor(owner, "factor", factor);
  const fill = requireFill(owner, options);
  return operation({
    name: owner,
    arguments: [factor, options],
    apply: (pixels, random) => warpBy(pixels, fill, { angle: random.uniform(...range) * 2 * Math.PI }),
  });
}

/** Moves a picture by random shares of its height and width, down and to the right. Source: Keras's `RandomTranslation`. */
export function randomTranslation(
  heightFactor: number | Range,
  widthFactor: number | Range,
  options: FillOptions = {},
): ImageOperation {
  const owner = "randomTranslation";
  checkOptions(owner, options, fillOptions);
  const down = requireFactor(owner, "heightFactor", heightFactor);
  const right = requireFactor(owner, "widthFactor", widthFactor);
  const fill = requireFill(owner, options);
  return operation({
    name: owner,
    arguments: [heightFactor, widthFactor, options],
    apply: (pixels, random) => {
      const y = random.uniform(...down) * pixels.height;
      return warpBy(pixels, fill, { shift: [random.uniform(...right) * pixels.width, y] });
    },
  });
}

/**
 * Shows more of the surroundings (positive factors) or less: `1 + factor` times the height, and of the width.
 *
 * Source: Keras's `RandomZoom`.
 *
 * @param widthFactor Default: that of the height, which keeps the proportions
 */
export function randomZoom(
  heightFactor: number | Range,
  widthFactor?: number | Range | null,
  options: FillOptions = {},
): ImageOperation {
  const owner = "randomZoom";
  checkOptions(owner, options, fillOptions);
  const along = requireFactor(owner, "heightFactor", heightFactor);
  const across =
    widthFactor === undefined || widthFactor === null ? undefined : requireFactor(owner, "widthFactor", widthFactor);
  for (const [lower] of [along, across ?? along]) {
    if (lower <= -1) throw new InvalidConfigError(owner, "factors", "above -1", lower);
  }
  const fill = requireFill(owner, options);
  return operation({
    name: owner,
    arguments: [heightFactor, widthFactor ?? null, options],
    apply: (pixels, random) => {
      const y = 1 + random.uniform(...along);
      const x = across === undefined ? y : 1 + random.uniform(...across);
      return warpBy(pixels, fill, { zoom: [1 / x, 1 / y] });
    },
  });
}

/**
 * Moves the corners inwards by up to half of `distortion` of the sides, with a probability.
 *
 * Source: torchvision's `RandomPerspective`.
 */
export function randomPerspective(distortion = 0.5, probability = 0.5, options: FillOptions = {}): ImageOperation {
  const owner = "randomPerspective";
  checkOptions(owner, options, fillOptions);
  requireNumber(owner, "distortion", distortion, 0, 0.99);
  requireProbability(owner, "probability", probability);
  const fill = requireFill(owner, { fillMode: "constant", ...options });
  return operation({
    name: owner,
    arguments: [distortion, probability, options],
    apply: (pixels, random) => {
      if (random.uniform() >= probability) return pixels;
      const { width, height } = pixels;
      const inwards = (side: number): number => random.uniform(0, (distortion * side) / 2);
      const [right, bottom] = [width - 1, height - 1];
      const places = [
        [inwards(width), inwards(height)],
        [right - inwards(width), inwards(height)],
        [inwards(width), bottom - inwards(height)],
        [right - inwards(width), bottom - inwards(height)],
      ] as const;
      return warp(pixels, invert(cornerProjection(width, height, places)), fill);
    },
  });
}

type Projection = Parameters<typeof warp>[1];

/** The way back, by the adjugate. */
function invert([a, b, c, d, e, f, g, h]: Projection): Projection {
  const scale = a * e - b * d;
  return [
    (e - f * h) / scale,
    (c * h - b) / scale,
    (b * f - c * e) / scale,
    (f * g - d) / scale,
    (a - c * g) / scale,
    (c * d - a * f) / scale,
    (d * h - e * g) / scale,
    (b * g - a * h) / scale,
  ];
}

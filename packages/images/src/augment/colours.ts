import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { brightnessTable, contrastTable } from "../colour/brightness-contrast.ts";
import { type Enhancement, enhance, enhanceSharpness } from "../colour/enhance.ts";
import { adjustHueSaturation } from "../colour/hue-saturation.ts";
import { colourChannels, depthOf, mapChannels, mapLevels } from "../colour/levels.ts";
import { grayscale } from "../colour/luma.ts";
import { adjustGamma, autoContrast, equalize, invert, posterize, solarize } from "../colour/tone.ts";
import type { Pixels } from "../pixels.ts";
import { type Range, requireNumber, requireProbability, requireRange } from "./check-range.ts";
import { type ImageOperation, operation } from "./image-operation.ts";

/** How much {@link colorJitter} may change: a number f stands for factors in [1 - f, 1 + f], for the hue for [-f, f]. */
export interface ColorJitterOptions {
  readonly brightness?: number | Range;
  readonly contrast?: number | Range;
  readonly saturation?: number | Range;
  /** In full circles, at most 1/2. */
  readonly hue?: number | Range;
}

const jitterOptions: OptionNames<ColorJitterOptions> = {
  brightness: true,
  contrast: true,
  saturation: true,
  hue: true,
};

/** What the steps before the hue's change. */
const qualities = ["brightness", "contrast", "color"] as const;

type Change = (pixels: Pixels, amount: number) => Pixels;

/**
 * Changes brightness, contrast, saturation and hue by random factors, in random order.
 *
 * Source: torchvision's `ColorJitter` on Pillow's pictures. The hue turns as `tf.image.adjust_hue` turns it.
 *
 * @throws {InvalidConfigError} a range is wrong.
 */
export function colorJitter(options: ColorJitterOptions = {}): ImageOperation {
  const owner = "colorJitter";
  checkOptions(owner, options, jitterOptions);
  const factors = (option: "brightness" | "contrast" | "saturation"): Range | undefined => {
    const given = options[option];
    if (given === undefined) return undefined;
    if (typeof given !== "number") return requireRange(owner, option, given, 0);
    requireNumber(owner, option, given, 0);
    return [Math.max(0, 1 - given), 1 + given];
  };
  const ranges = [factors("brightness"), factors("contrast"), factors("saturation"), hueRange(owner, options.hue)];
  return operation({
    name: owner,
    arguments: [options],
    apply: (pixels, random) => {
      let result = pixels;
      let steps: Enhancement[] = [];
      for (const index of random.permutation(ranges.length)) {
        const range = ranges[index];
        if (range === undefined) continue;
        const amount = random.uniform(...range);
        const quality = qualities[index];
        if (quality !== undefined) steps.push({ quality, factor: amount });
        else {
          result = adjustHueSaturation(enhance(result, steps), amount, 1);
          steps = [];
        }
      }
      return enhance(result, steps);
    },
  });
}

function hueRange(owner: string, given: number | Range | undefined): Range | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "number") return requireRange(owner, "hue", given, -0.5, 0.5);
  requireNumber(owner, "hue", given, 0, 0.5);
  return [-given, given];
}

/**
 * Adds up to `maxDelta` to the brightness, on the scale where 1 is white; alpha stays. Source: `tf.image.random_brightness`.
 *
 * Pillow and Keras multiply instead: {@link colorJitter}, `imageDataGenerator`.
 */
export function randomBrightness(maxDelta: number): ImageOperation {
  const most = requireNumber("randomBrightness", "maxDelta", maxDelta, 0);
  return by("randomBrightness", [maxDelta], [-most, most], (pixels, delta) =>
    mapLevels(pixels, brightnessTable(delta)),
  );
}

/**
 * Moves each channel's levels away from its mean, or towards it, by a factor in [lower, upper); alpha stays.
 *
 * Source: `tf.image.random_contrast`; {@link colorJitter} takes the mean of the grey picture, as Pillow does.
 */
export function randomContrast(lower: number, upper: number): ImageOperation {
  const range = requireRange("randomContrast", "lower, upper", [lower, upper], 0);
  return by("randomContrast", [lower, upper], range, (pixels, factor) => {
    const channels = { length: colourChannels(depthOf(pixels)) };
    return mapChannels(
      pixels,
      Array.from(channels, (_, channel) => contrastTable(pixels, channel, factor)),
    );
  });
}

/** Multiplies the saturation by a factor in [lower, upper). Source: `tf.image.random_saturation`. */
export function randomSaturation(lower: number, upper: number): ImageOperation {
  const range = requireRange("randomSaturation", "lower, upper", [lower, upper], 0);
  return by("randomSaturation", [lower, upper], range, (pixels, factor) => adjustHueSaturation(pixels, 0, factor));
}

/** Turns the hue by up to `maxDelta` of a full circle, at most 1/2. Source: `tf.image.random_hue`. */
export function randomHue(maxDelta: number): ImageOperation {
  const most = requireNumber("randomHue", "maxDelta", maxDelta, 0, 0.5);
  return by("randomHue", [maxDelta], [-most, most], (pixels, delta) => adjustHueSaturation(pixels, delta, 1));
}

/** Raises levels to a power in [lower, upper). */
export function randomGamma(lower: number, upper: number): ImageOperation {
  const range = requireRange("randomGamma", "lower, upper", [lower, upper], 0);
  return by("randomGamma", [lower, upper], range, (pixels, gamma) => adjustGamma(pixels, gamma));
}

/** Sharpens by a factor in [lower, upper): 0 smooths, 1 leaves the picture as it is. Source: Pillow's `ImageEnhance.Sharpness`. */
export function randomSharpness(lower: number, upper: number): ImageOperation {
  const range = requireRange("randomSharpness", "lower, upper", [lower, upper], 0);
  return by("randomSharpness", [lower, upper], range, enhanceSharpness);
}

function by(name: string, given: readonly unknown[], range: Range, change: Change): ImageOperation {
  return operation({ name, arguments: given, apply: (pixels, random) => change(pixels, random.uniform(...range)) });
}

/** Takes the colours away, with a probability; as many channels stay. Default: 0.1. Source: torchvision's `RandomGrayscale`. */
export function randomGrayscale(probability = 0.1): ImageOperation {
  return sometimes("randomGrayscale", [probability], probability, grayscale);
}

/** A negative, with a probability. Default: 1/2. Source: torchvision's `RandomInvert`. */
export function randomInvert(probability = 0.5): ImageOperation {
  return sometimes("randomInvert", [probability], probability, invert);
}

/** Keeps `bits` bits of each level, 0 to 8, with a probability. Default: 1/2. Source: torchvision's `RandomPosterize`. */
export function randomPosterize(bits: number, probability = 0.5): ImageOperation {
  const kept = Math.round(requireNumber("randomPosterize", "bits", bits, 0, 8));
  return sometimes("randomPosterize", [bits, probability], probability, (pixels) => posterize(pixels, kept));
}

/** Inverts levels of at least `threshold`, with a probability. Default: 1/2. Source: torchvision's `RandomSolarize`. */
export function randomSolarize(threshold: number, probability = 0.5): ImageOperation {
  requireNumber("randomSolarize", "threshold", threshold, 0, 256);
  return sometimes("randomSolarize", [threshold, probability], probability, (pixels) => solarize(pixels, threshold));
}

/** Stretches each channel to all levels, with a probability. Default: 1/2. Source: torchvision's `RandomAutocontrast`. */
export function randomAutoContrast(probability = 0.5): ImageOperation {
  return sometimes("randomAutoContrast", [probability], probability, autoContrast);
}

/** Makes all levels equally frequent, with a probability. Default: 1/2. Source: torchvision's `RandomEqualize`. */
export function randomEqualize(probability = 0.5): ImageOperation {
  return sometimes("randomEqualize", [probability], probability, equalize);
}

function sometimes(
  name: string,
  given: readonly unknown[],
  probability: number,
  change: (pixels: Pixels) => Pixels,
): ImageOperation {
  requireProbability(name, "probability", probability);
  return operation({
    name,
    arguments: given,
    apply: (pixels, random) => (random.uniform() < probability ? change(pixels) : pixels),
  });
}

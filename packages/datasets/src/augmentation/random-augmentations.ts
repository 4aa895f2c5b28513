import { type HostArray, InvalidConfigError, type RandomStream } from "@featuremap/tensor";
import { adjustBrightness, adjustContrast } from "./adjust.ts";
import { cropToBoundingBox } from "./crop.ts";
import { flipLeftRight } from "./flip.ts";
import { frameOf } from "./image-frame.ts";

/**
 * What becomes of one image, `[height, width, channels]`, each time training sees it.
 *
 * Everything left to chance is drawn from the stream. The image must not be written to.
 */
export type Augmentation = (image: HostArray<Uint8Array>, random: RandomStream) => HostArray<Uint8Array>;

/** Mirrors an image with probability 1/2. Source: `tf.image.random_flip_left_right`. */
export function randomFlipLeftRight(): Augmentation {
  return (image, random) => (random.uniform() < 0.5 ? flipLeftRight(image) : image);
}

/**
 * Changes brightness by up to `maxDelta`: `delta` uniform in [-maxDelta, maxDelta).
 *
 * Source: `tf.image.random_brightness`.
 *
 * @throws {InvalidConfigError} `maxDelta` is negative or not finite.
 */
export function randomBrightness(maxDelta: number): Augmentation {
  if (!(Number.isFinite(maxDelta) && maxDelta >= 0)) {
    throw new InvalidConfigError("randomBrightness", "maxDelta", "a finite number of at least 0", maxDelta);
  }
  return (image, random) => adjustBrightness(image, random.uniform(-maxDelta, maxDelta));
}

/**
 * Changes contrast by a factor uniform in [lower, upper).
 *
 * Source: `tf.image.random_contrast`.
 *
 * @throws {InvalidConfigError} a bound is negative or not finite, or `upper` is not above `lower`.
 */
export function randomContrast(lower: number, upper: number): Augmentation {
  if (!(Number.isFinite(lower) && lower >= 0)) {
    throw new InvalidConfigError("randomContrast", "lower", "a finite number of at least 0", lower);
  }
  if (!(Number.isFinite(upper) && upper > lower)) {
    throw new InvalidConfigError("randomContrast", "upper", `a finite number above ${lower}`, upper);
  }
  return (image, random) => adjustContrast(image, random.uniform(lower, upper));
}

/**
 * Cuts a box of one size out of a random place.
 *
 * Batches then bring it to the model's size, as the data set's preprocessing says. Source: `tf.image.random_crop`.
 *
 * @throws {InvalidConfigError} the box is no box, or, when images come, larger than they are.
 */
export function randomCrop(targetHeight: number, targetWidth: number): Augmentation {
  for (const [option, side] of Object.entries({ targetHeight, targetWidth })) {
    if (!Number.isInteger(side) || side < 1) {
      throw new InvalidConfigError("randomCrop", option, "an integer of at least 1", side);
    }
  }
  return (image, random) => {
    const { height, width } = frameOf("randomCrop", image);
    const place = (option: string, side: number, target: number): number => {
      if (target > side) throw new InvalidConfigError("randomCrop", option, `at most ${side}, as the image`, target);
      return random.integer(side - target + 1);
    };
    const top = place("targetHeight", height, targetHeight);
    return cropToBoundingBox(image, top, place("targetWidth", width, targetWidth), targetHeight, targetWidth);
  };
}

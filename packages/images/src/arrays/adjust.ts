import { type HostArray, InvalidConfigError } from "@featuremap/tensor";
import { brightnessTable, contrastTable } from "../colour/brightness-contrast.ts";
import { type LevelTable, depthOf, mapChannels } from "../colour/levels.ts";
import type { Pixels } from "../pixels.ts";
import { eachImage } from "./image-array.ts";

/**
 * Makes an image, or each of several, brighter or darker: `y = x + delta` on the scale where 1 is white, cut to [0, 1].
 *
 * Computed in float32 as TensorFlow does, so that every byte is TensorFlow's.
 * Source: `tf.image.adjust_brightness`.
 *
 * @param image uint8 `[height, width, channels]`, or `[count, height, width, channels]`
 * @param delta what is added; 1 makes black white
 * @throws {InvalidConfigError} `delta` is not finite.
 * @throws {ShapeError} the image has another rank.
 */
export function adjustBrightness(image: HostArray<Uint8Array>, delta: number): HostArray<Uint8Array> {
  requireFinite("adjustBrightness", "delta", delta);
  const table = brightnessTable(delta);
  return eachImage("adjustBrightness", image, (pixels) => mapAll(pixels, () => table));
}

/**
 * Moves pixels away from, or towards, the mean: `y = (x - mean) * contrastFactor + mean`, cut to the range of bytes.
 *
 * The mean is that of one channel of one image. Computed in float32 as TensorFlow does, so that every byte is
 * TensorFlow's.
 * Source: `tf.image.adjust_contrast`.
 *
 * @param image uint8 `[height, width, channels]`, or `[count, height, width, channels]`
 * @param contrastFactor 1 leaves the image as it is, 0 makes it its mean
 * @throws {InvalidConfigError} `contrastFactor` is not finite.
 * @throws {ShapeError} the image has another rank.
 */
export function adjustContrast(image: HostArray<Uint8Array>, contrastFactor: number): HostArray<Uint8Array> {
  requireFinite("adjustContrast", "contrastFactor", contrastFactor);
  return eachImage("adjustContrast", image, (pixels) =>
    mapAll(pixels, (channel) => contrastTable(pixels, channel, contrastFactor)),
  );
}

/** All channels, a fourth too: TensorFlow knows no alpha. */
function mapAll(pixels: Pixels, tableFor: (channel: number) => LevelTable): Pixels {
  return mapChannels(
    pixels,
    Array.from({ length: depthOf(pixels) }, (_, channel) => tableFor(channel)),
  );
}

function requireFinite(owner: string, option: string, value: number): void {
  if (!Number.isFinite(value)) throw new InvalidConfigError(owner, option, "a finite number", value);
}

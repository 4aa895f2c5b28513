import { type HostArray, InvalidConfigError } from "@featuremap/tensor";
import { frameOf, redraw } from "./image-frame.ts";

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
  const frame = frameOf("adjustBrightness", image);
  requireFinite("adjustBrightness", "delta", delta);
  const bytes = tableOf((value) => value + Math.fround(delta));
  return redraw(image, frame, [frame.height, frame.width], (index, pixels) => {
    const start = index * pixels.length;
    for (let at = 0; at < pixels.length; at++) pixels[at] = bytes[frame.data[start + at] ?? 0] ?? 0;
  });
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
  const frame = frameOf("adjustContrast", image);
  requireFinite("adjustContrast", "contrastFactor", contrastFactor);
  const { data, height, width, channels } = frame;
  const factor = Math.fround(contrastFactor);
  return redraw(image, frame, [height, width], (index, pixels) => {
    const start = index * pixels.length;
    for (let channel = 0; channel < channels; channel++) {
      const mean = foldedMean(data.subarray(start, start + pixels.length), channel, channels);
      // mean * (1 - factor) + x * factor, rounded where TensorFlow rounds.
      const offset = Math.fround(mean * Math.fround(1 - factor));
      const bytes = tableOf((value) => offset + Math.fround(value * factor));
      for (let at = channel; at < pixels.length; at += channels) pixels[at] = bytes[data[start + at] ?? 0] ?? 0;
    }
  });
}

/** Mean of one channel, summed in float32 by folding the image in half again and again: TensorFlow's order. */
function foldedMean(image: Uint8Array, channel: number, channels: number): number {
  const count = image.length / channels;
  const sums = Float32Array.from({ length: count }, (_, pixel) => toUnit(image[pixel * channels + channel] ?? 0));
  for (let left = count; left > 1; left = Math.ceil(left / 2)) {
    const half = Math.ceil(left / 2);
    for (let pixel = half; pixel < left; pixel++) sums[pixel - half] = (sums[pixel - half] ?? 0) + (sums[pixel] ?? 0);
  }
  return Math.fround((sums[0] ?? 0) * Math.fround(1 / count));
}

/** A byte as a number in [0, 1], rounded as TensorFlow rounds it. */
function toUnit(byte: number): number {
  return Math.fround(byte * Math.fround(1 / 255));
}

/**
 * What becomes of each of the 256 bytes, by way of numbers in [0, 1].
 *
 * There and back as `tf.image.convert_image_dtype`: times 1/255, then times 255.5, cut to [0, 255] and rounded down.
 */
function tableOf(change: (value: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const changed = Math.fround(change(toUnit(byte)));
    return Math.min(255, Math.max(0, Math.floor(Math.fround(changed * 255.5))));
  });
}

function requireFinite(owner: string, option: string, value: number): void {
  if (!Number.isFinite(value)) throw new InvalidConfigError(owner, option, "a finite number", value);
}

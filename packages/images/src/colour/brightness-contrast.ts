import type { Pixels } from "../pixels.ts";
import { type LevelTable, depthOf, levelTable } from "./levels.ts";

/**
 * A byte as a number in [0, 1], rounded as TensorFlow rounds it.
 *
 * There and back as `tf.image.convert_image_dtype`: times 1/255, then times 255.5, cut to [0, 255] and rounded down.
 */
const units = Float32Array.from({ length: 256 }, (_, level) => level * Math.fround(1 / 255));

/** What `tf.image.adjust_brightness` makes of each level: `y = x + delta` on the scale where 1 is white. */
export function brightnessTable(delta: number): LevelTable {
  return unitTable((value) => value + Math.fround(delta));
}

/**
 * What `tf.image.adjust_contrast` makes of each level of a channel: `y = (x - mean) * factor + mean`, of the mean of the
 * channel.
 */
export function contrastTable(pixels: Pixels, channel: number, contrastFactor: number): LevelTable {
  const factor = Math.fround(contrastFactor);
  // mean * (1 - factor) + x * factor, rounded where TensorFlow rounds.
  const offset = Math.fround(foldedMean(pixels, channel) * Math.fround(1 - factor));
  return unitTable((value) => offset + Math.fround(value * factor));
}

function unitTable(change: (value: number) => number): LevelTable {
  return levelTable((level) => Math.fround(Math.fround(change(units[level] ?? 0)) * 255.5));
}

/** Mean of one channel, summed in float32 by folding the picture in half again and again: TensorFlow's order. */
function foldedMean(pixels: Pixels, channel: number): number {
  const depth = depthOf(pixels);
  const count = pixels.width * pixels.height;
  const sums = new Float32Array(count);
  for (let pixel = 0; pixel < count; pixel++) sums[pixel] = units[pixels.data[pixel * depth + channel] ?? 0] ?? 0;
  for (let left = count; left > 1; left = Math.ceil(left / 2)) {
    const half = Math.ceil(left / 2);
    for (let pixel = half; pixel < left; pixel++) sums[pixel - half] = (sums[pixel - half] ?? 0) + (sums[pixel] ?? 0);
  }
  return Math.fround((sums[0] ?? 0) * Math.fround(1 / count));
}

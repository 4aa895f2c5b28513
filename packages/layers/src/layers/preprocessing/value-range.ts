import { InvalidConfigError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { isList } from "../../config/options.ts";

/** Smallest and largest value of a pixel. */
export type ValueRange = readonly [smallest: number, largest: number];

/** What layers take that depend on how bright a pixel can be. */
export interface ValueRangeConfig {
  /** Smallest and largest value of a pixel. Default: [0, 255]. */
  readonly valueRange?: ValueRange | undefined;
}

/** The values of a byte, in which Keras computes. */
export const bytes: ValueRange = [0, 255];

/** The range in order. @throws {InvalidConfigError} it is not two different numbers. */
export function requireValueRange(owner: string, range: ValueRange = bytes): ValueRange {
  const valid = isList(range) && range.length === 2 && range.every((value) => Number.isFinite(value));
  if (!valid || range[0] === range[1])
    throw new InvalidConfigError(owner, "valueRange", "two different numbers", range);
  return range[0] <= range[1] ? range : [range[1], range[0]];
}

/** What {@link ValueRangeConfig} holds, in Keras's config. */
export function readValueRange(reader: ConfigReader): ValueRange | undefined {
  const range = reader.pair("value_range");
  return typeof range === "number" ? reader.fail("value_range", "two numbers", range) : range;
}

/** Pixels of one range in another. Source: Keras `_transform_value_range`. */
export function toValueRange(images: tf.Tensor, from: ValueRange, to: ValueRange): tf.Tensor {
  const [lowest, highest] = from;
  const [smallest, largest] = to;
  if (lowest === smallest && highest === largest) return images;
  const shares = tf.div(tf.sub(images, lowest), highest - lowest);
  return tf.add(tf.mul(shares, largest - smallest), smallest);
}

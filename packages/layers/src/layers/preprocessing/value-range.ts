import { Option } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { isList } from "../../config/options.ts";

/** Smallest and largest value of a pixel. */
export type ValueRange = readonly [smallest: number, largest: number];

/** Option of layers whose result depends on how bright a pixel can be. */
export interface ValueRangeConfig {
  /** Smallest and largest value of a pixel. Default: [0, 255]. */
  readonly valueRange?: ValueRange | undefined;
}

/** The values of a byte, with which Keras computes. */
export const bytes: ValueRange = [0, 255];

/** Smallest and largest value of a pixel, in order; those of a byte by default. */
export function valueRangeOption(): Option<ValueRange | undefined, ValueRange> {
  const { kind, check } = Option.plain<ValueRange>({
    expected: "two different numbers",
    accepts: (range) => isList(range) && range.length === 2 && range.every(Number.isFinite) && range[0] !== range[1],
    refusesNull: true,
  });
  const inOrder = ([first, second]: ValueRange): ValueRange => (first < second ? [first, second] : [second, first]);
  return new Option<ValueRange, ValueRange>({
    ...kind,
    check: (owner, name, given: ValueRange) => inOrder(check(owner, name, given)),
  }).default(bytes);
}

/** Converts pixels from one range to another. Source: Keras `_transform_value_range`. */
export function toValueRange(images: tf.Tensor, from: ValueRange, to: ValueRange): tf.Tensor {
  const [lowest, highest] = from;
  const [smallest, largest] = to;
  if (lowest === smallest && highest === largest) return images;
  const shares = tf.div(tf.sub(images, lowest), highest - lowest);
  return tf.add(tf.mul(shares, largest - smallest), smallest);
}

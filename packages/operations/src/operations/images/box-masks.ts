import * as tf from "@tensorflow/tfjs-core";
import type { RandomStream } from "@featuremap/tensor";

/** A box in an image, in pixels: from `left` and `top`, up to and without `right` and `bottom`. */
export type Box = readonly [left: number, right: number, top: number, bottom: number];

/** A place for a box that takes these shares of width and height. */
export function drawBox(
  random: RandomStream,
  [height, width]: readonly [number, number],
  shares: { readonly width: number; readonly height: number },
): Box {
  const [left, right] = drawSpan(random, width, shares.width * width);
  return [left, right, ...drawSpan(random, height, shares.height * height)];
}

function drawSpan(random: RandomStream, length: number, part: number): [start: number, end: number] {
  const start = random.uniform() * (length - part);
  return [start, start + part];
}

/** Which pixels lie in the box of their image. Shape: `[boxes, height, width, 1]`, booleans. */
export function boxMasks(boxes: readonly Box[], [height, width]: readonly [number, number]): tf.Tensor {
  const edges = (side: 0 | 1 | 2 | 3): tf.Tensor =>
    tf.tensor(
      boxes.map((box) => box[side]),
      [boxes.length, 1, 1, 1],
    );
  const columns = tf.reshape(tf.range(0, width), [1, 1, width, 1]);
  const rows = tf.reshape(tf.range(0, height), [1, height, 1, 1]);
  const across = tf.logicalAnd(tf.greaterEqual(columns, edges(0)), tf.less(columns, edges(1)));
  const down = tf.logicalAnd(tf.greaterEqual(rows, edges(2)), tf.less(rows, edges(3)));
  return tf.logicalAnd(across, down);
}

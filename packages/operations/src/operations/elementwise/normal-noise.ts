import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Normal variates, each by itself.
 *
 * They depend on the seed alone, so every device gets the same.
 *
 * @param seed an integer in [0, 2^32)
 */
export function normalNoise(shape: readonly number[], mean: number, deviation: number, seed: number): tf.Tensor {
  const random = new RandomStream(seed);
  const values = new Float32Array(shape.reduce((size, length) => size * length, 1));
  for (let index = 0; index < values.length; index++) values[index] = random.normal(mean, deviation);
  return tf.tensor(values, [...shape]);
}

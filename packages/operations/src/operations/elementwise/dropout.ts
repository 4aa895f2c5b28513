import * as tf from "@tensorflow/tfjs-core";

/**
 * Multiplies by a mask that is `1 / (1 - rate)` where an element stays and 0 where it drops.
 *
 * The mask depends on `seed` and position alone, so any device can make the same one.
 *
 * @param rate probability of dropping, in [0, 1]; of 1 nothing stays
 * @param seed an integer in [0, 2^32)
 */
export function dropout(input: tf.Tensor, rate: number, seed: number, noiseShape: readonly number[]): tf.Tensor {
  return tf.mul(input, tf.tensor(dropoutMask(noiseShape, rate, seed), [...noiseShape]));
}

/** What `selu` gives for very negative numbers: `-alpha * scale`. */
const saturated = -1.6732632423543772 * 1.0507009873554805;

/**
 * Sets elements that drop to where `selu` saturates, and scales and shifts all so that mean 0 and variance 1 are kept.
 *
 * @param rate probability of dropping, in [0, 1)
 * @param seed as of {@link dropout}, with the same mask
 */
export function alphaDropout(input: tf.Tensor, rate: number, seed: number, noiseShape: readonly number[]): tf.Tensor {
  const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * saturated ** 2));
  const shift = -scale * saturated * rate;
  const mask = dropoutMask(noiseShape, rate, seed);
  const factors = mask.map((kept) => (kept === 0 ? 0 : scale));
  const offsets = mask.map((kept) => (kept === 0 ? scale * saturated + shift : shift));
  const shape = [...noiseShape];
  return tf.add(tf.mul(input, tf.tensor(factors, shape)), tf.tensor(offsets, shape));
}

/** The mask of {@link dropout}: element `i` drops if `hash(i, seed) < rate * 2^32`. */
export function dropoutMask(shape: readonly number[], rate: number, seed: number): Float32Array {
  const mask = new Float32Array(shape.reduce((size, length) => size * length, 1));
  const limit = rate * 0x100000000;
  const kept = 1 / (1 - rate);
  for (let index = 0; index < mask.length; index++) if (hash(index, seed) >= limit) mask[index] = kept;
  return mask;
}

/** A 32-bit integer that looks random. Source: C. Wellons, "lowbias32", 2018; counter spread by the golden ratio. */
function hash(counter: number, seed: number): number {
  let word = (Math.imul(counter, 0x9e3779b9) + seed) | 0;
  word = Math.imul(word ^ (word >>> 16), 0x7feb352d);
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
  return (word ^ (word >>> 16)) >>> 0;
}

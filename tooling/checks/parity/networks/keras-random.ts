import { type FixedShape, HostArray, sizeOf } from "@featuremap/tensor";

/** Two words: what a user gave, or Keras drew, and how many draws came before with it. */
export type KerasSeed = readonly [seed: number, count: number];

type Words = readonly [number, number, number, number];

/** The multipliers of a round, and what is added to the key after it. */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const weyl = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

/** The key under which TensorFlow turns a seed into key and counter. */
const seedKey = [0x3ec8f720, 0x02461e29] as const;

/**
 * Bit for bit what Keras's uniform draws give on TensorFlow's CPU: initial weights, dropout's masks.
 *
 * Every four numbers are one block of Philox 4x32-10, whose key and upper counter words come from the seed and whose lower
 * counter words count the blocks; 23 bits of each word are the digits of a float in [1, 2), less 1.
 * Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011; TensorFlow `stateless_random_uniform`;
 * Keras 3 `keras.random.uniform`.
 */
export function kerasUniform(shape: FixedShape, low: number, high: number, seed: KerasSeed): HostArray<Float32Array> {
  const values = new Float32Array(sizeOf(shape));
  const [keyLow, keyHigh, counterLow, counterHigh] = philox([seed[0], 0, seed[1], 0], seedKey);
  const minimum = Math.fround(low);
  const range = Math.fround(Math.fround(high) - minimum);
  for (let start = 0; start < values.length; start += 4) {
    const block = philox([start / 4, 0, counterLow, counterHigh], [keyLow, keyHigh]);
    for (const [offset, word] of block.entries()) {
      // Beyond the end, a typed array drops what it is given.
      values[start + offset] = Math.fround(((word & 0x7fffff) / 0x800000) * range) + minimum;
    }
  }
  return new HostArray(values, shape);
}

function philox([a, b, c, d]: Words, [keyLow, keyHigh]: readonly [number, number]): Words {
  for (let round = 0; round < rounds; round++) {
    const before = [a, c] as const;
    a = (highWord(before[1], multipliers[1]) ^ b ^ keyLow) >>> 0;
    b = Math.imul(before[1], multipliers[1]) >>> 0;
    c = (highWord(before[0], multipliers[0]) ^ d ^ keyHigh) >>> 0;
    d = Math.imul(before[0], multipliers[0]) >>> 0;
    keyLow = (keyLow + weyl[0]) >>> 0;
    keyHigh = (keyHigh + weyl[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** The upper 32 of the 64 bits of a product. */
function highWord(x: number, y: number): number {
  const [xHigh, xLow, yHigh, yLow] = [x >>> 16, x & 0xffff, y >>> 16, y & 0xffff];
  const middle = xHigh * yLow + ((xLow * yLow) >>> 16);
  const other = xLow * yHigh + (middle % 0x10000);
  return xHigh * yHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000);
}

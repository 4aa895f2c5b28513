import { type CallContext, Dropout } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import { type KerasSeed, kerasUniform } from "./keras-random.ts";

/** Dropout that drops what Keras's drops, where ours has masks of its own for a seed. */
export class KerasDropout extends Dropout {
  #seed: KerasSeed;

  constructor(rate: number, seed: KerasSeed) {
    super({ rate });
    this.#seed = seed;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    if (!training) return input;
    const [seed, count] = this.#seed;
    this.#seed = [seed, count + 1];
    const { rate } = this.config;
    const mask = kerasUniform(input.shape, 0, 1, [seed, count]).data.map((value) =>
      value < rate ? 0 : 1 / (1 - rate),
    );
    return tf.tidy(() => tf.mul(input, tf.tensor(mask, input.shape)));
  }
}

import { mnist as loadMnist } from "@featuremap/datasets";
import { Conv2D, Dense, Flatten, Input, MaxPooling2D, Model } from "@featuremap/layers";
import { RMSprop } from "@featuremap/training";
import type { Preset } from "./preset.ts";

/**
 * Handwritten digits: 104,202 weights, about 0.99 of the test digits right after two epochs.
 *
 * Source: Jan Kirenz, "Introduction to Convolutional Neural Networks with TensorFlow and Keras", 2022; the network is
 * that of Chollet, "Deep Learning with Python", 2nd edition, 2021.
 */
export const mnist: Preset = {
  name: "mnist",
  imagesAre: "digits",
  defaults: { epochs: 2, batchSize: 64, learningRate: 0.001, seed: 1 },
  loss: "sparseCategoricalCrossentropy",
  load: () => loadMnist(),
  buildModel(seed) {
    const inputs = Input({ shape: [28, 28, 1] });
    let x = new Conv2D({ filters: 32, kernelSize: 3, activation: "relu" }).apply(inputs);
    x = new MaxPooling2D({ poolSize: 2 }).apply(x);
    x = new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }).apply(x);
    x = new MaxPooling2D({ poolSize: 2 }).apply(x);
    x = new Conv2D({ filters: 128, kernelSize: 3, activation: "relu" }).apply(x);
    x = new Flatten().apply(x);
    const outputs = new Dense({ units: 10, activation: "softmax" }).apply(x);
    return new Model({ inputs, outputs, name: "mnist", seed });
  },
  createOptimizer: (learningRate) => new RMSprop({ learningRate }),
};

import { mnist as loadMnist } from "@featuremap/datasets";
import { RMSprop } from "@featuremap/training";
import { findNetwork } from "../networks/network.ts";
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
  optimizer: "RMSprop",
  load: () => loadMnist(),
  buildModel: (seed) => findNetwork("n1").buildModel(seed, "mnist"),
  createOptimizer: (learningRate) => new RMSprop({ learningRate }),
};

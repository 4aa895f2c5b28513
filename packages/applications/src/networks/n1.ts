import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Flatten, Input, MaxPooling2D, Model } from "@featuremap/layers";
import type { Application } from "../application.ts";
import { defineApplication } from "../define-application.ts";
import { plainTraining } from "../document-defaults.ts";

/**
 * Handwritten digits, 104,202 weights: about 0.99 of MNIST's test digits are right after two epochs.
 *
 * Build options: `inputShape`, `classes`, `seed`, `name`, and `filters` of its three convolutions.
 * Source: Jan Kirenz, "Introduction to Convolutional Neural Networks with TensorFlow and Keras", 2022; the network is
 * that of Chollet, "Deep Learning with Python", 2nd edition, 2021.
 */
export const n1: Application = defineApplication({
  name: "n1",
  description: "plain network for handwritten digits (MNIST)",
  inputShape: [28, 28, 1],
  classes: 10,
  preprocessing: plainPreprocessing([28, 28], "grayscale", 1 / 255),
  outputs: "probabilities",
  loss: "sparseCategoricalCrossentropy",
  defaults: { ...plainTraining, epochs: 2, batchSize: 64, optimizer: "rmsprop" },
  filters: () => [32, 64, 128],
  make({ inputShape, classes, seed, name, filters: [first = 0, second = 0, third = 0] }) {
    const inputs = Input({ shape: inputShape });
    let x = new Conv2D({ filters: first, kernelSize: 3, activation: "relu" }).apply(inputs);
    x = new MaxPooling2D({ poolSize: 2 }).apply(x);
    x = new Conv2D({ filters: second, kernelSize: 3, activation: "relu" }).apply(x);
    x = new MaxPooling2D({ poolSize: 2 }).apply(x);
    x = new Conv2D({ filters: third, kernelSize: 3, activation: "relu" }).apply(x);
    x = new Flatten().apply(x);
    const outputs = new Dense({ units: classes, activation: "softmax" }).apply(x);
    return new Model({ inputs, outputs, name, seed });
  },
});

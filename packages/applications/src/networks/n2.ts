import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Flatten, Input, MaxPooling2D, Sequential } from "@featuremap/layers";
import type { Application } from "../application.ts";
import { defineApplication } from "../define-application.ts";
import { plainTraining } from "../document-defaults.ts";

/**
 * Handwritten digits by one convolution, 13,610 weights: small enough to look at each of its 8 filters and their maps.
 *
 * Labels are one-hot rows. Build options: `inputShape`, `classes`, `seed`, `name`, and `filters` of its convolution.
 * Source: the MNIST exercise of a notebook on convolutional networks, which leaves network, loss and optimizer to the
 * reader, and trains 10 epochs in batches of 32.
 */
export const n2: Application = defineApplication({
  name: "n2",
  description: "one convolution with 8 filters to look at, for handwritten digits",
  inputShape: [28, 28, 1],
  classes: 10,
  preprocessing: plainPreprocessing([28, 28], "grayscale", 1 / 255),
  outputs: "probabilities",
  loss: "categoricalCrossentropy",
  defaults: { ...plainTraining, epochs: 10, optimizer: "sgd", momentum: 0.9, learningRate: 0.01 },
  filters: () => [8],
  make({ inputShape, classes, seed, name, filters: [filters = 0] }) {
    return new Sequential(
      [
        Input({ shape: inputShape }),
        new Conv2D({ filters, kernelSize: 3, activation: "relu" }),
        new MaxPooling2D({ poolSize: 2 }),
        new Flatten(),
        new Dense({ units: classes, activation: "softmax" }),
      ],
      { name, seed },
    );
  },
});

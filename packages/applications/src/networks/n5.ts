import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Dropout, GlobalAveragePooling2D, Input, MaxPooling2D, Sequential } from "@featuremap/layers";
import type { Application } from "../application.ts";
import { defineApplication } from "../define-application.ts";
import { plainTraining } from "../document-defaults.ts";

/**
 * An attribute of portraits, 388,673 weights: one output, the probability that it is there.
 *
 * Its document trains 20 epochs, then goes on to 30, and reaches 0.9475 of CelebA's test pictures for the attribute Male.
 * Build options: `inputShape`, `seed`, `name`, `filters` of its four convolutions, and `dropout`; `classes` is 2.
 * Source: Auricchio and Cirotto, "Convolutional Neural Networks", INFN, 2022; the network is that of Raschka, "Python
 * Machine Learning", 3rd edition, 2019.
 */
export const n5: Application = defineApplication({
  name: "n5",
  description: "plain network for portraits (CelebA): does an attribute apply?",
  inputShape: [64, 64, 3],
  classes: 2,
  preprocessing: plainPreprocessing([64, 64], "rgb", 1 / 255),
  outputs: "binaryProbabilities",
  loss: "binaryCrossentropy",
  defaults: { ...plainTraining, epochs: 20, optimizer: "adam", augment: "light" },
  filters: () => [32, 64, 128, 256],
  dropout: 0.5,
  make({ inputShape, seed, name, filters: [first = 0, second = 0, third = 0, fourth = 0], dropout }) {
    const convolution = (filters: number): Conv2D =>
      new Conv2D({ filters, kernelSize: 3, padding: "same", activation: "relu" });
    return new Sequential(
      [
        Input({ shape: inputShape }),
        convolution(first),
        new MaxPooling2D(),
        new Dropout({ rate: dropout }),
        convolution(second),
        new MaxPooling2D(),
        new Dropout({ rate: dropout }),
        convolution(third),
        new MaxPooling2D(),
        convolution(fourth),
        new GlobalAveragePooling2D(),
        new Dense({ units: 1, activation: "sigmoid" }),
      ],
      { name, seed },
    );
  },
});

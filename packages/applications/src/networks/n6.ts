import { plainPreprocessing } from "@featuremap/images";
import {
  Conv2D,
  Dense,
  Dropout,
  GlobalAveragePooling2D,
  Input,
  MaxPooling2D,
  Rescaling,
  Sequential,
} from "@featuremap/layers";
import type { Application } from "../application.ts";
import { defineApplication } from "../define-application.ts";
import { plainTraining } from "../document-defaults.ts";

/**
 * Dogs or cats, 19,457 weights: a first network to improve on. It takes pixels as they are, of pictures of any size if
 * `inputShape` is `[null, null, 3]`; its one output is the probability of the second class.
 *
 * Build options: `inputShape`, `seed`, `name`, `filters` of its two convolutions, and `dropout`; `classes` is 2.
 * Source: the exercise of Auricchio and Cirotto, "Convolutional Neural Networks", INFN, 2022, which leaves the network to
 * the reader.
 */
export const n6: Application = defineApplication({
  name: "n6",
  description: "first network for photos of two classes (dogs and cats), of any size",
  inputShape: [128, 128, 3],
  classes: 2,
  preprocessing: plainPreprocessing([128, 128], "rgb"),
  outputs: "binaryProbabilities",
  loss: "binaryCrossentropy",
  defaults: { ...plainTraining, epochs: 10, optimizer: "adam" },
  filters: () => [32, 64],
  dropout: 0.5,
  make({ inputShape, seed, name, filters: [first = 0, second = 0], dropout }) {
    return new Sequential(
      [
        Input({ shape: inputShape }),
        new Rescaling({ scale: 1 / 255 }),
        new Conv2D({ filters: first, kernelSize: 3, activation: "relu" }),
        new MaxPooling2D(),
        new Conv2D({ filters: second, kernelSize: 3, activation: "relu" }),
        new GlobalAveragePooling2D(),
        new Dropout({ rate: dropout }),
        new Dense({ units: 1, activation: "sigmoid" }),
      ],
      { name, seed },
    );
  },
});

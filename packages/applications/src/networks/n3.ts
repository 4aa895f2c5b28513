import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Flatten, Input, MaxPooling2D, Sequential } from "@featuremap/layers";
import type { Application } from "../application.ts";
import { defineApplication } from "../define-application.ts";
import { plainTraining } from "../document-defaults.ts";

/**
 * Ten kinds of small colour pictures, 122,570 weights: about 0.70 of CIFAR-10's test pictures after ten epochs.
 *
 * Build options: `inputShape`, `classes`, `seed`, `name`, and `filters` of its three convolutions.
 * Source: TensorFlow's tutorial "Convolutional Neural Network (CNN)".
 */
export const n3: Application = defineApplication({
  name: "n3",
  description: "plain network for small colour pictures (CIFAR-10)",
  inputShape: [32, 32, 3],
  classes: 10,
  preprocessing: plainPreprocessing([32, 32], "rgb", 1 / 255),
  outputs: "logits",
  loss: "sparseCategoricalCrossentropy",
  defaults: { ...plainTraining, epochs: 10, optimizer: "adam" },
  filters: () => [32, 64, 64],
  make({ inputShape, classes, seed, name, filters: [first = 0, second = 0, third = 0] }) {
    return new Sequential(
      [
        Input({ shape: inputShape }),
        new Conv2D({ filters: first, kernelSize: 3, activation: "relu" }),
        new MaxPooling2D(),
        new Conv2D({ filters: second, kernelSize: 3, activation: "relu" }),
        new MaxPooling2D(),
        new Conv2D({ filters: third, kernelSize: 3, activation: "relu" }),
        new Flatten(),
        new Dense({ units: 64, activation: "relu" }),
        new Dense({ units: classes }),
      ],
      { name, seed },
    );
  },
});

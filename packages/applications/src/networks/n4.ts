import { plainPreprocessing } from "@featuremap/images";
import { Conv2D, Dense, Flatten, Input, MaxPooling2D, Rescaling, Sequential } from "@featuremap/layers";
import type { Application } from "../application.ts";
import { defineApplication } from "../define-application.ts";
import { plainTraining } from "../document-defaults.ts";

/**
 * Photos of flowers, 3,989,285 weights for five kinds: takes pixels as they are, and divides them by 255 itself.
 *
 * Build options: `inputShape`, `classes`, `seed`, `name`, and `filters` of its three convolutions.
 * Source: TensorFlow's tutorial "Image classification".
 */
export const n4: Application = defineApplication({
  name: "n4",
  description: "plain network for photos of flowers, which scales pixels itself",
  inputShape: [180, 180, 3],
  classes: 5,
  preprocessing: plainPreprocessing([180, 180], "rgb"),
  outputs: "logits",
  loss: "sparseCategoricalCrossentropy",
  defaults: { ...plainTraining, epochs: 10, optimizer: "adam" },
  filters: () => [16, 32, 64],
  make({ inputShape, classes, seed, name, filters }) {
    return new Sequential(
      [
        Input({ shape: inputShape }),
        new Rescaling({ scale: 1 / 255 }),
        ...filters.flatMap((count) => [
          new Conv2D({ filters: count, kernelSize: 3, padding: "same", activation: "relu" }),
          new MaxPooling2D(),
        ]),
        new Flatten(),
        new Dense({ units: 128, activation: "relu" }),
        new Dense({ units: classes }),
      ],
      { name, seed },
    );
  },
});

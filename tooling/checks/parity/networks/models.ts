import {
  Conv2D,
  Dense,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  MaxPooling2D,
  Model,
  Rescaling,
  Sequential,
} from "@featuremap/layers";
import { Adam, BinaryCrossentropy, SGD, SparseCategoricalCrossentropy, type TrainerConfig } from "@featuremap/training";
import { KerasDropout } from "./keras-dropout.ts";
import type { KerasSeed } from "./keras-random.ts";

/** A network and how it is trained, as its lesson says. */
export interface Lesson {
  /** @param dropoutSeeds one for each dropout layer */
  readonly build: (dropoutSeeds: readonly KerasSeed[]) => Model;
  readonly config: () => TrainerConfig;
}

/** N1: handwritten digits, in the functional style. */
function mnistFunctional(): Model {
  const inputs = Input({ shape: [28, 28, 1] });
  let x = new Conv2D({ filters: 32, kernelSize: 3, activation: "relu" }).apply(inputs);
  x = new MaxPooling2D({ poolSize: 2 }).apply(x);
  x = new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }).apply(x);
  x = new MaxPooling2D({ poolSize: 2 }).apply(x);
  x = new Conv2D({ filters: 128, kernelSize: 3, activation: "relu" }).apply(x);
  x = new Flatten().apply(x);
  const outputs = new Dense({ units: 10, activation: "softmax" }).apply(x);
  return new Model({ inputs, outputs });
}

/** N2: handwritten digits, by a network of one's own. */
function ownDigits(): Model {
  return new Sequential([
    Input({ shape: [28, 28, 1] }),
    new Conv2D({ filters: 8, kernelSize: 3, activation: "relu" }),
    new MaxPooling2D({ poolSize: 2 }),
    new Flatten(),
    new Dense({ units: 10, activation: "softmax" }),
  ]);
}

/** N3: ten kinds of small colour images, layer added to layer. */
function cifar(): Model {
  const model = new Sequential();
  model.add(new Conv2D({ filters: 32, kernelSize: [3, 3], activation: "relu", inputShape: [32, 32, 3] }));
  model.add(new MaxPooling2D({ poolSize: [2, 2] }));
  model.add(new Conv2D({ filters: 64, kernelSize: [3, 3], activation: "relu" }));
  model.add(new MaxPooling2D({ poolSize: [2, 2] }));
  model.add(new Conv2D({ filters: 64, kernelSize: [3, 3], activation: "relu" }));
  model.add(new Flatten());
  model.add(new Dense({ units: 64, activation: "relu" }));
  model.add(new Dense({ units: 10 }));
  return model;
}

/** N4: flowers, whose pixels the network scales itself. */
function flowers(): Model {
  return new Sequential([
    new Rescaling({ scale: 1 / 255, inputShape: [180, 180, 3] }),
    new Conv2D({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" }),
    new MaxPooling2D(),
    new Conv2D({ filters: 32, kernelSize: 3, padding: "same", activation: "relu" }),
    new MaxPooling2D(),
    new Conv2D({ filters: 64, kernelSize: 3, padding: "same", activation: "relu" }),
    new MaxPooling2D(),
    new Flatten(),
    new Dense({ units: 128, activation: "relu" }),
    new Dense({ units: 5 }),
  ]);
}

/** N5: portraits, built from the shape of its first batch. */
function portraits([first = [0, 0], second = [0, 0]]: readonly KerasSeed[]): Model {
  const model = new Sequential([
    new Conv2D({ filters: 32, kernelSize: [3, 3], padding: "same", activation: "relu" }),
    new MaxPooling2D({ poolSize: [2, 2] }),
    new KerasDropout(0.5, first),
    new Conv2D({ filters: 64, kernelSize: [3, 3], padding: "same", activation: "relu" }),
    new MaxPooling2D({ poolSize: [2, 2] }),
    new KerasDropout(0.5, second),
    new Conv2D({ filters: 128, kernelSize: [3, 3], padding: "same", activation: "relu" }),
    new MaxPooling2D({ poolSize: [2, 2] }),
    new Conv2D({ filters: 256, kernelSize: [3, 3], padding: "same", activation: "relu" }),
    new GlobalAveragePooling2D(),
    new Dense({ units: 1, activation: "sigmoid" }),
  ]);
  model.build([null, 64, 64, 3]);
  return model;
}

/** N6: dogs and cats, in photographs of any size. */
function dogsAndCats([seed = [0, 0]]: readonly KerasSeed[]): Model {
  return new Sequential([
    Input({ shape: [null, null, 3] }),
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 32, kernelSize: 3, activation: "relu" }),
    new MaxPooling2D(),
    new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }),
    new GlobalAveragePooling2D(),
    new KerasDropout(0.5, seed),
    new Dense({ units: 1, activation: "sigmoid" }),
  ]);
}

const fromLogits = (): TrainerConfig => ({
  optimizer: "adam",
  loss: new SparseCategoricalCrossentropy({ fromLogits: true }),
});

/** Networks N1 to N6, as `tooling/fixtures/networks.py` builds and compiles them. */
export const lessons: Readonly<Record<string, Lesson>> = {
  N1: {
    build: mnistFunctional,
    config: () => ({ optimizer: "rmsprop", loss: "sparse_categorical_crossentropy" }),
  },
  N2: {
    build: ownDigits,
    config: () => ({
      optimizer: new SGD({ learningRate: 0.01, momentum: 0.9 }),
      loss: "categorical_crossentropy",
    }),
  },
  N3: { build: cifar, config: fromLogits },
  N4: { build: flowers, config: fromLogits },
  N5: { build: portraits, config: () => ({ optimizer: new Adam(), loss: new BinaryCrossentropy() }) },
  N6: { build: dogsAndCats, config: () => ({ optimizer: "adam", loss: "binary_crossentropy" }) },
};

import { type ApplicationName, type BuildOptions, applications } from "@featuremap/applications";
import { Dropout, Input, type Model, Sequential } from "@featuremap/layers";
import { Adam, BinaryCrossentropy, SGD, SparseCategoricalCrossentropy, type TrainerConfig } from "@featuremap/training";
import { KerasDropout } from "./keras-dropout.ts";
import type { KerasSeed } from "./keras-random.ts";

/** A network and how it is trained, as its lesson says. */
export interface Lesson {
  /** @param dropoutSeeds one for each dropout layer */
  readonly build: (dropoutSeeds: readonly KerasSeed[]) => Model;
  readonly config: () => TrainerConfig;
}

/** The network of that name, its dropout layers dropping what Keras's drop. */
function fromApplications(name: ApplicationName, options: BuildOptions = {}): Lesson["build"] {
  return (dropoutSeeds) => {
    const model = applications[name].build(options);
    if (!(model instanceof Sequential)) return model;
    const seeds = dropoutSeeds.values();
    const layers = model.layers.map((layer) =>
      layer instanceof Dropout ? new KerasDropout(layer.config.rate, seeds.next().value ?? [0, 0]) : layer,
    );
    const { shape } = model.inputs[0] ?? model.output;
    return new Sequential([Input({ batchShape: shape }), ...layers]);
  };
}

const fromLogits = (): TrainerConfig => ({
  optimizer: "adam",
  loss: new SparseCategoricalCrossentropy({ fromLogits: true }),
});

/** Networks N1 to N6, as `tooling/fixtures/networks/lessons.py` builds and compiles them. */
export const lessons: Readonly<Record<string, Lesson>> = {
  N1: {
    build: fromApplications("n1"),
    config: () => ({ optimizer: "rmsprop", loss: "sparse_categorical_crossentropy" }),
  },
  N2: {
    build: fromApplications("n2"),
    config: () => ({
      optimizer: new SGD({ learningRate: 0.01, momentum: 0.9 }),
      loss: "categorical_crossentropy",
    }),
  },
  N3: { build: fromApplications("n3"), config: fromLogits },
  N4: { build: fromApplications("n4"), config: fromLogits },
  N5: { build: fromApplications("n5"), config: () => ({ optimizer: new Adam(), loss: new BinaryCrossentropy() }) },
  N6: {
    build: fromApplications("n6", { inputShape: [null, null, 3] }),
    config: () => ({ optimizer: "adam", loss: "binary_crossentropy" }),
  },
};

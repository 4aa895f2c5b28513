import { Dense, Dropout, Model } from "@featuremap/layers";
import type { Application } from "../application.ts";
import { type Settings, defineApplication } from "../define-application.ts";
import type { Backbone } from "./backbone.ts";

/**
 * A backbone with a top for classes of one's own: mean features, dropout, and logits.
 *
 * Build options: `inputShape`, `classes`, `seed`, `name` and `dropout`. Only of the top: VGG's dense layers are left out, which would
 * hold most of its weights. Layers of the backbone have Keras's names.
 */
export function backboneApplication(name: string, backbone: Backbone, description: string): Application {
  const { preprocessing } = backbone;
  const [height, width] = preprocessing.size;
  return defineApplication({
    name,
    description,
    backbone,
    inputShape: [height, width, 3],
    preprocessing,
    outputs: "logits",
    loss: "sparseCategoricalCrossentropy",
    defaults: {
      epochs: 10,
      batchSize: 32,
      optimizer: "adam",
      learningRate: 0.001,
      schedule: "cosine",
      warmup: 0.1,
      weightDecay: 0,
      labelSmoothing: 0,
      augment: "light",
    },
    dropout: 0.2,
    make: (settings) => withTop(backbone(baseOf(settings)), settings),
    load: async (settings, weights) => withTop(await backbone.load({ ...baseOf(settings), ...weights }), settings),
  });
}

function baseOf({ inputShape, name, seed }: Settings) {
  return { includeTop: false, inputShape, pooling: "avg", name, seed } as const;
}

function withTop(base: Model, { classes, seed, name, dropout }: Settings): Model {
  const kept = new Dropout({ rate: dropout, name: "top_dropout" }).apply(base.output);
  const outputs = new Dense({ units: classes, name: "predictions" }).apply(kept);
  return new Model({ inputs: base.input, outputs, name, seed });
}

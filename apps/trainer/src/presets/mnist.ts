import { n1 } from "@featuremap/applications";
import { mnist as loadMnist } from "@featuremap/datasets";
import { RMSprop } from "@featuremap/training";
import type { Preset } from "./preset.ts";

/** Handwritten digits, by network N1. */
export const mnist: Preset = {
  name: "mnist",
  imagesAre: "digits",
  defaults: { ...n1.defaults, seed: 1 },
  loss: n1.loss,
  optimizer: "RMSprop",
  load: () => loadMnist(),
  buildModel: (seed) => n1.build({ seed, name: "mnist" }),
  createOptimizer: (learningRate) => new RMSprop({ learningRate }),
};

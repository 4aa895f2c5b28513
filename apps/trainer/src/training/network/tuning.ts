import type { TrainingDefaults } from "@featuremap/applications";

/** For a model that has learned: its weights are near where they should be. */
export const tuning: TrainingDefaults = {
  epochs: 10,
  batchSize: 32,
  optimizer: "adam",
  learningRate: 0.0001,
  schedule: "cosine",
  warmup: 0,
  weightDecay: 0,
  labelSmoothing: 0,
  augment: "light",
};

import type { TrainingDefaults } from "./application.ts";

/** What documents leave to Keras, whose `fit` takes batches of 32: nothing but the optimizer works on the weights. */
export const plainTraining: Omit<TrainingDefaults, "epochs" | "optimizer"> = {
  batchSize: 32,
  learningRate: 0.001,
  schedule: "constant",
  warmup: 0,
  weightDecay: 0,
  labelSmoothing: 0,
  augment: "none",
};

import { trainArguments } from "./train.ts";
import { augmentationOptions } from "./augmentation.ts";
import { dataOptions, learningOptions, runOptions } from "./training.ts";

/** `featuremap find-lr <data>` */
export const findLrArguments: typeof trainArguments = trainArguments;

/** How the rate grows, and where the curve goes. */
const own = {
  minLearningRate: {
    kind: "number",
    group: "Search",
    description: "rate of the first step",
    above: 0,
    default: 1e-6,
  },
  maxLearningRate: {
    kind: "number",
    group: "Search",
    description: "rate of the last step, unless the loss diverges before",
    above: 0,
    default: 1,
  },
  steps: {
    kind: "integer",
    group: "Search",
    description: "number of steps; the rate grows by the same factor each step",
    minimum: 2,
    maximum: 10_000,
    default: 100,
  },
  out: {
    kind: "text",
    group: "Run",
    description: "folder for the curve, as a picture and a table; existing files are never overwritten",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "runs/find-lr-<data>-<number>",
  },
} as const;

const { batchSize, optimizer, weightDecay, loss, labelSmoothing, classWeight, seed } = learningOptions;
const { model } = runOptions;
type Learning = Pick<
  typeof learningOptions,
  "batchSize" | "optimizer" | "weightDecay" | "loss" | "labelSmoothing" | "classWeight" | "seed"
>;

export const findLrOptions: typeof own &
  Learning &
  typeof augmentationOptions &
  typeof dataOptions &
  Pick<typeof runOptions, "model"> = {
  ...own,
  batchSize,
  optimizer,
  weightDecay,
  loss,
  labelSmoothing,
  classWeight,
  seed,
  ...augmentationOptions,
  ...dataOptions,
  model,
};

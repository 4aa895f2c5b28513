/** `featuremap train <preset>` */
export const trainArguments = [
  { name: "preset", description: "what to train: mnist", required: true, suggestions: ["mnist"] },
] as const;

export const trainOptions = {
  epochs: {
    kind: "integer",
    group: "Training",
    description: "passes over the training images",
    minimum: 1,
    defaultIs: "the preset's",
  },
  batchSize: {
    kind: "integer",
    group: "Training",
    description: "images a step",
    minimum: 1,
    defaultIs: "the preset's",
  },
  learningRate: {
    kind: "number",
    group: "Training",
    description: "step size of the optimizer",
    above: 0,
    defaultIs: "the preset's",
  },
  seed: {
    kind: "integer",
    group: "Training",
    description: "start of every random stream; the same seed gives the same losses with the same --threads",
    minimum: 0,
    maximum: 4_294_967_295,
    defaultIs: "the preset's",
  },
  out: {
    kind: "text",
    group: "Run",
    description: "where model/, history.json and config.json go",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "runs/<preset>",
  },
  limit: {
    kind: "integer",
    group: "Run",
    description: "use only the first n images, for a quick try",
    minimum: 1,
  },
} as const;

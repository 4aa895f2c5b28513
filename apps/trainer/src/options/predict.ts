/** `featuremap predict <bundle> <...images>` */
export const predictArguments = [
  { name: "bundle", description: "a saved model, a run's folder or name, or last", required: true, completes: "file" },
  {
    name: "images",
    description: "image files, or mnist",
    required: true,
    rest: true,
    suggestions: ["mnist"],
    completes: "file",
  },
] as const;

export const predictOptions = {
  top: {
    kind: "integer",
    group: "Answers",
    description: "answers for each image",
    minimum: 1,
    defaultIs: "3, or as many as there are labels",
  },
  outputs: {
    kind: "choice",
    group: "Answers",
    description: "what the model gives",
    choices: ["probabilities", "logits", "binaryLogits"],
    defaultIs: "as the bundle or its layers tell",
    placeholder: "kind",
  },
  count: { kind: "integer", group: "Data", description: "how many test images of a dataset", minimum: 1, default: 10 },
  batchSize: {
    kind: "integer",
    group: "Data",
    description: "most images that are classified together",
    minimum: 1,
    default: 64,
  },
  maxPixels: {
    kind: "integer",
    group: "Data",
    description: "refuse image files of more pixels",
    minimum: 1,
    default: 100_000_000,
  },
} as const;

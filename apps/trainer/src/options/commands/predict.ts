/** `featuremap predict <bundle> <...images>` */
export const predictArguments = [
  {
    name: "bundle",
    description: "a saved model, a run's folder or name, or last",
    required: true,
    suggestions: ["last"],
    completes: "file",
  },
  {
    name: "images",
    description: "image files, folders, patterns, - for names on standard input, or mnist and the like",
    required: true,
    rest: true,
    suggestions: ["mnist", "fashion-mnist", "cifar10", "cifar100"],
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
  format: {
    kind: "choice",
    group: "Answers",
    description: "how answers are written",
    choices: ["table", "csv", "jsonl"],
    defaultIs: "as the ending of --out tells, else table",
    placeholder: "name",
  },
  out: {
    kind: "text",
    group: "Answers",
    description: "file that gets the answers, once all are there",
    placeholder: "file",
    completes: "file",
    defaultIs: "standard output",
  },
  outputs: {
    kind: "choice",
    group: "Answers",
    description: "what the model gives",
    choices: ["probabilities", "logits", "binaryLogits"],
    defaultIs: "as the bundle or its layers tell",
    placeholder: "kind",
  },
  null: {
    kind: "flag",
    group: "Data",
    description: "names on standard input end with a null character, as find -print0 has it",
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

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
    description: "image files, folders, patterns, - for names on standard input, or a data set such as mnist",
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
    description: "format of the answers",
    choices: ["table", "csv", "jsonl"],
    defaultIs: "as the ending of --out tells, else table",
    placeholder: "name",
  },
  out: {
    kind: "text",
    group: "Answers",
    description: "file for the answers, written once all are there",
    placeholder: "file",
    completes: "file",
    defaultIs: "standard output",
  },
  outputs: {
    kind: "choice",
    group: "Answers",
    description: "meaning of the model's outputs",
    choices: ["probabilities", "logits", "binaryLogits"],
    defaultIs: "as the bundle or its layers tell",
    placeholder: "kind",
  },
  null: {
    kind: "flag",
    group: "Data",
    description: "names on standard input end with a null character, as from find -print0",
  },
  count: { kind: "integer", group: "Data", description: "how many test images of a dataset", minimum: 1, default: 10 },
  batchSize: {
    kind: "integer",
    group: "Data",
    description: "maximum number of images classified together",
    minimum: 1,
    default: 64,
  },
  maxPixels: {
    kind: "integer",
    group: "Data",
    description: "reject image files with more pixels",
    minimum: 1,
    default: 100_000_000,
  },
} as const;

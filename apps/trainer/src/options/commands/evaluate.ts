/** `featuremap evaluate <bundle> [data]` */
export const evaluateArguments = [
  {
    name: "bundle",
    description: "a saved model, a run's folder or name, or last",
    required: true,
    suggestions: ["last"],
    completes: "file",
  },
  {
    name: "data",
    description:
      "data as for train: a folder, a table, an archive, or a data set such as mnist; if left out, the run's own test pictures",
    required: false,
    suggestions: ["mnist", "fashion-mnist", "cifar10", "cifar100", "flowers", "celeba-gender", "cats-and-dogs"],
    completes: "file",
  },
] as const;

export const evaluateOptions = {
  part: {
    kind: "choice",
    group: "Data",
    description: "which part of the data judges it",
    choices: ["test", "validation", "train", "all"],
    defaultIs: "test, else validation, else all",
    placeholder: "name",
  },
  limit: { kind: "integer", group: "Data", description: "use only this many images", minimum: 1 },
  dataFolder: {
    kind: "text",
    group: "Data",
    description: "folder of a named data set on the disk",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "it is downloaded",
  },
  batchSize: { kind: "integer", group: "Data", description: "images per step", minimum: 1, default: 256 },
  workers: {
    kind: "integer",
    group: "Data",
    description: "threads that read pictures",
    minimum: 0,
    defaultIs: "as many as there are cores to spare",
  },
  outputs: {
    kind: "choice",
    group: "Answers",
    description: "meaning of the model's outputs",
    choices: ["probabilities", "logits", "binaryLogits"],
    defaultIs: "as the bundle or its layers tell",
    placeholder: "kind",
  },
  tta: {
    kind: "flag",
    group: "Answers",
    description: "average the answers to a picture and its mirror image, as in a run with --tta",
  },
  report: {
    kind: "flag",
    group: "Report",
    description: "write report.html, its pictures, predictions.csv and predictions.jsonl",
  },
  out: {
    kind: "text",
    group: "Report",
    description: "folder of the report; implies --report",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "evaluation-<number> in the run's folder, or here for other models",
  },
} as const;

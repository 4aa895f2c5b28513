/** `featuremap evaluate <bundle> <dataset>` */
export const evaluateArguments = [
  { name: "bundle", description: "a saved model, a run's folder or name, or last", required: true, completes: "file" },
  {
    name: "dataset",
    description: "whose test images judge it: mnist, fashion-mnist, cifar10 or cifar100",
    required: true,
    suggestions: ["mnist", "fashion-mnist", "cifar10", "cifar100"],
  },
] as const;

export const evaluateOptions = {
  batchSize: { kind: "integer", group: "Data", description: "images a step", minimum: 1, default: 256 },
  limit: { kind: "integer", group: "Data", description: "use only the first n images", minimum: 1 },
} as const;

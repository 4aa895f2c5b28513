/** `featuremap bench <work>` */
export const benchArguments = [
  { name: "work", description: "what to measure", required: true, choices: ["train", "infer"] },
] as const;

export const benchOptions = {
  network: {
    kind: "choice",
    group: "Work",
    description: "network for MNIST's digits (n1) or CIFAR-10's colour images (n3)",
    choices: ["n1", "n3"],
    default: "n1",
    placeholder: "name",
  },
  batchSize: {
    kind: "integer",
    group: "Work",
    description: "images per step or prediction",
    minimum: 1,
    maximum: 16_384,
    default: 64,
  },
  seed: {
    kind: "integer",
    group: "Work",
    description: "seed of the initial weights and of the synthetic images",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
  },
  rounds: {
    kind: "integer",
    group: "Measurement",
    description: "number of measurements; the median counts",
    minimum: 1,
    maximum: 10_000,
    default: 7,
  },
  seconds: {
    kind: "number",
    group: "Measurement",
    description: "approximate length of a measurement",
    above: 0,
    default: 1,
  },
  kernels: { kind: "flag", group: "Measurement", description: "also show each kernel's share of a step" },
} as const;

/** `featuremap bench <work>` */
export const benchArguments = [
  { name: "work", description: "what to measure", required: true, choices: ["train", "infer"] },
] as const;

export const benchOptions = {
  network: {
    kind: "choice",
    group: "Work",
    description: "for the digits of MNIST (n1) or the colour images of CIFAR-10 (n3)",
    choices: ["n1", "n3"],
    default: "n1",
    placeholder: "name",
  },
  batchSize: {
    kind: "integer",
    group: "Work",
    description: "images a step or prediction",
    minimum: 1,
    maximum: 16_384,
    default: 64,
  },
  seed: {
    kind: "integer",
    group: "Work",
    description: "start of the first weights and of the made-up images",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
  },
  rounds: {
    kind: "integer",
    group: "Measurement",
    description: "measurements, whose median counts",
    minimum: 1,
    maximum: 10_000,
    default: 7,
  },
  seconds: {
    kind: "number",
    group: "Measurement",
    description: "about as long as a measurement takes",
    above: 0,
    default: 1,
  },
  kernels: { kind: "flag", group: "Measurement", description: "also show what each kernel takes of a step" },
} as const;

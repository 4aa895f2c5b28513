import { networkNames } from "../network-names.ts";

/** How a network learns. */
export const learningOptions = {
  epochs: {
    kind: "integer",
    group: "Training",
    description: "passes over the training images",
    minimum: 1,
    defaultIs: "the network's",
  },
  batchSize: {
    kind: "integer",
    group: "Training",
    description: "images per step; auto takes as many as the device has room for, up to 256",
    minimum: 1,
    words: ["auto"],
    defaultIs: "the network's",
  },
  learningRate: {
    kind: "number",
    group: "Training",
    description: "step size of the optimizer; with a schedule, the highest; auto finds one first",
    above: 0,
    words: ["auto"],
    defaultIs: "the network's, or the optimizer's where that is another",
  },
  optimizer: {
    kind: "choice",
    group: "Training",
    description: "rule that updates the weights",
    choices: ["sgd", "rmsprop", "adam", "adamw", "nadam", "adamax", "adagrad", "adadelta", "lion"],
    defaultIs: "the network's",
  },
  schedule: {
    kind: "choice",
    group: "Training",
    description: "how the learning rate changes",
    choices: ["constant", "cosine", "one-cycle", "plateau"],
    defaultIs: "the network's, or constant with another optimizer",
  },
  warmupEpochs: {
    kind: "number",
    group: "Training",
    description: "epochs, or part of one, during which the learning rate rises",
    minimum: 0,
    defaultIs: "the network's",
  },
  weightDecay: {
    kind: "number",
    group: "Training",
    description: "share of each weight that a step removes, times the learning rate",
    minimum: 0,
    defaultIs: "the network's, or the optimizer's where that is another",
  },
  loss: {
    kind: "choice",
    group: "Training",
    description: "function to minimize",
    choices: [
      "sparseCategoricalCrossentropy",
      "categoricalCrossentropy",
      "binaryCrossentropy",
      "categoricalFocalCrossentropy",
      "binaryFocalCrossentropy",
    ],
    defaultIs: "as the network's outputs ask for",
  },
  labelSmoothing: {
    kind: "number",
    group: "Training",
    description: "share of each label that is spread over all classes",
    minimum: 0,
    below: 1,
    defaultIs: "the network's",
  },
  classWeight: {
    kind: "choice",
    group: "Training",
    description: "weight of each class; balanced gives rare classes as much weight as common ones",
    choices: ["none", "balanced"],
    default: "none",
  },
  ema: {
    kind: "number",
    group: "Training",
    description: "also keep a moving average of the weights with this momentum, such as 0.999, and use it",
    above: 0,
    below: 1,
  },
  patience: {
    kind: "integer",
    group: "Training",
    description: "end after this many epochs without a better validation loss",
    minimum: 1,
  },
  freezeEpochs: {
    kind: "integer",
    group: "Training",
    description:
      "with a saved model or --weights: number of first epochs that train only the last layer, at ten times the learning rate",
    minimum: 0,
    defaultIs: "1 where the last layer is new, or 0",
  },
  trainBatchNormalization: {
    kind: "flag",
    group: "Training",
    description:
      "after --freeze-epochs, let batch normalization learn as well; otherwise it keeps its statistics, which few pictures would spoil",
    default: false,
  },
  learningRatePerDepth: {
    kind: "number",
    group: "Training",
    description:
      "with a saved model or --weights: factor of the learning rate for each layer, from the one before the last towards the input, such as 0.9",
    above: 0,
    maximum: 1,
    default: 1,
  },
  frozenFeatures: {
    kind: "choice",
    group: "Training",
    description:
      "while only the last layer learns: keep computes what the other layers make of each picture once, and varies pictures only afterwards; compute does both in every epoch",
    choices: ["keep", "compute"],
    defaultIs: "keep; with --augment, --mixup, --cutmix or --erasing it is compute",
  },
  time: {
    kind: "duration",
    group: "Training",
    description: "end after this time, keeping what was learned; --resume continues",
  },
  seed: {
    kind: "integer",
    group: "Training",
    description: "seed of all random numbers; the same seed gives the same losses with the same --threads",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
  },
} as const;

/** Which pictures are seen, and how large. */
export const dataOptions = {
  imageSize: {
    kind: "size",
    group: "Data",
    description: "size of the network's input, such as 64 or 64x48 (width, height); auto depends on the pictures",
    words: ["auto"],
    default: "auto",
  },
  valFraction: {
    kind: "number",
    group: "Data",
    description: "share of the pictures kept for validation, if the data have no validation part",
    above: 0,
    below: 1,
    defaultIs: "0.2, or 0.1 beside a test part; data sets with a name are judged by their test part",
  },
  fraction: {
    kind: "number",
    group: "Data",
    description: "share of the training pictures to use, for a quick try",
    above: 0,
    maximum: 1,
    default: 1,
  },
  limit: {
    kind: "integer",
    group: "Data",
    description: "use only the first n images, for a quick try",
    minimum: 1,
  },
  dataFolder: {
    kind: "text",
    group: "Data",
    description: "folder of a named data set on the disk; celeba-gender and cats-and-dogs need it",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "it is downloaded",
  },
  workers: {
    kind: "integer",
    group: "Data",
    description: "threads that read pictures",
    minimum: 0,
    defaultIs: "as many as there are cores to spare",
  },
} as const;

/** Where a run goes, and how it begins and ends. */
export const runOptions = {
  report: {
    kind: "flag",
    group: "Run",
    description: "leave out report.html, its pictures and predictions.csv, which are written after training",
    default: true,
  },
  model: {
    kind: "text",
    group: "Run",
    description: "the network: small, resnet, mobilenet-v2 or another name, or a saved model to start from",
    placeholder: "name",
    get suggestions(): readonly string[] {
      return networkNames;
    },
    completes: "file",
    defaultIs: "the data set's, or by the size and number of the pictures",
  },
  weights: {
    kind: "text",
    group: "Run",
    description:
      "for a network of Keras, such as mobilenet-v2: imagenet for its published weights, or a file or address of some without the top",
    placeholder: "file",
    suggestions: ["imagenet"],
    completes: "file",
    defaultIs: "random ones",
  },
  preprocessing: {
    kind: "text",
    group: "Run",
    description:
      "for a saved model that does not tell how a picture becomes its input: keras, torch, none, or a JSON file, as for convert",
    placeholder: "kind",
    suggestions: ["keras", "torch", "none"],
    completes: "file",
    defaultIs: "the model's own",
  },
  out: {
    kind: "text",
    group: "Run",
    description: "folder of the run; an older run in it goes to <folder>-before-<number>",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "runs/<name>-<number>",
  },
  name: {
    kind: "text",
    group: "Run",
    description: "name of the run's folder; a number is added",
    defaultIs: "as the data",
  },
  resume: {
    kind: "text",
    group: "Run",
    description: "continue a run exactly where it ended; alone: the last one of the data, or of all",
    placeholder: "run",
    completes: "folder",
    bare: "last",
  },
  dryRun: {
    kind: "flag",
    group: "Run",
    description: "open the data, build the network, take two steps, and keep nothing",
  },
  tta: {
    kind: "flag",
    group: "Run",
    description: "judge in the end by the mean of the answers to a picture and its mirror image",
  },
  featureMemory: {
    kind: "number",
    group: "Run",
    description:
      "gigabytes of memory for features that --freeze-epochs keeps; more go to a file in the run's folder meanwhile",
    minimum: 0,
    defaultIs: "a quarter of what is free",
  },
  saveEvery: {
    kind: "duration",
    group: "Run",
    description: "time between checkpoints, in addition to those after each epoch",
    default: 300,
  },
  saveSteps: {
    kind: "integer",
    group: "Run",
    description: "save a checkpoint after this many steps instead",
    minimum: 1,
  },
} as const;

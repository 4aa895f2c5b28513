/*
 * Options of training by group, apart from those that `train.ts` has today. A group is switched on by spreading it into the
 * options of `train`: in `Commands` for the types, and in `declare-commands.ts`.
 */

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
    description: "images a step; auto takes as many, up to 256, as the device has room for",
    minimum: 1,
    words: ["auto"],
    defaultIs: "the network's",
  },
  learningRate: {
    kind: "number",
    group: "Training",
    description: "step size of the optimizer; where a schedule moves it, the highest; auto looks for it first",
    above: 0,
    words: ["auto"],
    defaultIs: "the network's, or the optimizer's where that is another",
  },
  optimizer: {
    kind: "choice",
    group: "Training",
    description: "what moves the weights",
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
    description: "epochs, or part of one, in which the learning rate rises",
    minimum: 0,
    defaultIs: "the network's",
  },
  weightDecay: {
    kind: "number",
    group: "Training",
    description: "share of each weight that a step takes off, times the learning rate",
    minimum: 0,
    defaultIs: "the network's, or the optimizer's where that is another",
  },
  loss: {
    kind: "choice",
    group: "Training",
    description: "what is made small",
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
    description: "share of the truth that goes to all classes alike",
    minimum: 0,
    below: 1,
    defaultIs: "the network's",
  },
  classWeight: {
    kind: "choice",
    group: "Training",
    description: "what the images of a class count: balanced gives rare classes as much as common ones",
    choices: ["none", "balanced"],
    default: "none",
  },
  ema: {
    kind: "number",
    group: "Training",
    description: "also keep a moving average of the weights with this momentum, as 0.999, and answer with it",
    above: 0,
    below: 1,
  },
  patience: {
    kind: "integer",
    group: "Training",
    description: "end after so many epochs without a better validation loss",
    minimum: 1,
  },
  time: {
    kind: "duration",
    group: "Training",
    description: "end after that time with what was learned; --resume goes on from there",
  },
  seed: {
    kind: "integer",
    group: "Training",
    description: "start of every random stream; the same seed gives the same losses with the same --threads",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
  },
} as const;

/** How training pictures are changed. */
export const augmentationOptions = {
  augment: {
    kind: "choice",
    group: "Augmentation",
    description: "how the pictures are varied",
    choices: ["none", "light", "strong", "randaugment", "trivial"],
    defaultIs: "the network's",
  },
  mixup: {
    kind: "number",
    group: "Augmentation",
    description: "blend each picture with another of the batch, by a share from Beta(x, x); 0 for never",
    minimum: 0,
    default: 0,
  },
  cutmix: {
    kind: "number",
    group: "Augmentation",
    description: "put a box of another picture of the batch into each; 1 is usual, 0 for never",
    minimum: 0,
    maximum: 1,
    default: 0,
  },
  erasing: {
    kind: "number",
    group: "Augmentation",
    description: "chance that a box of a picture is erased",
    minimum: 0,
    maximum: 1,
    default: 0,
  },
} as const;

/** Which pictures are seen, and how large. */
export const dataOptions = {
  imageSize: {
    kind: "size",
    group: "Data",
    description: "size of the network's input, as 64 or 64x48 (across, down); auto goes by the pictures",
    words: ["auto"],
    default: "auto",
  },
  valFraction: {
    kind: "number",
    group: "Data",
    description: "share of the pictures that is kept for validation, where there are none for it",
    above: 0,
    below: 1,
    defaultIs: "0.2, or 0.1 beside a test part; data sets with a name are judged by their test part",
  },
  fraction: {
    kind: "number",
    group: "Data",
    description: "share of the training pictures that is used, for a quick try",
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
    description: "where a data set with a name lies on the disk; celeba-gender and cats-and-dogs need it",
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
    description: "write report.html, its pictures and predictions.csv when training has ended",
    default: true,
  },
  model: {
    kind: "text",
    group: "Run",
    description: "the network: small, resnet, mobile or another by its name, or a saved model to go on from",
    placeholder: "name",
    completes: "file",
    defaultIs: "the data set's, or by the size and number of the pictures",
  },
  out: {
    kind: "text",
    group: "Run",
    description: "folder of the run, which is made anew if it is there",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "runs/<name>-<number>",
  },
  name: {
    kind: "text",
    group: "Run",
    description: "what the run's folder is called; a number is added",
    defaultIs: "as the data",
  },
  resume: {
    kind: "text",
    group: "Run",
    description: "go on with a run exactly where it ended; by itself with the last one of the data, or of all",
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
    description: "judge in the end by the mean of the answers to a picture and to its mirror image",
  },
  saveEvery: {
    kind: "duration",
    group: "Run",
    description: "save a checkpoint so often, beside that after each epoch",
    default: 300,
  },
  saveSteps: {
    kind: "integer",
    group: "Run",
    description: "save a checkpoint after so many steps instead",
    minimum: 1,
  },
} as const;

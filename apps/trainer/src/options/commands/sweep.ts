import type { SpaceOption } from "../option.ts";
import { trainArguments } from "./train.ts";
import { augmentationOptions } from "./augmentation.ts";
import { dataOptions, learningOptions, runOptions } from "./training.ts";

/** `featuremap sweep <data>` */
export const sweepArguments: typeof trainArguments = trainArguments;

const { time: _time, seed: _seed, ...learning } = learningOptions;
const { imageSize, fraction } = dataOptions;
const { model, saveEvery, saveSteps } = runOptions;

/** Options whose values can be tried: all that decide how good a model becomes, and leave alone what it is judged by. */
export const sweepable: Omit<typeof learningOptions, "time" | "seed"> &
  typeof augmentationOptions &
  Pick<typeof dataOptions, "imageSize" | "fraction"> &
  Pick<typeof runOptions, "model"> = { ...learning, ...augmentationOptions, imageSize, fraction, model };

const spaces: {
  readonly grid: SpaceOption & { readonly of: typeof sweepable };
  readonly random: SpaceOption & { readonly of: typeof sweepable; readonly ranges: true };
} = {
  grid: {
    kind: "space",
    group: "Search",
    description:
      "values of an option to try, such as model=small,resnet, in all combinations; may be given several times",
    of: sweepable,
  },
  random: {
    kind: "space",
    group: "Search",
    description:
      "values of an option to draw from, or a range, such as learning-rate=1e-4..1e-1:log; may be given several times",
    of: sweepable,
    ranges: true,
  },
};

const search = {
  trials: {
    kind: "integer",
    group: "Search",
    description: "draws of --random, for each combination of --grid",
    minimum: 1,
    maximum: 10_000,
    default: 10,
  },
  method: {
    kind: "choice",
    group: "Search",
    description: "whether trials train for all of --epochs or, by successive halving, only the best of each round",
    choices: ["full", "halving"],
    default: "full",
  },
  eta: {
    kind: "integer",
    group: "Search",
    description: "halving keeps one trial in this many, for this many times the epochs",
    minimum: 2,
    maximum: 100,
    default: 3,
  },
  minEpochs: {
    kind: "integer",
    group: "Search",
    description: "halving trains each trial for at least this many epochs",
    minimum: 1,
    default: 1,
  },
  objective: {
    kind: "choice",
    group: "Search",
    description: "figure by which trials are compared, on the validation pictures",
    choices: ["val_accuracy", "val_loss"],
    default: "val_accuracy",
  },
  time: {
    kind: "duration",
    group: "Search",
    description: "end after this time, keeping the trials so far; --resume continues",
  },
  seed: {
    kind: "integer",
    group: "Search",
    description:
      "seed of the draws and of every trial; the same seed gives the same trials and the same validation part",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
  },
} as const;

const run = {
  name: {
    kind: "text",
    group: "Run",
    description: "name of the folder; a number is added",
    defaultIs: "as the data",
  },
  out: {
    kind: "text",
    group: "Run",
    description: "folder of the sweep, with a run for each trial; must not hold another sweep",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "runs/sweep-<name>-<number>",
  },
  resume: {
    kind: "text",
    group: "Run",
    description: "continue a sweep where it ended; alone: the last one of the data, or of all",
    placeholder: "sweep",
    completes: "folder",
    bare: "last",
  },
  dryRun: { kind: "flag", group: "Run", description: "list and check the trials without training" },
} as const;

export const sweepOptions: typeof spaces &
  typeof search &
  Omit<typeof learningOptions, "time" | "seed"> &
  typeof augmentationOptions &
  typeof dataOptions &
  Pick<typeof runOptions, "model" | "saveEvery" | "saveSteps"> &
  typeof run = {
  ...spaces,
  ...search,
  ...learning,
  ...augmentationOptions,
  ...dataOptions,
  model,
  ...run,
  saveEvery,
  saveSteps,
};

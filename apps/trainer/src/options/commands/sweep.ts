import type { SpaceOption } from "../option.ts";
import { trainArguments } from "./train.ts";
import { augmentationOptions, dataOptions, learningOptions, runOptions } from "./training.ts";

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
      "values of an option to try, as model=small,resnet, each with those of every other; may be given several times",
    of: sweepable,
  },
  random: {
    kind: "space",
    group: "Search",
    description:
      "values of an option to draw from, or a range, as learning-rate=1e-4..1e-1:log; may be given several times",
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
    description:
      "how long trials train, all of --epochs or, by successive halving, only the best of each round so long",
    choices: ["full", "halving"],
    default: "full",
  },
  eta: {
    kind: "integer",
    group: "Search",
    description: "halving goes on with one trial in so many, for so many times the epochs",
    minimum: 2,
    maximum: 100,
    default: 3,
  },
  minEpochs: {
    kind: "integer",
    group: "Search",
    description: "halving trains each trial for so many epochs at least",
    minimum: 1,
    default: 1,
  },
  objective: {
    kind: "choice",
    group: "Search",
    description: "what trials are compared by, on the validation pictures",
    choices: ["val_accuracy", "val_loss"],
    default: "val_accuracy",
  },
  time: {
    kind: "duration",
    group: "Search",
    description: "end after that time with what was tried; --resume goes on from there",
  },
  seed: {
    kind: "integer",
    group: "Search",
    description:
      "start of the draws and of every trial; the same seed gives the same trials and the same validation part",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
  },
} as const;

const run = {
  name: {
    kind: "text",
    group: "Run",
    description: "what the folder is called; a number is added",
    defaultIs: "as the data",
  },
  out: {
    kind: "text",
    group: "Run",
    description: "folder of the sweep, with a run for each trial; one that holds another sweep is refused",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "runs/sweep-<name>-<number>",
  },
  resume: {
    kind: "text",
    group: "Run",
    description: "go on with a sweep where it ended; by itself with the last one of the data, or of all",
    placeholder: "sweep",
    completes: "folder",
    bare: "last",
  },
  dryRun: { kind: "flag", group: "Run", description: "list the trials and check them, and train none" },
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

import { networkNames } from "../network-names.ts";
import { trainArguments } from "./train.ts";
import { dataOptions } from "./training.ts";

/** `featuremap data info <data>` and its like: what `train` takes. */
export const dataArguments: typeof trainArguments = trainArguments;

const seedOption = {
  seed: {
    kind: "integer",
    group: "Data",
    description: "seed of all random numbers; train splits the data alike with the same seed",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
  },
} as const;

const plannedOptions = {
  imageSize: {
    kind: "size",
    group: "Training",
    description: "size of the network's input, as for train",
    words: ["auto"],
    default: "auto",
  },
  model: {
    kind: "text",
    group: "Training",
    description: "the network, as for train",
    placeholder: "name",
    get suggestions(): readonly string[] {
      return networkNames;
    },
    completes: "file",
    defaultIs: "the data set's, or by the size and number of the pictures",
  },
} as const;

type Planned = typeof plannedOptions & Pick<typeof dataOptions, "valFraction" | "dataFolder"> & typeof seedOption;

const { dataFolder, valFraction } = dataOptions;

/** `featuremap data info <data>` */
export const dataInfoOptions: Planned = { ...plannedOptions, valFraction, ...seedOption, dataFolder };

const splitOptions = {
  valFraction: {
    kind: "number",
    group: "Parts",
    description: "share of each class for validation, if the data have no validation part",
    above: 0,
    below: 1,
    defaultIs: "0.2",
  },
  testFraction: {
    kind: "number",
    group: "Parts",
    description: "share of each class for a test part, where the data have none",
    above: 0,
    below: 1,
    defaultIs: "none",
  },
  nearDuplicates: {
    kind: "flag",
    group: "Parts",
    description: "decode no pictures, and allow near duplicates in different parts",
    default: true,
  },
  out: {
    kind: "text",
    group: "Output",
    description: "table to write, with path, label and part; paths are relative to its folder",
    placeholder: "file",
    completes: "file",
    default: "split.csv",
  },
  force: { kind: "flag", group: "Output", description: "overwrite an existing file" },
} as const;

const healthOptions = {
  model: {
    kind: "text",
    group: "Labels",
    description:
      "a run or a saved model whose answers find labels that are probably wrong; with a run, for pictures that it was not trained on",
    placeholder: "model",
    completes: "file",
  },
  out: {
    kind: "text",
    group: "Output",
    description: "file for all findings as JSON",
    placeholder: "file",
    completes: "file",
  },
  page: {
    kind: "text",
    group: "Output",
    description: "file for the findings with their pictures: .html, .svg or .png",
    placeholder: "file",
    completes: "file",
  },
  force: { kind: "flag", group: "Output", description: "overwrite existing files" },
  strict: { kind: "flag", group: "Output", description: "exit with 1 if anything was found" },
} as const;

type Health = typeof healthOptions & Pick<typeof dataOptions, "dataFolder" | "workers">;

/** `featuremap data health <data>` */
export const dataHealthOptions: Health = { ...healthOptions, dataFolder, workers: dataOptions.workers };

type Split = typeof splitOptions & typeof seedOption & Pick<typeof dataOptions, "workers">;

/** `featuremap data split <data>` */
export const dataSplitOptions: Split = { ...splitOptions, ...seedOption, workers: dataOptions.workers };

const previewOptions = {
  count: {
    kind: "integer",
    group: "Pictures",
    description: "pictures of each class",
    minimum: 1,
    maximum: 100,
    default: 4,
  },
  augment: {
    kind: "choice",
    group: "Pictures",
    description: "also show each picture as training varies it",
    choices: ["none", "light", "strong", "randaugment", "trivial"],
    default: "none",
  },
  erasing: {
    kind: "number",
    group: "Pictures",
    description: "chance that a box of a picture is erased",
    minimum: 0,
    maximum: 1,
    default: 0,
  },
  draws: {
    kind: "integer",
    group: "Pictures",
    description: "number of variations of each picture, if it is varied",
    minimum: 1,
    maximum: 100,
    default: 5,
  },
  out: {
    kind: "text",
    group: "Output",
    description: "file to write, .png or .svg",
    placeholder: "file",
    completes: "file",
    default: "preview.png",
  },
  force: { kind: "flag", group: "Output", description: "overwrite an existing file" },
} as const;

type Preview = typeof previewOptions &
  typeof plannedOptions &
  typeof seedOption &
  Pick<typeof dataOptions, "dataFolder" | "workers">;

/** `featuremap data preview <data>` */
export const dataPreviewOptions: Preview = {
  ...previewOptions,
  ...plannedOptions,
  ...seedOption,
  dataFolder,
  workers: dataOptions.workers,
};

/** `featuremap data pack <data>` */
export const dataPackOptions: Planned & Pick<typeof dataOptions, "workers"> = {
  ...dataInfoOptions,
  workers: dataOptions.workers,
};

/** `featuremap data fetch <dataset>` */
export const dataFetchArguments = [
  {
    name: "dataset",
    description: "name of a data set",
    required: true,
    choices: ["mnist", "fashion-mnist", "cifar10", "cifar100", "flowers", "celeba-gender", "cats-and-dogs"],
  },
] as const;

export const dataFetchOptions = {
  out: {
    kind: "text",
    group: "Output",
    description: "folder to download to",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "downloads in the cache folder, where train looks",
  },
} as const;

import { trainArguments } from "./train.ts";
import { dataOptions } from "./training.ts";

/** `featuremap data info <data>` and its like: what `train` takes. */
export const dataArguments: typeof trainArguments = trainArguments;

const seedOption = {
  seed: {
    kind: "integer",
    group: "Data",
    description: "start of what is drawn at random; train divides the data alike with the same",
    minimum: 0,
    maximum: 4_294_967_295,
    default: 1,
  },
} as const;

const plannedOptions = {
  imageSize: {
    kind: "size",
    group: "Training",
    description: "size of the network's input, as train would be told",
    words: ["auto"],
    default: "auto",
  },
  model: {
    kind: "text",
    group: "Training",
    description: "the network, as train would be told",
    placeholder: "name",
    completes: "file",
    defaultIs: "the data set's, or by the size and number of the pictures",
  },
} as const;

type Planned = typeof plannedOptions & Pick<typeof dataOptions, "valFraction" | "dataFolder"> & typeof seedOption;

const { dataFolder, valFraction } = dataOptions;

/** `featuremap data info <data>` */
export const dataInfoOptions: Planned = { ...plannedOptions, valFraction, ...seedOption, dataFolder };

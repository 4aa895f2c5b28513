import { dataOptions } from "./training.ts";

/** `featuremap inspect <bundle>` */
export const inspectArguments = [
  {
    name: "bundle",
    description: "a saved model, a run's folder or name, or last",
    required: true,
    suggestions: ["last"],
    completes: "file",
  },
] as const;

const ownOptions = {
  filters: {
    kind: "flag",
    group: "Pictures",
    description: "draw the filters of the first convolution, or of --layer; drawn if nothing else is asked for",
  },
  featureMaps: {
    kind: "text",
    group: "Pictures",
    description: "draw an image's feature maps: of the first convolution, the last and one between, or of --layer",
    placeholder: "image",
    completes: "file",
  },
  gradCam: {
    kind: "text",
    group: "Pictures",
    description: "draw where the network sees the class in an image, by the last spatial layer, or by --layer",
    placeholder: "image",
    completes: "file",
  },
  occlusion: {
    kind: "text",
    group: "Pictures",
    description: "draw how much less probable the class becomes with each part of an image covered",
    placeholder: "image",
    completes: "file",
  },
  layer: {
    kind: "list",
    group: "Choice",
    description: "layers by name, path (backbone/conv2d) or position, counted from 0",
    placeholder: "names",
  },
  class: {
    kind: "text",
    group: "Choice",
    description: "class for --grad-cam and --occlusion",
    placeholder: "label",
    defaultIs: "the predicted one",
  },
  camMethod: {
    kind: "choice",
    group: "Choice",
    description: "how --grad-cam weights gradients",
    choices: ["gradCam", "hiResCam", "gradCamPlusPlus"],
    default: "gradCam",
    placeholder: "name",
  },
  count: {
    kind: "integer",
    group: "Choice",
    description: "maximum number of filters, and of feature maps per layer",
    minimum: 1,
    maximum: 4096,
    defaultIs: "64 filters and 32 maps",
  },
  each: {
    kind: "flag",
    group: "Files",
    description: "a file for each filter and map, instead of one for each layer",
  },
  out: {
    kind: "text",
    group: "Files",
    description: "folder for the pictures; pictures with the same names are replaced",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "inspect in the run's folder, or in this one",
  },
  maxPixels: {
    kind: "integer",
    group: "Files",
    description: "reject image files with more pixels",
    minimum: 1,
    default: 100_000_000,
  },
} as const;

const { dataFolder } = dataOptions;

export const inspectOptions: typeof ownOptions & Pick<typeof dataOptions, "dataFolder"> = { ...ownOptions, dataFolder };

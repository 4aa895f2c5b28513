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
    description: "the filters of the first convolution, or of --layer; shown where nothing else is asked for",
  },
  featureMaps: {
    kind: "text",
    group: "Pictures",
    description: "what convolutions make of an image: the first, the last and one between, or --layer",
    placeholder: "image",
    completes: "file",
  },
  gradCam: {
    kind: "text",
    group: "Pictures",
    description: "where in an image the network sees its class, by the last layer that has places, or by --layer",
    placeholder: "image",
    completes: "file",
  },
  occlusion: {
    kind: "text",
    group: "Pictures",
    description: "how much less probable its class becomes with each part of an image covered",
    placeholder: "image",
    completes: "file",
  },
  layer: {
    kind: "list",
    group: "Choice",
    description: "layers by name, by path (backbone/conv2d) or by place, counted from 0",
    placeholder: "names",
  },
  class: {
    kind: "text",
    group: "Choice",
    description: "class that --grad-cam and --occlusion are about",
    placeholder: "label",
    defaultIs: "the predicted one",
  },
  camMethod: {
    kind: "choice",
    group: "Choice",
    description: "how --grad-cam weighs gradients",
    choices: ["gradCam", "hiResCam", "gradCamPlusPlus"],
    default: "gradCam",
    placeholder: "name",
  },
  count: {
    kind: "integer",
    group: "Choice",
    description: "most filters, and most feature maps of a layer",
    minimum: 1,
    maximum: 4096,
    defaultIs: "64 filters and 32 maps",
  },
  each: {
    kind: "flag",
    group: "Files",
    description: "a file for each filter and each map, instead of one of all of a layer",
  },
  out: {
    kind: "text",
    group: "Files",
    description: "folder for the pictures; those of the same names are replaced",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "inspect in the run's folder, or in this one",
  },
  maxPixels: {
    kind: "integer",
    group: "Files",
    description: "refuse image files of more pixels",
    minimum: 1,
    default: 100_000_000,
  },
} as const;

const { dataFolder } = dataOptions;

export const inspectOptions: typeof ownOptions & Pick<typeof dataOptions, "dataFolder"> = { ...ownOptions, dataFolder };

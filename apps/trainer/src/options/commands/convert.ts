/** `featuremap convert <model> <target>` */
export const convertArguments = [
  {
    name: "model",
    description: "a model's file, folder or address, of any format; a run's folder or name, or last",
    required: true,
    suggestions: ["last"],
    completes: "file",
  },
  {
    name: "target",
    description:
      "a file that ends in .keras, .onnx, .weights.h5 or .safetensors; or a folder, for TensorFlow.js one named …tfjs",
    required: true,
    completes: "file",
  },
] as const;

export const convertOptions = {
  to: {
    kind: "choice",
    group: "Convert",
    description: "the format to write",
    choices: ["bundle", "keras", "keras-weights", "onnx", "safetensors", "tfjs"],
    placeholder: "format",
    defaultIs: "by the target's name",
  },
  labels: {
    kind: "text",
    group: "Convert",
    description:
      "names of the classes in the order of the outputs, with commas between; or a file of them, one a line or a JSON list",
    placeholder: "names",
    completes: "file",
    defaultIs: "the model's own, if it has any",
  },
  preprocessing: {
    kind: "text",
    group: "Convert",
    description:
      "how a picture becomes the input: keras (from -1 to 1), torch (ImageNet's mean and deviation), none (0 to 255), or a JSON file",
    placeholder: "kind",
    suggestions: ["keras", "torch", "none"],
    completes: "file",
    defaultIs: "the model's own, if it has any",
  },
  verify: {
    kind: "text",
    group: "Convert",
    description:
      "load what would be written, and compare its answers with the model's, also on the pictures of a folder",
    placeholder: "folder",
    completes: "folder",
    bare: "random",
    defaultIs: "nothing is compared",
  },
  force: { kind: "flag", group: "Convert", description: "overwrite an existing file or folder" },
} as const;

/** `featuremap export <bundle>` */
export const exportArguments = [
  {
    name: "bundle",
    description: "a saved model, a run's folder or name, or last",
    required: true,
    suggestions: ["last"],
    completes: "file",
  },
] as const;

export const exportOptions = {
  out: {
    kind: "text",
    group: "Export",
    description: "a new or empty folder, or one with an older model; or a page of a single file, such as model.html",
    placeholder: "path",
    completes: "file",
  },
  dtype: {
    kind: "choice",
    group: "Export",
    description: "how the weights are stored: float16 takes half the bytes, int8 a quarter",
    choices: ["float32", "float16", "int8"],
    default: "float32",
    placeholder: "type",
  },
  force: { kind: "flag", group: "Export", description: "overwrite an existing page, or the model itself" },
  data: {
    kind: "text",
    group: "Accuracy",
    description: "data as for evaluate, to judge the model by before and after",
    placeholder: "data",
    completes: "file",
    defaultIs: "it is not judged",
  },
  maxLoss: {
    kind: "number",
    group: "Accuracy",
    description: "refuse to write a model that loses more of its accuracy",
    minimum: 0,
    placeholder: "share",
    defaultIs: "0.01 where it is judged",
  },
  part: {
    kind: "choice",
    group: "Accuracy",
    description: "which part of the data judges it",
    choices: ["test", "validation", "train", "all"],
    defaultIs: "test, else validation, else all",
    placeholder: "name",
  },
  limit: { kind: "integer", group: "Accuracy", description: "use only this many images", minimum: 1 },
  dataFolder: {
    kind: "text",
    group: "Accuracy",
    description: "folder of a named data set on the disk",
    placeholder: "folder",
    completes: "folder",
    defaultIs: "it is downloaded",
  },
} as const;

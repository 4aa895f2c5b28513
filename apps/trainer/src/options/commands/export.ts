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
    description: "a new or empty folder, or one with an older model",
    placeholder: "folder",
    completes: "folder",
  },
} as const;

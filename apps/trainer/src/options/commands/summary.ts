/** `featuremap summary <bundle>` */
export const summaryArguments = [
  {
    name: "bundle",
    description: "a saved model, a run's folder or name, or last",
    required: true,
    suggestions: ["last"],
    completes: "file",
  },
] as const;

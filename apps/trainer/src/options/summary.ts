/** `featuremap summary <bundle>` */
export const summaryArguments = [
  { name: "bundle", description: "the model", required: true, completes: "file" },
] as const;

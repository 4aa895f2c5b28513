/** `featuremap init` */
export const initArguments = [] as const;

export const initOptions = {
  yes: {
    kind: "flag",
    group: "Questions",
    description: "ask nothing, and take the usual answers: the first folder of pictures here, or mnist",
  },
} as const;

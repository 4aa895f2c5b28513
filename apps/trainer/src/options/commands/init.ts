/** `featuremap init` */
export const initArguments = [] as const;

export const initOptions = {
  yes: {
    kind: "flag",
    group: "Questions",
    description: "ask nothing, and write what is usual: the first folder of pictures here, or mnist",
  },
} as const;

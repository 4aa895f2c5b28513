import { dataOptions } from "./training.ts";

/** `featuremap doctor [subject]` */
export const doctorArguments = [
  {
    name: "subject",
    description: "data that you want to train on, or a run: what train would do is said, too",
    required: false,
    completes: "file",
  },
] as const;

export const doctorOptions: Pick<typeof dataOptions, "dataFolder"> = { dataFolder: dataOptions.dataFolder };

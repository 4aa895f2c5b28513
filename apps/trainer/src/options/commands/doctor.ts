import { dataOptions } from "./training.ts";

/** `featuremap doctor [subject]` */
export const doctorArguments = [
  {
    name: "subject",
    description: "data to train on, or a run; also reports what train would do",
    required: false,
    completes: "file",
  },
] as const;

export const doctorOptions: Pick<typeof dataOptions, "dataFolder"> = { dataFolder: dataOptions.dataFolder };

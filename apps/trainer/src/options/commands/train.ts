import { augmentationOptions } from "./augmentation.ts";
import { dataOptions, learningOptions, runOptions } from "./training.ts";

/** `featuremap train <data>` */
export const trainArguments = [
  {
    name: "data",
    description: "a folder of class folders, a table, an archive, or the name of a data set such as mnist",
    required: true,
    suggestions: ["mnist", "fashion-mnist", "cifar10", "cifar100", "flowers", "celeba-gender", "cats-and-dogs"],
    completes: "file",
  },
] as const;

export const trainOptions: typeof learningOptions &
  typeof augmentationOptions &
  typeof dataOptions &
  typeof runOptions = { ...learningOptions, ...augmentationOptions, ...dataOptions, ...runOptions };

import type { LeftOut, Part } from "./part.ts";

/** The parts of a data set, as they were found. */
export interface FoundParts {
  readonly train: Part;
  readonly validation?: Part | undefined;
  readonly test?: Part | undefined;
  /** Folders among those of classes that are none. */
  readonly passedOver?: readonly LeftOut[];
}

/** What a network is trained on. */
export interface TrainingData extends FoundParts {
  /** What runs are called after: "photos", "cifar10". */
  readonly name: string;
  /** Where it came from: a folder with class folders, a file, or a data set that has a name. */
  readonly kind: "folder" | "file" | "dataset";
  /** What opens it again, wherever that is done: an absolute path, or the name. */
  readonly location: string;
  /** Where paths of its pictures begin, as far as they are files on the disk. */
  readonly folder?: string | undefined;
  /** "images", "digits". */
  readonly imagesAre: string;
  readonly classNames: readonly string[];
}

/** Which of the parts answers are judged by after an epoch, and which at the end. */
export type PartName = "train" | "validation" | "test";

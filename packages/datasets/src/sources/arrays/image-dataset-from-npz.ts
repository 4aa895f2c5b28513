import { openFile, requirePath } from "#local-files";
import { type Preprocessing, plainPreprocessing } from "@featuremap/images";
import { isBlob } from "@featuremap/files";
import {
  FormatError,
  type HostArray,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  formatShape,
} from "@featuremap/tensor";
import { ImageDataset } from "./image-dataset.ts";
import { bytesOfBlob } from "../bytes/byte-source.ts";
import type { TrainAndTest } from "../named/mnist.ts";
import { checkClassNames } from "../pictures/files/classes.ts";
import { readNpz } from "./npz.ts";

/** How {@link imageDatasetFromNpz} reads. */
export interface NpzOptions {
  /** What each class index stands for. Default: the indices as texts. */
  readonly classNames?: readonly string[];
  /** How pixels become a model's input. Default: `scale` 1 / 255. */
  readonly preprocessing?: Preprocessing;
}

const names: OptionNames<NpzOptions> = { classNames: true, preprocessing: true };
const arrays = ["x_train", "y_train", "x_test", "y_test"] as const;

/**
 * The arrays `x_train`, `y_train`, `x_test` and `y_test` of a file of numpy, as Keras keeps `mnist.npz`.
 *
 * Pictures are bytes, or whole numbers in [0, 255], of shape `[count, height, width]` or with 1 or 3 channels behind; labels
 * are class indices of shape `[count]` or `[count, 1]`.
 *
 * @param file a path, or in a page the file that a person chose
 * @throws {UnavailableError} it cannot be read.
 * @throws {FormatError} it is not such a file, damaged, or lacks an array.
 * @throws {InvalidConfigError} the arrays are not pictures and classes, or an option is unknown or not what it may be.
 */
export async function imageDatasetFromNpz(file: string | URL | Blob, options: NpzOptions = {}): Promise<TrainAndTest> {
  const owner = "imageDatasetFromNpz";
  checkOptions(owner, options, names);
  const given = checkClassNames(owner, options.classNames);
  const source = isBlob(file) ? bytesOfBlob(file) : await openFile(requirePath(owner, "file", file));
  const found = await readNpz(source, arrays);
  const [xTrain, yTrain, xTest, yTest] = arrays.map((name) => found.get(name) as HostArray) as [
    HostArray,
    HostArray,
    HostArray,
    HostArray,
  ];
  let most = 0;
  for (const { data } of [yTrain, yTest]) for (const label of data) most = Math.max(most, label);
  if (given === undefined && !(most < 100_000)) {
    throw new FormatError(source.name, "its classes", "indices below 100,000", `${most}`);
  }
  const classNames = given ?? Array.from({ length: most + 1 }, (_, index) => String(index));
  const [, height = 0, width = 0, channels = 1] = xTrain.shape;
  if (xTrain.rank < 3 || xTrain.rank > 4 || (channels !== 1 && channels !== 3)) {
    const expected = "of shape [count, height, width], or with a last axis of 1 or 3 channels";
    throw new FormatError(source.name, "x_train", expected, formatShape(xTrain.shape));
  }
  const usual = (): Preprocessing => plainPreprocessing([height, width], channels === 1 ? "grayscale" : "rgb", 1 / 255);
  const preprocessing = options.preprocessing ?? usual();
  if (typeof preprocessing !== "object")
    throw new InvalidConfigError(owner, "preprocessing", "an object", preprocessing);
  return {
    train: new ImageDataset({ images: xTrain, labels: yTrain, classNames, preprocessing }),
    test: new ImageDataset({ images: xTest, labels: yTest, classNames, preprocessing }),
  };
}

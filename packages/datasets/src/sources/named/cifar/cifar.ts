import { isFolderAt, joinPath, requirePath } from "#local-files";
import { cachedDownload, readFileIfAny } from "@featuremap/files";
import { plainPreprocessing } from "@featuremap/images";
import { HostArray, InvalidConfigError, type OptionNames, UnavailableError, checkOptions } from "@featuremap/tensor";
import { ImageDataset } from "../../arrays/image-dataset.ts";
import { openArchiveFile } from "../../archives/open-archive-file.ts";
import { type DownloadOptions, downloadNames, downloadOptionsOf } from "../download-options.ts";
import type { TrainAndTest } from "../mnist.ts";
import { cifar100Names, cifar10Names, cifar20Names } from "./cifar-class-names.ts";
import { type CifarImages, type CifarLabels, parseCifarBinary, parseCifarPython } from "./cifar-images.ts";

/** Where {@link cifar10} reads from. */
export interface CifarOptions extends DownloadOptions {
  /**
   * The archive, as `cifar-10-binary.tar.gz` or `cifar-10-python.tar.gz`, or a folder with its files. Default: the binary one
   * is downloaded into the cache folder.
   */
  readonly directory?: string | URL;
}

/** Where {@link cifar100} reads from, and which labels it takes. */
export interface Cifar100Options extends CifarOptions {
  /** `fine`: the 100 classes. `coarse`: their 20 groups. Default: `fine`. */
  readonly labelMode?: "fine" | "coarse";
}

/** An edition of the data: how its files are called, and how each is read. */
interface Edition {
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: string;
  readonly parse: (bytes: Uint8Array, source: string, labels: CifarLabels) => CifarImages;
}

interface Cifar {
  readonly owner: string;
  readonly address: string;
  readonly sha256: string;
  readonly editions: readonly Edition[];
}

const batchNumbers = [1, 2, 3, 4, 5];
const ten: Cifar = {
  owner: "cifar10",
  address: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
  editions: [
    {
      folder: "cifar-10-batches-bin",
      train: batchNumbers.map((number) => `data_batch_${number}.bin`),
      test: "test_batch.bin",
      parse: parseCifarBinary,
    },
    {
      folder: "cifar-10-batches-py",
      train: batchNumbers.map((number) => `data_batch_${number}`),
      test: "test_batch",
      parse: parseCifarPython,
    },
  ],
};
const hundred: Cifar = {
  owner: "cifar100",
  address: "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
  sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
  editions: [
    { folder: "cifar-100-binary", train: ["train.bin"], test: "test.bin", parse: parseCifarBinary },
    { folder: "cifar-100-python", train: ["train"], test: "test", parse: parseCifarPython },
  ],
};

const options10: OptionNames<CifarOptions> = { directory: true, ...downloadNames };
const options100: OptionNames<Cifar100Options> = { directory: true, labelMode: true, ...downloadNames };

/**
 * Krizhevsky's 60,000 colour pictures of 32 x 32 pixels in 10 classes: 50,000 to learn from and 10,000 to judge by.
 *
 * @throws {UnavailableError} a file is missing, or cannot be downloaded; then the message says which to put where.
 * @throws {FormatError} a file is damaged.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function cifar10(options: CifarOptions = {}): Promise<TrainAndTest> {
  checkOptions("cifar10", options, options10);
  return read(ten, options, "cifar10", cifar10Names);
}

/**
 * Krizhevsky's 60,000 colour pictures of 32 x 32 pixels in 100 classes, or in their 20 groups.
 *
 * @throws {UnavailableError} a file is missing, or cannot be downloaded; then the message says which to put where.
 * @throws {FormatError} a file is damaged.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function cifar100(options: Cifar100Options = {}): Promise<TrainAndTest> {
  checkOptions("cifar100", options, options100);
  const { labelMode = "fine", ...others } = options;
  if (labelMode !== "fine" && labelMode !== "coarse") {
    throw new InvalidConfigError("cifar100", "labelMode", '"fine" or "coarse"', labelMode);
  }
  return read(hundred, others, `cifar100-${labelMode}`, labelMode === "fine" ? cifar100Names : cifar20Names);
}

async function read(
  cifar: Cifar,
  options: CifarOptions,
  labels: CifarLabels,
  classNames: readonly string[],
): Promise<TrainAndTest> {
  const { directory } = options;
  const path =
    directory === undefined
      ? await cachedDownload(cifar.address, { sha256: cifar.sha256, ...downloadOptionsOf(options) })
      : requirePath(cifar.owner, "directory", directory);
  const files = (await isFolderAt(path)) ? folderFiles(path) : await archiveFiles(path);
  for (const edition of cifar.editions) {
    const test = await files(edition.folder, edition.test);
    if (test === undefined) continue;
    const parts: CifarImages[] = [];
    for (const name of edition.train) {
      const bytes = await files(edition.folder, name);
      if (bytes === undefined) throw new UnavailableError(`${path} lacks ${name}`, "Unpack the archive again.");
      parts.push(edition.parse(bytes, `${path}: ${name}`, labels));
    }
    return {
      train: datasetOf(parts, classNames),
      test: datasetOf([edition.parse(test, `${path}: ${edition.test}`, labels)], classNames),
    };
  }
  const names = cifar.editions.map(({ test }) => test).join(" or ");
  throw new UnavailableError(
    `${path} holds no ${names}`,
    `Name the archive of ${cifar.address}, or a folder with its files; imageFolders reads JPEG or PNG files in a folder for each class.`,
  );
}

type FindFile = (folder: string, name: string) => Promise<Uint8Array | undefined>;

function folderFiles(path: string): FindFile {
  return async (folder, name) =>
    (await readFileIfAny(joinPath(path, name))) ?? (await readFileIfAny(joinPath(joinPath(path, folder), name)));
}

async function archiveFiles(path: string): Promise<FindFile> {
  const archive = await openArchiveFile(path);
  return async (_folder, name) => {
    const place = archive.names.findIndex((each) => each === name || each.endsWith(`/${name}`));
    return place < 0 ? undefined : archive.read(place);
  };
}

function datasetOf(parts: readonly CifarImages[], classNames: readonly string[]): ImageDataset {
  const count = parts.reduce((sum, { labels }) => sum + labels.size, 0);
  const pixels = new Uint8Array(count * 32 * 32 * 3);
  const classes = new Int32Array(count);
  let at = 0;
  for (const { images, labels } of parts) {
    pixels.set(images.data, at * 32 * 32 * 3);
    classes.set(labels.data, at);
    at += labels.size;
  }
  return new ImageDataset({
    images: new HostArray(pixels, [count, 32, 32, 3]),
    labels: new HostArray(classes, [count]),
    classNames,
    preprocessing: plainPreprocessing([32, 32], "rgb", 1 / 255),
  });
}

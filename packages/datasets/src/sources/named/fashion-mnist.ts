import { joinPath, requirePath } from "#local-files";
import { readMnistDirectory } from "#mnist-files";
import { cacheFolder, cachedDownload } from "@featuremap/files";
import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { type DownloadOptions, downloadNames, downloadOptionsOf } from "./download-options.ts";
import { type TrainAndTest, datasetsOf, usualLimit } from "./mnist.ts";

/** Where {@link fashionMnist} reads from. */
export interface FashionMnistOptions extends DownloadOptions {
  /** A folder with the four files of MNIST's names, plain or with `.gz`. Default: they are downloaded (31 MB). */
  readonly directory?: string | URL;
}

const names: OptionNames<FashionMnistOptions> = { directory: true, ...downloadNames };

const classNames = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
] as const;

const address = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/";
const checksums: Readonly<Record<string, string>> = {
  "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
  "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
  "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
  "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
};

/**
 * Xiao, Rasul and Vollgraf's 70,000 grey pictures of clothes in 10 classes, in MNIST's format: 60,000 to learn from and
 * 10,000 to judge by.
 *
 * @throws {UnavailableError} a file is missing, or cannot be downloaded; then the message says which to put where.
 * @throws {FormatError} a file is damaged.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function fashionMnist(options: FashionMnistOptions = {}): Promise<TrainAndTest> {
  checkOptions("fashionMnist", options, names);
  const directory = options.directory ?? (await download(options));
  const folder = requirePath("fashionMnist", "directory", directory);
  return datasetsOf(await readMnistDirectory(folder, usualLimit), classNames);
}

async function download(options: DownloadOptions): Promise<string> {
  // Their names are MNIST's own: they need a folder to themselves.
  const { directory = joinPath(cacheFolder(), "downloads"), ...others } = downloadOptionsOf(options);
  const folder = joinPath(directory, "fashion-mnist");
  for (const [name, sha256] of Object.entries(checksums)) {
    await cachedDownload(address + name, { sha256, ...others, directory: folder });
  }
  return folder;
}

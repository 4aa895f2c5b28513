import { readFileWhole } from "@featuremap/files";
import { FormatError, checkOptions, describeValue } from "@featuremap/tensor";
import { findFile } from "#find-file";
import type { PublishedFile } from "./published-file.ts";
import { type PublishedOptions, checkPublishedOptions, publishedOptionNames } from "./published-options.ts";

/** A class of ImageNet. */
export interface ImagenetClass {
  /** WordNet's name, as `n02123045`. */
  readonly synset: string;
  /** A word for people, as `tabby`. */
  readonly label: string;
}

/** How many there are. */
export const imagenetCount: number = 1000;

/** Source: Keras 3.15, `imagenet_utils`. */
const file: PublishedFile = {
  path: "download.tensorflow.org/data/imagenet_class_index.json",
  name: "imagenet_class_index.json",
  hash: "c2c37ea517e94d9795004a39431a14cb",
};

/**
 * The 1000 classes of ImageNet, in the order of the outputs of every network that Keras publishes weights for: labels for a bundle.
 *
 * They are a file of Keras's, which is found as published weights are.
 *
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 * @throws {UnavailableError} the file cannot be reached; one line says which file to put where.
 * @throws {FormatError} it is another file.
 * @throws {AbortedError} the signal was raised.
 */
export async function imagenetClasses(options: PublishedOptions = {}): Promise<readonly ImagenetClass[]> {
  checkOptions("imagenetClasses", options, publishedOptionNames);
  checkPublishedOptions("imagenetClasses", options);
  return classesOf(file, options);
}

/** The classes of a file. */
export async function classesOf(
  published: PublishedFile,
  options: PublishedOptions,
): Promise<readonly ImagenetClass[]> {
  const found: string | Uint8Array = await findFile("imagenetClasses", published, options);
  const { signal } = options;
  const bytes = typeof found === "string" ? await readFileWhole(found, { limit: 2 ** 20, signal }) : found;
  return parseClasses(typeof found === "string" ? found : published.name, new TextDecoder().decode(bytes));
}

function parseClasses(source: string, text: string): readonly ImagenetClass[] {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    throw new FormatError(source, "the file", "JSON", "another");
  }
  const entries = new Map(typeof index === "object" && index !== null ? Object.entries(index) : []);
  return Array.from({ length: imagenetCount }, (_, place) => {
    const entry: unknown = entries.get(String(place));
    const [synset, label] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof synset === "string" && typeof label === "string") return { synset, label };
    throw new FormatError(source, `class ${place}`, "a list of two names", describeValue(entry));
  });
}

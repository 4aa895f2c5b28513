import { writeFolder } from "@featuremap/files";
import { Model, type OutputMeaning, isOutputMeaning, serializeModel } from "@featuremap/layers";
import type { Preprocessing } from "@featuremap/images";
import { type HostArray, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { type BundleContent, bundleContent } from "./bundle-content.ts";
import { beyondDefaults } from "./bundle-limits.ts";
import { checkFit } from "./check-fit.ts";
import { isObject } from "../reading/json.ts";
import { documentName, parseModelDocument, weightsName } from "../model-files/model-document.ts";
import { encodeSafetensors } from "../safetensors/safetensors.ts";

/** What a bundle holds beside the model. */
export interface SaveBundleOptions {
  /** How a picture becomes the model's input. */
  readonly preprocessing: Preprocessing;
  /** Name of each class, in the order of the model's outputs; two where the model has one output. */
  readonly labels: readonly string[];
  /**
   * How outputs become probabilities: for a model whose graph does not tell, such as one that ends in a layer of your own,
   * and for `binaryLogits`, which look like `logits`.
   */
  readonly outputs?: OutputMeaning | undefined;
  /** Figures that training reached; finite numbers. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Where the model comes from; anything that JSON can write. */
  readonly provenance?: Readonly<Record<string, unknown>> | undefined;
}

const optionNames: OptionNames<SaveBundleOptions> = {
  preprocessing: true,
  labels: true,
  outputs: true,
  metrics: true,
  provenance: true,
};

/**
 * Writes a model as a bundle: a folder of `model.json` and `weights.safetensors`. Node only.
 *
 * The folder is made if it is missing. A crash at any moment leaves the bundle that was there or the new one, never a
 * mixture, and processes that save to one folder wait for each other. The console tells once of a model for which `loadBundle` must
 * be given higher limits.
 *
 * @throws {InvalidConfigError} what is given is not a model and its description; preprocessing, labels, outputs, metrics or
 * provenance do not fit the model or JSON; or two weights have one path.
 * @throws {UnavailableError} the folder cannot be written; nothing half-written stays.
 */
export async function saveBundle(model: Model, directory: string, options: SaveBundleOptions): Promise<void> {
  const content = await contentOf("saveBundle", model, options);
  const files = new Map([[weightsName, content.weights]]);
  await writeFolder(directory, files, {
    name: documentName,
    contents: (nameOf) => content.document(nameOf(weightsName)),
  });
}

/**
 * A bundle's files by name, for wherever there is no folder to write: a download, an upload, a database.
 *
 * @throws {InvalidConfigError} what is given is not a model and its description; preprocessing, labels, outputs, metrics or
 * provenance do not fit the model or JSON; or two weights have one path.
 */
export async function encodeBundle(
  model: Model,
  options: SaveBundleOptions,
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const content = await contentOf("encodeBundle", model, options);
  return new Map([
    [documentName, content.document()],
    [weightsName, content.weights],
  ]);
}

async function contentOf(owner: string, model: Model, options: SaveBundleOptions): Promise<BundleContent> {
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
  checkOptions(owner, options, optionNames);
  const { labels, outputs, metrics = {}, provenance = {} } = options;
  const preprocessing = checkFit({ model, preprocessing: options.preprocessing, labels }, owner);
  if (outputs !== undefined && !isOutputMeaning(outputs)) {
    throw new InvalidConfigError(owner, "outputs", '"probabilities", "logits" or "binaryLogits"', outputs);
  }
  if (!isObject(metrics)) throw new InvalidConfigError(owner, "metrics", "numbers by name", metrics);
  for (const [name, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) throw new InvalidConfigError(owner, `metrics.${name}`, "a finite number", value);
  }
  if (!isObject(provenance)) throw new InvalidConfigError(owner, "provenance", "an object", provenance);
  const document = { model: { ...serializeModel(model) }, preprocessing, labels, outputs, metrics, provenance };
  checkJson(owner, document);
  const content = await bundleContent(
    document,
    encodeSafetensors(await readWeights(owner, model), { format: "featuremap" }),
  );
  checkReadable(owner, content);
  warnOfLimits(owner, model, preprocessing, content);
  return content;
}

/** Models that were warned of; one that trains may be saved after every epoch. */
const warnedOf = new WeakSet<Model>();

/** What took long to train is saved in any case. */
function warnOfLimits(owner: string, model: Model, preprocessing: Preprocessing, content: BundleContent): void {
  const bytes = { document: content.document().length, weights: content.weights.length };
  const beyond = beyondDefaults(model, preprocessing, bytes);
  if (beyond === undefined || warnedOf.has(model)) return;
  warnedOf.add(model);
  // oxlint-disable-next-line no-console -- nothing else would tell before somebody loads it.
  console.warn(
    `${owner}: this bundle can only be loaded with higher limits, loadBundle(location, { limits }): ${beyond}`,
  );
}

async function readWeights(owner: string, model: Model): Promise<Map<string, HostArray>> {
  const named = model.namedWeights();
  const lost = model.weights.length - new Set(named.values()).size;
  if (lost > 0)
    throw new InvalidConfigError(owner, "model", "one whose weights have a path each", `${lost} without one`);
  const values = new Map<string, HostArray>();
  for (const [path, weight] of named) values.set(path, await weight.read());
  return values;
}

/** @throws {InvalidConfigError} JSON cannot write the document. */
function checkJson(owner: string, document: object): void {
  try {
    JSON.stringify(document);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new InvalidConfigError(owner, "provenance", "writable as JSON", reason);
  }
}

/** What is written can be read again: a provenance may nest too deep, or write itself as something else. */
function checkReadable(owner: string, content: BundleContent): void {
  try {
    parseModelDocument(content.document(), documentName);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new InvalidConfigError(owner, "options", "such that the bundle can be read again", reason);
  }
}

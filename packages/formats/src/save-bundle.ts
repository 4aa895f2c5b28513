import { writeFolder } from "@featuremap/files";
import { type Model, type OutputMeaning, isOutputMeaning, serializeModel } from "@featuremap/layers";
import { type HostArray, InvalidConfigError, type Preprocessing, parsePreprocessing } from "@featuremap/tensor";
import { type BundleContent, bundleContent } from "./bundle-content.ts";
import { findMisfit } from "./check-fit.ts";
import { documentName, weightsName } from "./model-document.ts";
import { encodeSafetensors } from "./safetensors.ts";

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

/**
 * Writes a model as a bundle: a folder of `model.json` and `weights.safetensors`. Node only.
 *
 * The folder is made if it is missing. A crash at any moment leaves the bundle that was there or the new one, never a
 * mixture, and processes that save to one folder wait for each other.
 *
 * @throws {InvalidConfigError} preprocessing, labels, outputs, metrics or provenance do not fit the model or JSON.
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
 * @throws {InvalidConfigError} preprocessing, labels, outputs, metrics or provenance do not fit the model or JSON.
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
  const { labels, outputs, metrics = {}, provenance = {} } = options;
  const preprocessing = parsePreprocessing(options.preprocessing, owner);
  const misfit = findMisfit(model, preprocessing, labels);
  if (misfit !== undefined) throw new InvalidConfigError(owner, misfit.what, misfit.expected, misfit.found);
  if (outputs !== undefined && !isOutputMeaning(outputs)) {
    throw new InvalidConfigError(owner, "outputs", '"probabilities", "logits" or "binaryLogits"', outputs);
  }
  for (const [name, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) throw new InvalidConfigError(owner, `metrics.${name}`, "a finite number", value);
  }
  const document = { model: { ...serializeModel(model) }, preprocessing, labels, outputs, metrics, provenance };
  return bundleContent(asJson(owner, document), encodeSafetensors(await readWeights(model), { format: "featuremap" }));
}

async function readWeights(model: Model): Promise<Map<string, HostArray>> {
  const values = new Map<string, HostArray>();
  for (const [path, weight] of model.namedWeights()) values.set(path, await weight.read());
  return values;
}

/** The same document, once it is known that JSON can write it. */
function asJson<Document>(owner: string, document: Document): Document {
  try {
    JSON.stringify(document);
    return document;
  } catch (cause) {
    throw new InvalidConfigError(
      owner,
      "provenance",
      "writable as JSON",
      cause instanceof Error ? cause.message : cause,
    );
  }
}

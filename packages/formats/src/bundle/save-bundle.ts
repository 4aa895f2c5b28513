import { type Preprocessing, channelCount } from "@featuremap/images";
import { Model, type OutputMeaning, isOutputMeaning } from "@featuremap/layers";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { beyondDefaults } from "../model-files/file-limits.ts";
import {
  type ModelContent,
  type SaveModelOptions,
  filesOf,
  modelContent,
  writeContent,
} from "../model-files/model-content.ts";
import { refuseOtherFormat } from "../model-files/other-formats.ts";
import { saveModelOptionNames } from "../model-files/save-model.ts";
import { parseBundleDocument } from "./bundle-document.ts";
import { checkPixels, resolveBundleLimits } from "./bundle-limits.ts";
import { checkFit } from "./check-fit.ts";

/** What a bundle holds beside the model. */
export interface SaveBundleOptions extends SaveModelOptions {
  /** How a picture becomes the model's input. */
  readonly preprocessing: Preprocessing;
  /** Name of each class, in the order of the model's outputs; two where the model has one output. */
  readonly labels: readonly string[];
  /**
   * How outputs become probabilities: for a model whose graph does not tell, such as one that ends in a layer of your own,
   * and for `binaryLogits`, which look like `logits`.
   */
  readonly outputs?: OutputMeaning | undefined;
}

const optionNames: OptionNames<SaveBundleOptions> = {
  preprocessing: true,
  labels: true,
  outputs: true,
  ...saveModelOptionNames,
};

/**
 * Writes a model as a bundle: a folder of `model.json` and `weights.safetensors`. Node only.
 *
 * The folder is made if it is missing. A crash at any moment leaves the bundle that was there or the new one, never a
 * mixture, and processes that save to one folder wait for each other. The console tells once of a model for which `loadBundle` must
 * be given higher limits.
 *
 * @throws {InvalidConfigError} what is given is not a model and its description; preprocessing, labels, outputs, metrics or
 * provenance do not fit the model or JSON; two weights have one path; or the folder is named like a file of another format.
 * @throws {UnavailableError} the folder cannot be written; nothing half-written stays.
 */
export async function saveBundle(model: Model, directory: string, options: SaveBundleOptions): Promise<void> {
  const content = await bundleContent("saveBundle", model, options);
  refuseOtherFormat("saveBundle", "directory", directory, "a folder");
  await writeContent(directory, content);
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
  return filesOf(await bundleContent("encodeBundle", model, options));
}

/**
 * The files of one, ready to be written.
 *
 * @throws {InvalidConfigError} as {@link saveBundle}.
 */
export async function bundleContent(owner: string, model: Model, options: SaveBundleOptions): Promise<ModelContent> {
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
  checkOptions(owner, options, optionNames);
  const { labels, outputs } = options;
  const preprocessing = checkFit({ model, preprocessing: options.preprocessing, labels }, owner);
  if (outputs !== undefined && !isOutputMeaning(outputs)) {
    throw new InvalidConfigError(owner, "outputs", '"probabilities", "logits" or "binaryLogits"', outputs);
  }
  return modelContent(owner, model, options, {
    beside: { preprocessing, labels, outputs },
    parse: parseBundleDocument,
    beyond: (bytes) =>
      beyondPixels(preprocessing) ?? beyondDefaults(model, "the bundle", bytes, shapeOf(preprocessing)),
    loader: "loadBundle",
    name: "bundle",
  });
}

function shapeOf({ size, channels }: Preprocessing): readonly number[] {
  return [1, ...size, channelCount(channels)];
}

/** What pictures have more pixels than loading allows where no limits are given; undefined if none have. */
function beyondPixels(preprocessing: Preprocessing): string | undefined {
  try {
    checkPixels(preprocessing, resolveBundleLimits().pixels, "the bundle");
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

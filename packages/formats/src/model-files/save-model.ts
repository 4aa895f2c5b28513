import type { Model } from "@featuremap/layers";
import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { beyondDefaults } from "./file-limits.ts";
import {
  type ModelContent,
  type SaveModelOptions,
  checkConnected,
  filesOf,
  modelContent,
  writeContent,
} from "./model-content.ts";
import { refuseOtherFormat } from "./other-formats.ts";
import { parseModelJson, readModelDocument } from "./model-document.ts";

export const saveModelOptionNames: OptionNames<SaveModelOptions> = {
  optimizer: true,
  dtype: true,
  metrics: true,
  provenance: true,
};

/**
 * Writes a model of any kind with its weights: a folder of `model.json`, `weights.safetensors` and, with `optimizer`,
 * `optimizer.safetensors`. Node only. To classify pictures elsewhere, `saveBundle` keeps with a model what that takes.
 *
 * The folder is made if it is missing. A crash at any moment leaves the model that was there or the new one, never a
 * mixture, and processes that save to one folder wait for each other. The console tells once of a model for which `loadModel` must
 * be given higher limits.
 *
 * @throws {InvalidConfigError} what is given is not a model whose input shape is known; metrics, provenance or the
 * optimizer do not fit JSON; two weights have one path; or the folder is named like a file of another format.
 * @throws {UnavailableError} the folder cannot be written; nothing half-written stays.
 */
export async function saveModel(model: Model, directory: string, options: SaveModelOptions = {}): Promise<void> {
  const content = await savedContent("saveModel", model, options);
  refuseOtherFormat("saveModel", "directory", directory, "a folder");
  await writeContent(directory, content);
}

/**
 * A model's files by name, for wherever there is no folder to write: a download, an upload, a database.
 *
 * @throws {InvalidConfigError} as {@link saveModel}.
 */
export async function encodeModel(
  model: Model,
  options: SaveModelOptions = {},
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  return filesOf(await savedContent("encodeModel", model, options));
}

/**
 * The files of one, ready to be written.
 *
 * @throws {InvalidConfigError} as {@link saveModel}.
 */
export async function savedContent(owner: string, model: Model, options: SaveModelOptions): Promise<ModelContent> {
  checkConnected(owner, model);
  checkOptions(owner, options, saveModelOptionNames);
  return modelContent(owner, model, options, {
    beside: {},
    parse: (bytes, source) => readModelDocument(parseModelJson(bytes, source), source),
    beyond: (bytes) => beyondDefaults(model, "the model", bytes),
    loader: "loadModel",
    name: "model",
  });
}

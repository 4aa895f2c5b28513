import type { Model } from "@featuremap/layers";
import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { type JsonObject, isObject } from "../reading/json.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import { type ModelFileLimits, resolveFileLimits } from "./file-limits.ts";
import { fillWeights } from "./fill-weights.ts";
import { type WeightsFile, parseModelJson, readModelDocument, readWeightsFiles, refusal } from "./model-document.ts";
import type { OptimizerData } from "./optimizer-data.ts";
import { type LoadingOptions, makeModel, openModelFiles } from "./read-model-files.ts";

/** How to load a model. */
export interface LoadModelOptions extends LoadingOptions {
  /** How much the model may ask for. */
  readonly limits?: ModelFileLimits | undefined;
}

const optionNames: OptionNames<LoadModelOptions> = { signal: true, onProgress: true, limits: true };

/** A model and what was saved with it. */
export interface SavedModel {
  /** The network with its weights; whoever loaded it disposes it. */
  readonly model: Model;
  /** What its optimizer had learned, where that was saved. */
  readonly optimizer?: OptimizerData | undefined;
  /** Figures that training reached, such as `accuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Where the model comes from: data, seed, versions; any JSON object. */
  readonly provenance: Readonly<Record<string, unknown>>;
}

/**
 * Loads a model of any kind with its weights, checks all of it, and only then makes the model. Of a bundle it is the model.
 *
 * Checked are format and version, the checksum of every file, the safetensors rules, and that the weights fit the model. No
 * tensor is made: weights stay on the host until the model first runs.
 *
 * @param location a folder or `model.json`: a path in Node, an http(s) address, in a page also a relative one; or the
 * files themselves
 * @throws {InvalidConfigError} the location is not a path, an address that can be read, or files; or an option is
 * unknown or not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} a file is damaged, altered, of another version, or does not fit the others, or asks for more than the limits.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadModel(
  location: string | URL | BundleFiles,
  options: LoadModelOptions = {},
): Promise<SavedModel> {
  checkOptions("loadModel", options, optionNames);
  const limits = resolveFileLimits(options.limits);
  const { source, document: bytes, readTensors } = await openModelFiles("loadModel", location, options, limits);
  const json = parseModelJson(bytes, source);
  const document = readModelDocument(json, source);
  const saved = readOptimizerFields(json["optimizer"], source);
  const tensors = await readTensors(document.weights, saved === undefined);
  const optimizer = saved && { config: saved.config, variables: await readTensors(saved.weights, true) };
  const model = makeModel(document, source, limits.model);
  fillWeights(model, tensors, source);
  const { metrics, provenance } = document;
  return { model, optimizer, metrics, provenance };
}

function readOptimizerFields(
  value: unknown,
  source: string,
): { readonly config: JsonObject; readonly weights: readonly WeightsFile[] } | undefined {
  if (value === undefined) return undefined;
  const { config, weights } = isObject(value) ? value : {};
  if (!isObject(config)) throw refusal(source, "optimizer", "an object with config and weights", value);
  return { config, weights: readWeightsFiles(weights, source, "optimizer.weights") };
}

import { channelCount } from "@featuremap/images";
import { FormatError, type OptionNames, checkOptions } from "@featuremap/tensor";
import { fillWeights } from "../model-files/fill-weights.ts";
import { type LoadingOptions, makeModel, openModelFiles } from "../model-files/read-model-files.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import { parseBundleDocument } from "./bundle-document.ts";
import { type BundleLimits, checkPixels, resolveBundleLimits } from "./bundle-limits.ts";
import type { ModelBundle } from "./bundle.ts";
import { checkClassifier } from "./check-fit.ts";

/** How to load a bundle. */
export interface LoadBundleOptions extends LoadingOptions {
  /** How much the bundle may ask for. */
  readonly limits?: BundleLimits | undefined;
}

const optionNames: OptionNames<LoadBundleOptions> = { signal: true, onProgress: true, limits: true };

/**
 * Loads a bundle, checks all of it, and only then makes the model.
 *
 * Checked are format and version, the checksum of every weights file, the safetensors rules, and that weights,
 * preprocessing and labels fit the model. No tensor is made: weights stay on the host until the model first runs, so
 * the device may be opened before or after. `limits` bounds the bytes, pixels, calls of layers and elements that a file
 * asks for, and the operations of a pass for one picture of the described size.
 *
 * @param location a folder or `model.json`: a path in Node, an http(s) address, in a page also a relative one; or the
 * files themselves
 * @throws {InvalidConfigError} the location is not a path, an address that can be read, or files; or an option is
 * unknown or not what it may be.
 * @throws {UnavailableError} a file is absent or cannot be reached.
 * @throws {FormatError} a file is damaged, altered, of another version, or does not fit the others, or asks for more than the limits.
 * @throws {NoLabelsError} it is a model that was saved without labels; a FormatError too.
 * @throws {AbortedError} the signal was raised.
 */
export async function loadBundle(
  location: string | URL | BundleFiles,
  options: LoadBundleOptions = {},
): Promise<ModelBundle> {
  checkOptions("loadBundle", options, optionNames);
  const limits = resolveBundleLimits(options.limits);
  const { source, document: bytes, readTensors } = await openModelFiles("loadBundle", location, options, limits);
  const document = parseBundleDocument(bytes, source);
  const { preprocessing, labels, outputs, metrics, provenance } = document;
  checkPixels(preprocessing, limits.pixels, source);
  const tensors = await readTensors(document.weights, true);
  const inputShape = [1, ...preprocessing.size, channelCount(preprocessing.channels)];
  const model = makeModel(document, source, limits.model, inputShape);
  checkClassifier(model, preprocessing, labels, (what, expected, found) => {
    throw new FormatError(source, what, expected, found);
  });
  fillWeights(model, tensors, source);
  return { model, preprocessing, labels, outputs, metrics, provenance };
}

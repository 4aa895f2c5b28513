import { openLocation } from "#storage";
import { Model } from "@featuremap/layers";
import { InvalidConfigError, isTypedArray } from "@featuremap/tensor";
import { resolveFileLimits } from "./file-limits.ts";
import { fillWeights } from "./fill-weights.ts";

import { documentName } from "../reading/model-reader.ts";
import { decodeWeights } from "./decode-weights.ts";

/**
 * Gives a model the weights of a safetensors file, as `ModelCheckpoint` of `@featuremap/training` writes it with
 * `saveWeightsOnly`. The file is checked whole before the first weight changes.
 *
 * @param model of the same layers and names as the one that was saved
 * @param weights the file: its path in Node, its address, or its bytes
 * @throws {InvalidConfigError} the model is none, or its input shape is not known yet; or the weights are not file.
 * @throws {UnavailableError} the file is absent or cannot be reached.
 * @throws {FormatError} the file is damaged, or holds the weights of another model.
 */
export async function loadWeights(model: Model, weights: string | URL | Uint8Array): Promise<void> {
  const owner = "loadWeights";
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a model of @featuremap/layers", model);
  if (!model.connected) throw new InvalidConfigError(owner, "model", "one whose input shape is known", model.name);
  if (isTypedArray(weights, "Uint8Array")) return fillWeights(model, decodeWeights(weights, "weights"), "weights");
  if (!(typeof weights === "string" || weights instanceof URL)) {
    throw new InvalidConfigError(owner, "weights", "a path, an address, or bytes", weights);
  }
  const reader = await openLocation(weights);
  const limit = { limit: resolveFileLimits().weightsBytes, limitName: "the bytes of weights" };
  const source = reader.describe(documentName);
  fillWeights(model, decodeWeights(await reader.read(documentName, limit), source), source);
}

import { type Preprocessing, parsePreprocessing } from "@featuremap/images";
import { type OutputMeaning, isOutputMeaning } from "@featuremap/layers";
import { FormatError } from "@featuremap/tensor";
import { describeFound } from "../reading/json.ts";
import { type ModelDocument, parseModelJson, readModelDocument, refusal } from "../model-files/model-document.ts";
import { NoLabelsError } from "./no-labels-error.ts";

/** What `model.json` holds of a classifier beside the model. */
export interface BundleDescription {
  readonly preprocessing: Preprocessing;
  readonly labels: readonly string[];
  /** How outputs become probabilities; left out where the graph tells. */
  readonly outputs?: OutputMeaning | undefined;
}

/**
 * Checks everything in a bundle's `model.json` but the architecture itself.
 *
 * @param source the file, for the error
 * @throws {FormatError} the text is not a JSON object, of another format or version, or a field is missing or wrong.
 */
export function parseBundleDocument(bytes: Uint8Array, source: string): ModelDocument & BundleDescription {
  const json = parseModelJson(bytes, source);
  const document = readModelDocument(json, source);
  const { preprocessing, labels, outputs } = json;
  if (labels === undefined) throw new NoLabelsError(source);
  if (!isListOfTexts(labels)) throw new FormatError(source, "labels", "a list of strings", describeFound(labels));
  if (outputs !== undefined && !isOutputMeaning(outputs)) {
    throw refusal(source, "outputs", '"probabilities", "logits" or "binaryLogits"', outputs);
  }
  return { ...document, preprocessing: parsePreprocessing(preprocessing, source), labels, outputs };
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

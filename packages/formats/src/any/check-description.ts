import { requirePreprocessing } from "@featuremap/images";
import { type Model, isOutputMeaning } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import { checkLabels, checkPictures } from "../bundle/check-fit.ts";
import type { ExportModelOptions } from "./format-options.ts";

/**
 * Refuses what is said of a model and does not fit it, the same for every format: a file with preprocessing of another size
 * would be read, and classify nothing.
 *
 * @throws {InvalidConfigError} a part is none, or does not fit the model.
 */
export function checkDescription(
  owner: string,
  model: Model,
  { labels, preprocessing, outputs }: Pick<ExportModelOptions, "labels" | "preprocessing" | "outputs">,
): void {
  const refuse = (what: string, expected: string, found: string): never => {
    throw new InvalidConfigError(owner, what, expected, found);
  };
  if (preprocessing !== undefined) checkPictures(model, requirePreprocessing(preprocessing, owner), refuse);
  if (labels !== undefined) {
    if (!Array.isArray(labels) || !labels.every((label) => typeof label === "string")) {
      throw new InvalidConfigError(owner, "labels", "a list of strings", labels);
    }
    checkLabels(model, labels, refuse);
  }
  if (outputs !== undefined && !isOutputMeaning(outputs)) {
    throw new InvalidConfigError(owner, "outputs", '"probabilities", "logits" or "binaryLogits"', outputs);
  }
}

import type { Model } from "@featuremap/layers";
import { saveBundle } from "../bundle/save-bundle.ts";
import { saveModel } from "../model-files/save-model.ts";
import type { WriteOptions } from "./format-options.ts";

/** A bundle where there are labels and preprocessing, otherwise a model. */
export async function saveOwn(model: Model, path: string, options: WriteOptions): Promise<void> {
  const { labels, preprocessing, outputs, onNote } = options;
  if (labels !== undefined && preprocessing !== undefined) {
    return saveBundle(model, path, { labels, preprocessing, outputs });
  }
  const lacks = [
    ...(labels === undefined ? ["labels"] : []),
    ...(preprocessing === undefined ? ["preprocessing"] : []),
  ];
  onNote?.(`Without ${lacks.join(" and ")} this is a model, and no bundle to classify pictures with.`);
  return saveModel(model, path);
}

import type { Model } from "@featuremap/layers";
import { bundleContent } from "../bundle/save-bundle.ts";
import type { ModelContent } from "../model-files/model-content.ts";
import { savedContent } from "../model-files/save-model.ts";
import type { WriteOptions } from "./format-options.ts";

const owner = "exportModel";

/** A bundle where there are labels and preprocessing, otherwise a model. */
export async function encodeOwn(model: Model, options: WriteOptions): Promise<ModelContent> {
  const { labels, preprocessing, outputs, onNote } = options;
  if (labels !== undefined && preprocessing !== undefined) {
    return bundleContent(owner, model, { labels, preprocessing, outputs });
  }
  const lacks = [
    ...(labels === undefined ? ["labels"] : []),
    ...(preprocessing === undefined ? ["preprocessing"] : []),
  ];
  onNote?.(`Without ${lacks.join(" and ")} this is a model, and no bundle to classify pictures with.`);
  return savedContent(owner, model, {});
}

import type { ImportedModel } from "../imported-model.ts";
import { loadBundle } from "../bundle/load-bundle.ts";
import { loadModel } from "../model-files/load-model.ts";
import { parseModelJson } from "../model-files/model-document.ts";
import { openModelFiles } from "../model-files/read-model-files.ts";
import { resolveFileLimits } from "../model-files/file-limits.ts";
import type { BundleFiles } from "../reading/model-reader.ts";
import type { ImportModelOptions } from "./format-options.ts";

/** A bundle, or a model that was saved without labels. */
export async function loadOwn(
  location: string | URL | BundleFiles,
  options: ImportModelOptions,
): Promise<ImportedModel> {
  const { signal } = options;
  const limits = resolveFileLimits(options.limits);
  const { document, source } = await openModelFiles("importModel", location, { signal }, limits);
  if ("labels" in parseModelJson(document, source)) {
    const { model, labels, preprocessing, outputs } = await loadBundle(location, options);
    return { model, labels, preprocessing, outputs, notes: [] };
  }
  const { model, optimizer } = await loadModel(location, options);
  const left = "What the optimizer kept is left out: loadModel of @featuremap/formats reads it.";
  return { model, notes: optimizer === undefined ? [] : [left] };
}

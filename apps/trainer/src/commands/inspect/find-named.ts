import { type LayerInModel, layersOf } from "@featuremap/explain";
import type { Model } from "@featuremap/layers";
import { InvalidConfigError, nearestName } from "@featuremap/tensor";
import { didYouMean } from "../../options/names.ts";

/** Names that a message lists. */
const mostNames = 40;

/**
 * A layer by its path, its name or its place among the model's layers.
 *
 * @throws {InvalidConfigError} there is none of that name, or there are several in models within the model.
 */
export function findLayer(model: Model, word: string): LayerInModel {
  const layers = layersOf(model);
  const exact = layers.find(({ path }) => path === word);
  if (exact !== undefined) return exact;
  const place = /^-?\d+$/.test(word) ? model.layers.at(Number(word))?.name : undefined;
  const found = layers.filter(({ path }) => path === place || path.endsWith(`/${word}`));
  const [first] = found;
  if (found.length === 1 && first !== undefined) return first;
  const paths = (found.length > 1 ? found : layers).map(({ path }) => path);
  const near = didYouMean(found.length > 1 ? undefined : nearestName(word, paths));
  throw new InvalidConfigError("inspect", "--layer", `one of ${listed(paths)}${near}`, word);
}

/**
 * A class by its label, or, where none is called so, by its number from 0.
 *
 * @throws {InvalidConfigError} there is none.
 */
export function findClass(labels: readonly string[], word: string): number {
  const lowered = word.toLowerCase();
  const alike = labels.flatMap((label, index) => (label.toLowerCase() === lowered ? [index] : []));
  const index = labels.includes(word) ? labels.indexOf(word) : alike.length === 1 ? alike[0] : undefined;
  if (index !== undefined) return index;
  if (/^\d+$/.test(word) && Number(word) < labels.length) return Number(word);
  const near = didYouMean(nearestName(word, labels));
  throw new InvalidConfigError("inspect", "--class", `one of ${listed(labels)}${near}`, word);
}

function listed(names: readonly string[]): string {
  const rest = names.length > mostNames ? `, ... (${names.length} in all)` : "";
  return `${names.slice(0, mostNames).join(", ")}${rest}`;
}

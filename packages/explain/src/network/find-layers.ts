import { InvalidConfigError, nearestName } from "@featuremap/tensor";
import { InputLayer } from "@featuremap/layers";
import type { LayerUse, Network } from "./network.ts";

/** A layer by its name, by its path within models of the model, `backbone/conv2d_1`, or by its index in `model.layers`. */
export type LayerReference = string | number;

/** Names that a message lists. */
const mostNames = 40;

/**
 * All uses of one layer, in the order in which it was applied.
 *
 * @throws {InvalidConfigError} there is no such layer, or there are several of that name in different models.
 */
export function findUses(owner: string, option: string, network: Network, reference: unknown): readonly LayerUse[] {
  const { model } = network;
  const uses = network.uses.toSorted((a, b) => a.use - b.use);
  if (typeof reference === "number") {
    const layer = Number.isInteger(reference) ? model.layers.at(reference) : undefined;
    const found = uses.filter((use) => use.layer === layer && !use.path.includes("/"));
    if (layer !== undefined && found.length > 0) return found;
    const count = model.layers.length;
    throw new InvalidConfigError(owner, option, `a name or an integer in [${-count}, ${count})`, reference);
  }
  if (typeof reference !== "string") {
    throw new InvalidConfigError(owner, option, "a layer's name or index", reference);
  }
  const exact = uses.filter(({ path }) => path === reference);
  const found = exact.length > 0 ? exact : uses.filter(({ layer }) => layer.name === reference);
  const paths = [...new Set(found.map(({ path }) => path))];
  if (paths.length > 1) throw new InvalidConfigError(owner, option, `one of ${paths.join(", ")}`, reference);
  if (found.length > 0) return found;
  const known = layerPaths(network);
  const near =
    nearestName(reference, known) ?? nearestName(reference, [...new Set(uses.map(({ layer }) => layer.name))]);
  const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
  throw new InvalidConfigError(owner, option, `one of ${listLayers(network)}${hint}`, reference);
}

/** Every layer's path once, without input layers. */
function layerPaths({ uses }: Network): readonly string[] {
  return [...new Set(uses.flatMap(({ layer, path }) => (layer instanceof InputLayer ? [] : [path])))];
}

/** The layers that a model has, for messages. */
export function listLayers(network: Network): string {
  const paths = layerPaths(network);
  const rest = paths.length > mostNames ? `, ... (${paths.length} layers)` : "";
  return `${paths.slice(0, mostNames).join(", ")}${rest}`;
}

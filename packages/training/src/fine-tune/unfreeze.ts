import { BatchNormalization, Layer, Model } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import { leavesOf } from "./split-model.ts";

/** Which layers of the base learn once it is unfrozen: all, so many of the last that have weights, or those of these names. */
export type Unfreeze = "all" | number | readonly string[];

/** Freezes the base. */
export function freeze(base: readonly Layer[]): void {
  for (const layer of base) layer.trainable = false;
}

/**
 * Lets layers of the base learn, and freezes its others.
 *
 * @param model in which models around these layers are freed too, for a frozen one would hold all its layers
 * @param base the base's layers in their order
 * @param normalizes whether BatchNormalization learns as well
 * @returns the layers that learn, in their order
 * @throws {InvalidConfigError} there are no such layers.
 */
export function unfreeze(
  model: Model,
  base: readonly Layer[],
  chosen: Unfreeze,
  normalizes: boolean,
): readonly Layer[] {
  const learning = layersToUnfreeze(base, chosen, normalizes);
  const kept = leavesOf(model).map((layer) => [layer, layer.trainable] as const);
  freeComposites(model);
  for (const [layer, trainable] of kept) layer.trainable = trainable;
  freeze(base);
  for (const layer of learning) layer.trainable = true;
  return learning;
}

/**
 * Layers of a base that `fineTune` lets learn once it is unfrozen, in their order.
 *
 * @param base the base's layers in their order, without models around them
 * @param normalizes whether BatchNormalization is among them
 * @throws {InvalidConfigError} the base is not a list of layers, `unfreeze` is none of what it may be, or it names no layer of the base.
 */
export function layersToUnfreeze(base: readonly Layer[], chosen: Unfreeze, normalizes: boolean): readonly Layer[] {
  checkLayers("layersToUnfreeze", "base", base);
  const learns = (layer: Layer): boolean => normalizes || !(layer instanceof BatchNormalization);
  const able = base.filter((layer) => layer.weights.length > 0 && learns(layer));
  if (chosen === "all") return able;
  if (typeof chosen === "number" && Number.isInteger(chosen) && chosen >= 0) {
    return chosen === 0 ? [] : able.slice(-chosen);
  }
  if (!Array.isArray(chosen)) {
    throw new InvalidConfigError("fineTune", "unfreeze", '"all", a number of layers, or a list of names', chosen);
  }
  for (const name of chosen) {
    if (base.some((layer) => layer.name === name)) continue;
    throw new InvalidConfigError("fineTune", "unfreeze", "names of layers of the base", name);
  }
  return able.filter(({ name }) => chosen.includes(name));
}

/**
 * What the learning rate is multiplied by for each weight of layers that learn: the last layer's by `perDepth`, the one before it
 * by its square, and so on.
 *
 * @throws {InvalidConfigError} what is given is not a model, a list of layers and a number above 0.
 */
export function rateFactors(model: Model, learning: readonly Layer[], perDepth: number): ReadonlyMap<string, number> {
  const owner = "rateFactors";
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
  checkLayers(owner, "learning", learning);
  if (!(Number.isFinite(perDepth) && perDepth > 0)) {
    throw new InvalidConfigError(owner, "perDepth", "a finite number above 0", perDepth);
  }
  if (perDepth === 1) return new Map();
  const factors = new Map(
    learning.flatMap((layer, index) =>
      layer.weights.map((weight) => [weight, perDepth ** (learning.length - index)] as const),
    ),
  );
  const byPath = new Map<string, number>();
  for (const [path, weight] of model.namedWeights()) {
    const factor = factors.get(weight);
    if (factor !== undefined) byPath.set(path, factor);
  }
  return byPath;
}

function checkLayers(owner: string, what: string, layers: unknown): void {
  if (Array.isArray(layers) && layers.every((layer) => layer instanceof Layer)) return;
  throw new InvalidConfigError(owner, what, "a list of layers", layers);
}

function freeComposites(layer: Layer): void {
  if (layer.innerLayers === null) return;
  layer.trainable = true;
  for (const inner of layer.innerLayers) freeComposites(inner);
}

import { BatchNormalization, Layer, Model } from "@featuremap/layers";
import { InvalidConfigError, type Settled, checkOptions, settleOptions } from "@featuremap/tensor";
import { leavesOf } from "./split-model.ts";
import { type Unfreeze, type UnfreezeOptions, unfreezeOptions } from "./unfreeze-options.ts";

/** Freezes the base. */
export function freeze(base: readonly Layer[]): void {
  for (const layer of base) layer.trainable = false;
}

/** Lets layers of the base learn, and freezes its others. Models around them are freed too, for a frozen one would hold all its layers. */
export function unfreeze(model: Model, base: readonly Layer[], learning: readonly Layer[]): void {
  const kept = leavesOf(model).map((layer) => [layer, layer.trainable] as const);
  freeComposites(model);
  for (const [layer, trainable] of kept) layer.trainable = trainable;
  freeze(base);
  for (const layer of learning) layer.trainable = true;
}

/** What learns of a base once it is unfrozen. */
export interface UnfreezePlan {
  /** The layers that learn, in their order. */
  readonly layers: readonly Layer[];
  /** What the learning rate of their weights is multiplied by, by path: for `Optimizer.scaleLearningRates`. Empty where all are 1. */
  readonly rateFactors: ReadonlyMap<string, number>;
}

/**
 * What `fineTune` lets learn of a base once it is unfrozen, and how fast: for a training of your own, which then sets `trainable` and
 * scales the optimizer's rates.
 *
 * @param model of which the base is a part
 * @param base its layers in their order, without models around them
 * @throws {InvalidConfigError} what is given is not a model and a list of layers, an option is invalid, or `unfreeze` names no layer of
 * the base.
 */
export function planUnfreezing(model: Model, base: readonly Layer[], options: UnfreezeOptions = {}): UnfreezePlan {
  const owner = "planUnfreezing";
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model of @featuremap/layers", model);
  if (!(Array.isArray(base) && base.every((layer) => layer instanceof Layer))) {
    throw new InvalidConfigError(owner, "base", "a list of layers", base);
  }
  checkOptions(owner, options, unfreezeOptions);
  return unfreezePlan(owner, model, base, settleOptions(owner, options, unfreezeOptions));
}

/** The same with options that are checked but for `unfreeze`. */
export function unfreezePlan(
  owner: string,
  model: Model,
  base: readonly Layer[],
  { unfreeze: chosen, trainBatchNormalization, learningRatePerDepth }: Settled<typeof unfreezeOptions>,
): UnfreezePlan {
  const learns = (layer: Layer): boolean => trainBatchNormalization || !(layer instanceof BatchNormalization);
  const able = base.filter((layer) => layer.weights.length > 0 && learns(layer));
  const layers = chosenLayers(owner, base, able, chosen);
  return { layers, rateFactors: rateFactors(model, layers, learningRatePerDepth) };
}

function chosenLayers(
  owner: string,
  base: readonly Layer[],
  able: readonly Layer[],
  chosen: Unfreeze,
): readonly Layer[] {
  if (chosen === "all") return able;
  if (typeof chosen === "number" && Number.isInteger(chosen) && chosen >= 0) {
    return chosen === 0 ? [] : able.slice(-chosen);
  }
  if (!Array.isArray(chosen)) {
    throw new InvalidConfigError(owner, "unfreeze", '"all", a number of layers, or a list of names', chosen);
  }
  for (const name of chosen) {
    if (base.some((layer) => layer.name === name)) continue;
    throw new InvalidConfigError(owner, "unfreeze", "names of layers of the base", name);
  }
  return able.filter(({ name }) => chosen.includes(name));
}

/** By path: the last layer's by `perDepth`, the one before it by its square, and so on. */
function rateFactors(model: Model, learning: readonly Layer[], perDepth: number): ReadonlyMap<string, number> {
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

function freeComposites(layer: Layer): void {
  if (layer.innerLayers === null) return;
  layer.trainable = true;
  for (const inner of layer.innerLayers) freeComposites(inner);
}

import { BatchNormalization, DepthwiseConv2D, type Layer, Model, Normalization, type Weight } from "@featuremap/layers";
import { HostArray, InvalidConfigError, type NestedNumbers } from "@featuremap/tensor";

/** A weight as TensorFlow.js has it. */
export interface WrittenWeight {
  readonly shape: readonly number[];
  readonly read: () => Promise<ArrayLike<number>>;
  /** The weight here that it is as it stands. */
  readonly weight?: Weight | undefined;
}

/**
 * Weights by the names that TensorFlow.js gives them: the layer's and their own, whatever models are around.
 *
 * @throws {InvalidConfigError} two have one name, or TensorFlow.js would not take it.
 */
export function writtenWeights(owner: string, model: Model): ReadonlyMap<string, WrittenWeight> {
  const named = new Map<string, WrittenWeight>();
  for (const layer of layersOf(model)) {
    for (const [own, weight] of weightsOf(layer)) {
      const name = `${layer.name}/${own}`;
      if (named.has(name)) {
        const expected = "of different names in all models within it, as TensorFlow.js tells weights apart by them";
        throw new InvalidConfigError(owner, "layers", expected, layer.name);
      }
      if (!/^[A-Za-z0-9][-A-Za-z0-9._/]*$/.test(name)) {
        const expected = "of letters, digits and .-_ for TensorFlow.js, the first no sign";
        throw new InvalidConfigError(owner, "names of layers", expected, layer.name);
      }
      named.set(name, weight);
    }
  }
  return named;
}

/** Every layer, those of models within the model too; one that several models share as often as it is written. */
export function layersOf(model: Model): readonly Layer[] {
  return model.layers.flatMap((layer) => (layer instanceof Model ? layersOf(layer) : [layer]));
}

function weightsOf(layer: Layer): readonly (readonly [string, WrittenWeight])[] {
  if (layer instanceof Normalization) return momentsOf(layer);
  return layer.weights
    .filter((weight) => !isOfRenormalization(layer, weight))
    .map((weight) => {
      const isDepths = layer instanceof DepthwiseConv2D && weight.name === "kernel";
      return [isDepths ? "depthwise_kernel" : weight.name, written(weight)] as const;
    });
}

/** What batch renormalization keeps besides, which the layer predicts without. */
function isOfRenormalization(layer: Layer, { name }: Weight): boolean {
  return layer instanceof BatchNormalization && !/^(gamma|beta|moving_mean|moving_variance)$/.test(name);
}

function written(weight: Weight): WrittenWeight {
  return { weight, shape: weight.shape, read: async () => (await weight.read()).data };
}

/** Keras divides by no less than this. */
const leastDeviation = 1e-7;

/** The mean and variance of inputs, which a BatchNormalization holds in its place. */
function momentsOf(layer: Normalization): readonly (readonly [string, WrittenWeight])[] {
  const { mean, variance } = layer.config;
  const find = (name: string, given: NestedNumbers | null | undefined): WrittenWeight => {
    const weight = layer.weights.find((each) => each.name === name);
    if (weight !== undefined) return written(weight);
    const { data, shape } = HostArray.from(given ?? []);
    return { shape, read: () => Promise.resolve(data) };
  };
  const spread = find("variance", variance);
  const clipped = async (): Promise<ArrayLike<number>> =>
    Float32Array.from(await spread.read(), (value) => Math.max(value, leastDeviation ** 2));
  const moments = [
    ["moving_mean", find("mean", mean)],
    ["moving_variance", { shape: spread.shape, read: clipped }],
  ] as const;
  return moments.filter(([, { shape }]) => shape.length === 1);
}

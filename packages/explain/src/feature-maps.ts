import { type HostArray, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { Model } from "@featuremap/layers";
import { type PaceOptions, paceOptions, readPace } from "./input/pace.ts";
import { type Images, readImages } from "./input/read-images.ts";
import { computeBatches } from "./network/compute-batches.ts";
import { type LayerReference, findUses, listLayers } from "./network/find-layers.ts";
import { isConvolution } from "./network/layer-kinds.ts";
import { type LayerUse, type Network, openNetwork } from "./network/network.ts";
import { joinArrays } from "./read-arrays.ts";

/** What a layer gives for some images. */
export interface FeatureMaps {
  /** The layer's name; inside other models `<model>/<layer>`. */
  readonly layer: string;
  /** Which use of the layer, counted from 0: a layer that is shared has several. */
  readonly use: number;
  /** `[images, height, width, channels]` where the layer gives images, also if its channels come first; else as it gives them. */
  readonly maps: HostArray<Float32Array>;
}

export interface FeatureMapsOptions extends PaceOptions {
  /** Layers by name, path or index. Default: every convolution. */
  readonly layers?: readonly LayerReference[] | undefined;
}

const featureMapsOptions: OptionNames<FeatureMapsOptions> = { layers: true, ...paceOptions };

/**
 * The outputs of layers inside a model, by one pass: what Keras's tutorials build a sub-model for.
 *
 * A layer gives its own output, activation included, also where a prediction computes it together with the pooling after it. Every layer runs
 * as in a prediction.
 *
 * @returns an entry for each use of each layer, in the order of `layers`, else in that of computation
 * @throws {InvalidConfigError} there is no such layer, or, without `layers`, no convolution.
 * @throws {ShapeError} the images do not fit the model.
 */
export async function featureMaps(
  model: Model,
  images: Images,
  options: FeatureMapsOptions = {},
): Promise<readonly FeatureMaps[]> {
  const owner = "featureMaps";
  checkOptions(owner, options, featureMapsOptions);
  const network = openNetwork(owner, model);
  const pace = readPace(owner, options);
  const shown = chooseUses(owner, network, options.layers);
  const set = readImages(owner, network, images);
  const outputs = shown.flatMap((use) => use.outputs.map((value) => ({ use, value })));
  const wanted = outputs.map(({ value }) => value);
  const parts: (readonly HostArray<Float32Array>[])[] = [];
  for await (const { arrays, to } of computeBatches(network, set, wanted, pace)) {
    parts.push(arrays);
    await pace.report(to, set.count);
  }
  return outputs.map(({ use }, index) => {
    const maps = joinArrays(parts.flatMap((arrays) => arrays[index] ?? []));
    return { layer: use.path, use: use.use, maps };
  });
}

function chooseUses(owner: string, network: Network, layers: unknown): readonly LayerUse[] {
  if (layers === undefined) {
    const found = network.uses.filter(({ layer }) => isConvolution(layer));
    if (found.length > 0) return found;
    const expected = `given for a model without a convolution: one of ${listLayers(network)}`;
    throw new InvalidConfigError(owner, "layers", expected, layers);
  }
  if (!Array.isArray(layers) || layers.length === 0) {
    throw new InvalidConfigError(owner, "layers", "a list of names or indices of layers", layers);
  }
  return layers.flatMap((layer: unknown) => findUses(owner, "layers", network, layer));
}

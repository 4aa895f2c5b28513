import { HostArray, InvalidConfigError } from "@featuremap/tensor";
import {
  Conv1DTranspose,
  Conv2DTranspose,
  DepthwiseConv1D,
  DepthwiseConv2D,
  type Layer,
  type Model,
  SeparableConv1D,
  SeparableConv2D,
} from "@featuremap/layers";
import { type LayerReference, findUses, listLayers } from "./network/find-layers.ts";
import { isConvolution, withWrapped } from "./network/layer-kinds.ts";
import { openNetwork } from "./network/network.ts";

/** The kernels of a convolution. */
export interface Filters {
  /** The layer's name; inside other models `<model>/<layer>`. */
  readonly layer: string;
  /** `[filters, height, width, channels]`; of a convolution of rows, the height is 1. */
  readonly filters: HostArray<Float32Array>;
}

/**
 * The kernels of a convolution as pictures: one for each filter, in the order of the channels that they give.
 *
 * Of a depthwise or separable convolution those of its depthwise part, which have one channel each.
 *
 * @param layer by name, path or index (default: the model's first convolution)
 * @throws {InvalidConfigError} there is no such layer, or it has no kernels that are pictures.
 */
export async function filtersOf(model: Model, layer?: LayerReference): Promise<Filters> {
  const owner = "filtersOf";
  const network = openNetwork(owner, model);
  const uses = layer === undefined ? network.uses : findUses(owner, "layer", network, layer);
  const use = uses.find((each) => isConvolution(each.layer));
  if (use === undefined) {
    if (layer !== undefined) throw new InvalidConfigError(owner, "layer", "a convolution", layer);
    throw new InvalidConfigError(owner, "model", `one with a convolution (its layers: ${listLayers(network)})`, model);
  }
  const kernel = withWrapped(use.layer)
    .flatMap((each) => each.weights)
    .find(({ name }) => name === "kernel" || name === "depthwise_kernel");
  const sides = kernel === undefined ? [] : kernel.shape.slice(0, -2);
  if (kernel === undefined || sides.length === 0 || sides.length > 2) {
    throw new InvalidConfigError(owner, "layer", "a convolution of images or of rows", use.layer.className);
  }
  return { layer: use.path, filters: filtersFirst(await kernel.read(), use.layer) };
}

/** How the last two axes of a kernel are read. */
interface KernelAxes {
  readonly filters: number;
  readonly channels: number;
  /** Where in those axes one number of a filter stands. */
  readonly place: (filter: number, channel: number) => number;
}

function axesOf(layer: Layer, [first, last]: readonly [number, number]): KernelAxes {
  const parts = withWrapped(layer);
  if (parts.some((each) => each instanceof DepthwiseConv1D || each instanceof DepthwiseConv2D || isSeparable(each))) {
    // Each channel has its own filters, one after another.
    return { filters: first * last, channels: 1, place: (filter) => filter };
  }
  if (parts.some((each) => each instanceof Conv1DTranspose || each instanceof Conv2DTranspose)) {
    return { filters: first, channels: last, place: (filter, channel) => filter * last + channel };
  }
  return { filters: last, channels: first, place: (filter, channel) => channel * last + filter };
}

function isSeparable(layer: Layer): boolean {
  return layer instanceof SeparableConv1D || layer instanceof SeparableConv2D;
}

function filtersFirst({ data, shape }: HostArray<Float32Array>, layer: Layer): HostArray<Float32Array> {
  const [last = 1, first = 1, width = 1, height = 1] = shape.toReversed();
  const { filters, channels, place } = axesOf(layer, [first, last]);
  const turned = new Float32Array(data.length);
  let target = 0;
  for (let filter = 0; filter < filters; filter++) {
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        turned[target++] = data[pixel * first * last + place(filter, channel)] ?? Number.NaN;
      }
    }
  }
  return new HostArray(turned, [filters, height, width, channels]);
}

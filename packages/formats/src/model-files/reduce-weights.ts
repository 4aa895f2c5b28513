import type { Layer, Model, Weight } from "@featuremap/layers";
import { type FixedShape, HostArray, InvalidConfigError, describeValue, sizeOf } from "@featuremap/tensor";
import type { WrittenType } from "../safetensors/encode-safetensors.ts";
import { scaleSuffix } from "./decode-weights.ts";

/** How a model's files store its weights. */
export type StoredWeights = "float32" | "float16" | "int8";

const kinds: readonly StoredWeights[] = ["float32", "float16", "int8"];

/** Tensors to be written, and the element types of those that do not keep their own. */
interface ReducedWeights {
  readonly tensors: ReadonlyMap<string, HostArray>;
  readonly types: ReadonlyMap<string, WrittenType>;
}

/**
 * Weights in fewer bytes. With `float16` those of two axes and more are rounded to half precision. With `int8` kernels become whole
 * numbers in [-127, 127], with one scale for each output channel: the greatest magnitude in it, divided by 127. All others stay
 * float32, which are few.
 *
 * @throws {InvalidConfigError} `dtype` is none of these, or a weight is not finite or beyond half precision.
 */
export function reduceWeights(
  owner: string,
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  dtype: unknown,
): ReducedWeights {
  if (!kinds.some((kind) => kind === dtype)) {
    throw new InvalidConfigError(owner, "dtype", `one of ${kinds.join(", ")}`, dtype);
  }
  if (dtype === "float32") return { tensors: weights, types: new Map() };
  const named = model.namedWeights();
  const layers = layersOf(model);
  const tensors = new Map<string, HostArray>();
  const types = new Map<string, WrittenType>();
  for (const [path, tensor] of weights) {
    const weight = named.get(path);
    const isKernel = weight !== undefined && /(^|_)kernel$/.test(weight.name) && tensor.rank >= 2;
    if (dtype === "float16" && tensor.rank >= 2) {
      requireWithin(owner, path, tensor, 65_519);
      types.set(path, "float16");
      tensors.set(path, tensor);
    } else if (dtype === "int8" && isKernel) {
      requireWithin(owner, path, tensor, Number.MAX_VALUE);
      const { whole, scale } = quantize(tensor, shapeOfScale(weight, layers.get(weight), tensor.shape));
      types.set(path, "int8");
      tensors.set(path, whole).set(path + scaleSuffix, scale);
    } else {
      tensors.set(path, tensor);
    }
  }
  return { tensors, types };
}

/** The class of the layer that each weight belongs to. */
function layersOf(model: Model): Map<Weight, string> {
  const classes = new Map<Weight, string>();
  const visit = (layer: Layer): void => {
    if (layer.innerLayers !== null) return layer.innerLayers.forEach(visit);
    for (const weight of layer.weights) classes.set(weight, (layer.constructor as typeof Layer).className);
  };
  visit(model);
  return classes;
}

/** A kernel's shape with 1 for each axis but those of its output channels. */
function shapeOfScale({ name }: Weight, layer: string | undefined, shape: FixedShape): FixedShape {
  const last = shape.length - 1;
  const isDepthwise = layer?.startsWith("DepthwiseConv") || name === "depthwise_kernel";
  const isTransposed = layer?.endsWith("Transpose") === true;
  // Depthwise kernels end in (channels, multiplier), transposed ones in (filters, channels).
  const kept = isDepthwise ? [last - 1, last] : isTransposed ? [last - 1] : [last];
  return shape.map((length, axis) => (kept.includes(axis) ? length : 1));
}

function quantize({ data, shape }: HostArray, scaleShape: FixedShape): { whole: HostArray; scale: HostArray } {
  const run = sizeOf(shape.slice(scaleShape.findLastIndex((length) => length > 1) + 1));
  const channels = sizeOf(scaleShape);
  const channelOf = (index: number): number => Math.floor(index / run) % channels;
  const scale = new Float32Array(channels);
  for (let index = 0; index < data.length; index++) {
    const channel = channelOf(index);
    scale[channel] = Math.max(scale[channel] ?? 0, Math.abs(data[index] ?? 0) / 127);
  }
  const whole = new Int32Array(data.length);
  for (let index = 0; index < data.length; index++) {
    const step = scale[channelOf(index)] ?? 0;
    // The scale was rounded, so that the greatest may be a little more than 127 of it.
    if (step > 0) whole[index] = Math.max(-127, Math.min(127, Math.round((data[index] ?? 0) / step)));
  }
  return { whole: new HostArray(whole, shape), scale: new HostArray(scale, scaleShape) };
}

function requireWithin(owner: string, path: string, { data }: HostArray, most: number): void {
  const beyond = data.find((value) => !(Math.abs(value) <= most));
  if (beyond === undefined) return;
  const expected = `one whose weight ${describeValue(path)} has numbers of a magnitude of at most ${most}`;
  throw new InvalidConfigError(owner, "model", expected, beyond);
}

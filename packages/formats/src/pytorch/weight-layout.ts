import { Dense, GroupNormalization, type Layer, type Model, type Weight } from "@featuremap/layers";
import type { FixedShape } from "@featuremap/tensor";
import { type FlattenedMaps, type VectorOrder, flattenedInputs } from "./flattened-maps.ts";

/** A weight here and in PyTorch. */
export interface WeightLayout {
  readonly weight: Weight;
  /** Its path here: `conv2d/kernel`. */
  readonly path: string;
  /** The module's parameter or buffer: `weight`, `running_mean`. */
  readonly parameter: string;
  /** Its shape in PyTorch. */
  readonly shape: FixedShape;
  /** The same elements with axes joined or parted, such that each axis here is one of them. */
  readonly view: FixedShape;
  /** Which axis of the view each axis here is; more than one where they are joined here. */
  readonly axes: readonly number[];
}

/** What a layer's module is, by which modules are matched in their order. */
export type ModuleKind = "convolution" | "transposed" | "linear" | "normalization" | "scale";

/** A layer with weights, as a module of PyTorch. */
export interface LayerLayout {
  readonly layer: Layer;
  /** The layer's path in the model. */
  readonly path: string;
  readonly kind: ModuleKind;
  readonly weights: readonly WeightLayout[];
}

const parameters: Readonly<Record<string, string>> = {
  kernel: "weight",
  bias: "bias",
  gamma: "weight",
  beta: "bias",
  moving_mean: "running_mean",
  moving_variance: "running_var",
};

const kinds: Readonly<Record<string, ModuleKind>> = {
  Conv1D: "convolution",
  Conv2D: "convolution",
  Conv3D: "convolution",
  DepthwiseConv1D: "convolution",
  DepthwiseConv2D: "convolution",
  Conv1DTranspose: "transposed",
  Conv2DTranspose: "transposed",
  Conv3DTranspose: "transposed",
  Dense: "linear",
  BatchNormalization: "normalization",
  LayerNormalization: "normalization",
  GroupNormalization: "normalization",
  LayerScale: "scale",
};

/**
 * The layers of a model that have weights, in its order, and those that PyTorch has no module for, or whose inputs lie there in an
 * order that weights cannot be put into.
 */
export function layoutsOf(model: Model): {
  readonly layouts: readonly LayerLayout[];
  readonly others: readonly string[];
} {
  const paths = new Map([...model.namedWeights()].map(([path, weight]) => [weight, path]));
  const orders = flattenedInputs(model);
  const layouts: LayerLayout[] = [];
  const others: string[] = [];
  for (const layer of leavesOf(model)) {
    const [first] = layer.weights;
    if (first === undefined) continue;
    const path = (paths.get(first) ?? layer.name).replace(/\/[^/]*$/, "");
    const kind = Object.hasOwn(kinds, layer.className) ? kinds[layer.className] : undefined;
    const before = mapsBefore(layer, orders.get(layer));
    const weights = layer.weights.map((weight) =>
      before !== undefined && Object.hasOwn(parameters, weight.name)
        ? layoutOf(layer, weight, paths.get(weight) ?? path, before.maps)
        : undefined,
    );
    if (kind === undefined || weights.includes(undefined)) others.push(path);
    else layouts.push({ layer, path, kind, weights: weights.filter((each) => each !== undefined) });
  }
  return { layouts, others };
}

function layoutOf(layer: Layer, weight: Weight, path: string, maps: FlattenedMaps | undefined): WeightLayout {
  const { name, shape } = weight;
  // That of a whole block in timm, which has it under Keras's name.
  const parameter = layer.className === "LayerScale" ? name : (parameters[name] ?? name);
  const plain = { weight, path, parameter, shape, view: shape, axes: shape.map((_, axis) => axis) };
  if (layer instanceof Dense) return name === "kernel" ? denseLayout(plain, maps) : plain;
  if (maps !== undefined) return { ...plain, view: maps.lengths, axes: maps.axes };
  if (name !== "kernel") return plain;
  const spatial = shape.slice(0, -2);
  const [before = 1, last = 1] = shape.slice(-2);
  // Spatial axes come last in PyTorch.
  const placed = spatial.map((_, axis) => axis + 2);
  if (layer.className.startsWith("Depthwise")) {
    // (channels * multiplier, 1, ...) there, (..., channels, multiplier) here.
    return {
      ...plain,
      shape: [before * last, 1, ...spatial],
      view: [before, last, ...spatial],
      axes: [...placed, 0, 1],
    };
  }
  // (outputs, inputs, ...) there; transposed convolutions have both the other way around, there and here.
  const theirs = [last, before, ...spatial];
  return { ...plain, shape: theirs, view: theirs, axes: [...placed, 1, 0] };
}

/** (outputs, inputs) there. */
function denseLayout(plain: WeightLayout, maps: FlattenedMaps | undefined): WeightLayout {
  const [inputs = 0, outputs = 0] = plain.weight.shape;
  const shape = [outputs, inputs];
  if (maps === undefined) return { ...plain, shape, view: shape, axes: [1, 0] };
  return { ...plain, shape, view: [outputs, ...maps.lengths], axes: [...maps.axes.map((axis) => axis + 1), 0] };
}

/** Which maps were flattened to what the layer takes; undefined where its weights cannot be put into their order. */
function mapsBefore(layer: Layer, order: VectorOrder | undefined): { readonly maps?: FlattenedMaps } | undefined {
  if (order === undefined) return {};
  // Its groups would be of other elements.
  const isGrouped = layer instanceof GroupNormalization && layer.groups !== 1;
  return order === "mixed" || isGrouped ? undefined : { maps: order };
}

function leavesOf(layer: Layer): readonly Layer[] {
  return layer.innerLayers === null ? [layer] : [...new Set(layer.innerLayers.flatMap(leavesOf))];
}

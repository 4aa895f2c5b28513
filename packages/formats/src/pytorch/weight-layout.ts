import { Dense, Dropout, Flatten, type Layer, type LayerNode, type Model, ReLU, type Weight } from "@featuremap/layers";
import { type FixedShape, sizeOf } from "@featuremap/tensor";

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
export type ModuleKind = "convolution" | "transposed" | "linear" | "normalization";

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
};

/** The layers of a model that have weights, in its order, and those that PyTorch has no module for. */
export function layoutsOf(model: Model): {
  readonly layouts: readonly LayerLayout[];
  readonly others: readonly string[];
} {
  const paths = new Map([...model.namedWeights()].map(([path, weight]) => [weight, path]));
  const nodes = nodesOf(model);
  const layouts: LayerLayout[] = [];
  const others: string[] = [];
  for (const layer of leavesOf(model)) {
    const [first] = layer.weights;
    if (first === undefined) continue;
    const path = (paths.get(first) ?? layer.name).replace(/\/[^/]*$/, "");
    const kind = Object.hasOwn(kinds, layer.className) ? kinds[layer.className] : undefined;
    const weights = layer.weights.map((weight) =>
      Object.hasOwn(parameters, weight.name) ? layoutOf(layer, weight, paths.get(weight) ?? path, nodes) : undefined,
    );
    if (kind === undefined || weights.includes(undefined)) others.push(path);
    else layouts.push({ layer, path, kind, weights: weights.filter((each) => each !== undefined) });
  }
  return { layouts, others };
}

function layoutOf(layer: Layer, weight: Weight, path: string, nodes: readonly LayerNode[]): WeightLayout {
  const { name, shape } = weight;
  const parameter = parameters[name] ?? name;
  const plain = { weight, path, parameter, shape, view: shape, axes: shape.map((_, axis) => axis) };
  if (name !== "kernel") return plain;
  if (layer instanceof Dense) return denseLayout(plain, flattenedBefore(layer, nodes));
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

/** (outputs, inputs) there. Feature maps that were flattened lie channel by channel there, and pixel by pixel here. */
function denseLayout(plain: WeightLayout, maps: readonly number[] | undefined): WeightLayout {
  const [inputs = 0, outputs = 0] = plain.weight.shape;
  const shape = [outputs, inputs];
  const [height, width, channels] = maps ?? [];
  if (height === undefined || width === undefined || channels === undefined) {
    return { ...plain, shape, view: shape, axes: [1, 0] };
  }
  return { ...plain, shape, view: [outputs, channels, height, width], axes: [2, 3, 1, 0] };
}

/** Height, width and channels of the feature maps that are flattened to what the layer takes. */
function flattenedBefore(layer: Layer, nodes: readonly LayerNode[]): readonly number[] | undefined {
  let node = nodes.find((each) => each.layer === layer);
  for (;;) {
    const before = node?.inputs[0]?.node;
    if (before === undefined) return undefined;
    if (before.layer instanceof Flatten) {
      const shape = before.inputs[0]?.shape.slice(1) ?? [];
      const lengths = shape.filter((length) => length !== null);
      return lengths.length === 3 && lengths.length === shape.length && sizeOf(lengths) > 0 ? lengths : undefined;
    }
    if (!(before.layer instanceof Dropout || before.layer instanceof ReLU)) return undefined;
    node = before;
  }
}

function leavesOf(layer: Layer): readonly Layer[] {
  return layer.innerLayers === null ? [layer] : [...new Set(layer.innerLayers.flatMap(leavesOf))];
}

/** The uses of all layers, those of models within too. */
function nodesOf(model: Model): readonly LayerNode[] {
  const inner = model.innerLayers.flatMap((layer) => (isModel(layer) ? nodesOf(layer) : []));
  return [...model.graph.levels.flat(), ...inner];
}

function isModel(layer: Layer): layer is Model {
  return "graph" in layer;
}

import type { GraphBuilder } from "../graph-builder.ts";
import { farEnd } from "../graph-builder.ts";
import type { LayerUse, LayerWriter } from "../layer-use.ts";
import { paddingAttributes, spatialInput } from "./convolutions.ts";

function pooling(operator: "AveragePool" | "MaxPool"): LayerWriter {
  return (use) => {
    const { name, order, lengths } = spatialInput(use);
    const size = use.numbers("pool_size");
    const strides = use.numbers("strides");
    const window = { size, strides, dilation: size.map(() => 1), padding: use.text("padding") };
    const attributes = { kernel_shape: size, strides, ...paddingAttributes(window, lengths) };
    return { name: use.builder.node(operator, [name], attributes), shape: use.shape, order };
  };
}

function globalPooling(operator: "GlobalAveragePool" | "GlobalMaxPool"): LayerWriter {
  return (use) => {
    const { name, order } = spatialInput(use);
    const pooled = use.builder.node(operator, [name]);
    if (use.shape.length > 2) return { name: pooled, shape: use.shape, order };
    return use.plainly(use.builder.node("Flatten", [pooled], { axis: 1 }));
  };
}

function adaptivePooling(kind: "average" | "max"): LayerWriter {
  return (use) => {
    const { name, order, lengths } = spatialInput(use);
    const output = use.numbers("output_size");
    const known = lengths.map((length) => length ?? use.refuse("adaptive pooling of open lengths"));
    const strides = known.map((length, axis) => length / (output[axis] ?? 1));
    if (strides.every(Number.isInteger)) {
      const operator = kind === "max" ? "MaxPool" : "AveragePool";
      const pooled = use.builder.node(operator, [name], { kernel_shape: strides, strides });
      return { name: pooled, shape: use.shape, order };
    }
    let pooled = name;
    const axes = known.keys();
    for (const axis of axes) {
      const windows = windowsOf(known[axis] ?? 1, output[axis] ?? 1);
      pooled =
        kind === "max" ? largest(use.builder, pooled, axis + 2, windows) : means(use, pooled, axis + 2, windows, order);
    }
    return { name: pooled, shape: use.shape, order };
  };
}

/** Window `i` of `n` reaches from `floor(i * length / n)` to `ceil((i + 1) * length / n)`. */
function windowsOf(length: number, count: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, index) => [
    Math.floor((index * length) / count),
    Math.ceil(((index + 1) * length) / count),
  ]);
}

function largest(
  builder: GraphBuilder,
  x: string,
  axis: number,
  windows: readonly (readonly [number, number])[],
): string {
  const maxima = windows.map(([start, end]) => {
    const part = builder.node("Slice", [
      x,
      builder.integers([start]),
      builder.integers([Math.min(end, farEnd)]),
      builder.integers([axis]),
    ]);
    return builder.node("ReduceMax", [part], { axes: [axis], keepdims: 1 });
  });
  return builder.node("Concat", maxima, { axis });
}

/** As a product with a matrix whose columns hold the weights of the means. */
function means(
  use: LayerUse,
  x: string,
  axis: number,
  windows: readonly (readonly [number, number])[],
  order: readonly number[],
): string {
  const { builder } = use;
  const rank = order.length;
  const length = windows.at(-1)?.[1] ?? 0;
  const matrix = new Float32Array(length * windows.length);
  for (const [column, [start, end]] of windows.entries()) {
    for (let row = start; row < end; row++) matrix[row * windows.length + column] = 1 / (end - start);
  }
  const weights = builder.floats(matrix, [length, windows.length]);
  const swapped = order.map((_, index) => index);
  [swapped[axis], swapped[rank - 1]] = [rank - 1, axis];
  if (axis === rank - 1) return builder.node("MatMul", [x, weights]);
  const turned = builder.node("Transpose", [x], { perm: swapped });
  return builder.node("Transpose", [builder.node("MatMul", [turned, weights])], { perm: swapped });
}

/** Layers of a name for one, two and three spatial axes. */
function forRanks(name: string, write: LayerWriter): Record<string, LayerWriter> {
  return Object.fromEntries([1, 2, 3].map((rank) => [`${name}${rank}D`, write]));
}

export const poolings: Readonly<Record<string, LayerWriter>> = {
  ...forRanks("AveragePooling", pooling("AveragePool")),
  ...forRanks("MaxPooling", pooling("MaxPool")),
  ...forRanks("GlobalAveragePooling", globalPooling("GlobalAveragePool")),
  ...forRanks("GlobalMaxPooling", globalPooling("GlobalMaxPool")),
  ...forRanks("AdaptiveAveragePooling", adaptivePooling("average")),
  ...forRanks("AdaptiveMaxPooling", adaptivePooling("max")),
};

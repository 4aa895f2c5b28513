import { channelsLast } from "../../layouts.ts";
import type { Constant } from "../constants.ts";
import { transposed, reshapedConstant } from "../constant-arrays.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { slice } from "./items.ts";
import { taken } from "./parts.ts";
import { type Window, paddingWord, readWindow, withMargins } from "./windows.ts";

/** Axes of `[filters, channels, ...size]` as Keras has them, `[...size, channels, filters]`. */
function kernelAxes(rank: number): readonly number[] {
  return [...Array.from({ length: rank }, (_, axis) => axis + 2), 1, 0];
}

function biasOf(use: NodeUse, filters: number): Constant | undefined {
  const bias = use.constant(2);
  return bias === undefined || bias.values.length === filters
    ? bias
    : use.refuse("a bias of another length than filters");
}

const convolution: NodeReader = (use) => {
  const kernel = use.weight(1);
  const [filters = 0, inGroup = 0, ...size] = kernel.shape;
  const given = use.image(use.tensor(0));
  const rank = size.length;
  const group = use.number("group", 1);
  const { input, window, steps } = inTwoSteps(use, given, readWindow(use, given, size));
  const word = paddingWord(window, use.spatial(input));
  const padded = word === undefined ? withMargins(use, input, window.margins ?? []) : input;
  const bias = biasOf(use, filters);
  const config = {
    kernel_size: size,
    strides: window.strides,
    dilation_rate: window.dilation,
    padding: word ?? "valid",
    use_bias: bias !== undefined,
  };
  const order = channelsLast(rank + 2);
  const channels = input.shape[1];
  if (channels !== inGroup * group)
    use.refuse(`a kernel for ${inGroup * group} channels over ${channels ?? "an unknown number"}`);
  const biases = bias === undefined ? {} : { bias };
  if (group > 1 && inGroup === 1 && isDepthwise(window, rank)) {
    // [channels * multiplier, 1, ...size] as [...size, channels, multiplier].
    const multiplier = filters / group;
    const apart = reshapedConstant(kernel, [group, multiplier, ...size]);
    const turned = transposed(apart, [...size.map((_, axis) => axis + 2), 0, 1]);
    const options = { ...config, depth_multiplier: multiplier };
    return every(
      use,
      use.layer(`DepthwiseConv${rank}D`, options, [padded], order, { kernel: turned, ...biases }),
      steps,
    );
  }
  const weights = { kernel: transposed(kernel, kernelAxes(rank)), ...biases };
  return every(use, use.layer(`Conv${rank}D`, { ...config, filters, groups: group }, [padded], order, weights), steps);
};

/** Keras's layers have strides or dilations, not both: the others are taken of the input, or else of the output. */
function inTwoSteps(
  use: NodeUse,
  input: Tensor,
  window: Window,
): { readonly input: Tensor; readonly window: Window; readonly steps: readonly number[] } {
  const { strides, dilation, margins } = window;
  const ones = strides.map(() => 1);
  if (strides.every((stride) => stride === 1) || dilation.every((step) => step === 1))
    return { input, window, steps: ones };
  if (margins === undefined) return use.refuse("strides and dilations over open lengths");
  const around = withMargins(use, input, margins);
  const valid = { ...window, margins: ones.map((): [number, number] => [0, 0]), strides: ones };
  const fits = strides.every((stride, axis) => (dilation[axis] ?? 1) % stride === 0);
  if (!fits) return { input: around, window: valid, steps: strides };
  const apart = dilation.map((step, axis) => step / (strides[axis] ?? 1));
  return { input: every(use, around, strides), window: { ...valid, dilation: apart }, steps: ones };
}

/** Every so many elements along the spatial axes. */
function every(use: NodeUse, tensor: Tensor, steps: readonly number[]): Tensor {
  const items = [...steps.entries()].filter(([, step]) => step > 1);
  if (items.length === 0) return tensor;
  return taken(use, tensor, new Map(items.map(([axis, step]) => [axis + 2, slice(null, null, step)])));
}

/** Keras's depthwise layers know rows and images, and one stride. */
function isDepthwise({ strides }: Window, rank: number): boolean {
  return rank <= 2 && strides.every((stride) => stride === strides[0]);
}

const transposedConvolution: NodeReader = (use) => {
  const kernel = use.weight(1);
  const [channels = 0, inGroup = 0, ...size] = kernel.shape;
  const group = use.number("group", 1);
  const input = use.image(use.tensor(0));
  const order = channelsLast(size.length + 2);
  const bias = biasOf(use, inGroup * group);
  if (input.shape[1] !== channels) return use.refuse(`a kernel for ${channels} channels`);
  if (group > mostGroups || !Number.isInteger(channels / group)) return use.refuse(`${group} groups`);
  const { config, cut } = transposedOptions(use, use.spatial(input), size);
  // Keras's layer knows no groups.
  const part = (constant: Constant, axis: number, index: number): Constant => {
    const each = (constant.shape[axis] ?? 0) / group;
    const rest = constant.values.length / group;
    const shape = constant.shape.map((length, own) => (own === axis ? each : length));
    return { ...constant, shape, values: constant.values.slice(index * rest, (index + 1) * rest) };
  };
  const outputs = Array.from({ length: group }, (_, index) => {
    const suffix = group === 1 ? "" : `_${index}`;
    const each = channels / group;
    const items = [...order.slice(1).map(() => whole), slice(index * each, (index + 1) * each, 1)];
    const own = group === 1 ? input : use.operation("GetItem", [input.keras, items], order);
    const weights = {
      kernel: transposed(part(kernel, 0, index), kernelAxes(size.length)),
      ...(bias === undefined ? {} : { bias: part(bias, 0, index) }),
    };
    const options = { ...config, filters: inGroup, use_bias: bias !== undefined };
    return use.layer(`Conv${size.length}DTranspose`, options, [own], order, weights, suffix);
  });
  const [only] = outputs;
  const output =
    group === 1 && only !== undefined ? only : use.layer("Concatenate", { axis: -1 }, outputs, order, {}, "_groups");
  return withMargins(
    use,
    output,
    cut.map(([start, end]) => [-start, -end]),
  );
};

/** Of one transposed convolution, each a layer. */
const mostGroups = 64;
const whole = slice(null, null, null);

/** What all groups have in common, and how much of what they reach is not in the output. */
function transposedOptions(
  use: NodeUse,
  lengths: readonly (number | null)[],
  size: readonly number[],
): { readonly config: Readonly<Record<string, unknown>>; readonly cut: readonly (readonly [number, number])[] } {
  const ones = size.map(() => 1);
  const strides = use.list("strides", ones);
  const dilation = use.list("dilations", ones);
  const added = use.list(
    "output_padding",
    size.map(() => 0),
  );
  const reach = size.map((length, axis) => (length - 1) * (dilation[axis] ?? 1) + 1);
  // Without it, Keras makes windows smaller than strides reach as far as those.
  const states = added.some((count) => count > 0) || reach.some((length, axis) => length < (strides[axis] ?? 1));
  const config = {
    kernel_size: size,
    strides,
    dilation_rate: dilation,
    padding: "valid",
    output_padding: states ? added : null,
  };
  return { config, cut: cutMargins(use, lengths, { strides, reach, added }) };
}

/** How much of what kernels reach is not in the output. */
function cutMargins(
  use: NodeUse,
  lengths: readonly (number | null)[],
  { strides, reach, added }: Readonly<Record<"strides" | "reach" | "added", readonly number[]>>,
): readonly (readonly [number, number])[] {
  const word = use.text("auto_pad", "NOTSET");
  const wanted = use.node.attributes.get("output_shape");
  if (wanted === undefined && word !== "SAME_UPPER" && word !== "SAME_LOWER") {
    const pads = word === "VALID" ? [] : use.list("pads");
    return reach.map((_, axis) => [pads[axis] ?? 0, pads[axis + reach.length] ?? 0]);
  }
  const given = wanted === undefined ? undefined : use.list("output_shape").slice(-reach.length);
  return reach.map((length, axis) => {
    const stride = strides[axis] ?? 1;
    const output = given?.[axis] ?? (lengths[axis] === null ? null : (lengths[axis] ?? 1) * stride);
    const full = lengths[axis] === null ? null : ((lengths[axis] ?? 1) - 1) * stride + length + (added[axis] ?? 0);
    const total = output === null || full === null ? length - stride : full - output;
    const half = Math.floor(total / 2);
    return word === "SAME_UPPER" ? [half, total - half] : [total - half, half];
  });
}

export const convolutions: Readonly<Record<string, NodeReader>> = {
  Conv: convolution,
  ConvTranspose: transposedConvolution,
};

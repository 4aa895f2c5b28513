import { channelsLast } from "../../layouts.ts";
import type { Constant } from "../constants.ts";
import { transposed, reshapedConstant } from "../constant-arrays.ts";
import type { NodeReader, NodeUse } from "../node-use.ts";
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
  const input = use.image(use.tensor(0));
  const rank = size.length;
  const group = use.number("group", 1);
  const window = readWindow(use, input, size);
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
    return use.layer(`DepthwiseConv${rank}D`, options, [padded], order, { kernel: turned, ...biases });
  }
  const weights = { kernel: transposed(kernel, kernelAxes(rank)), ...biases };
  return use.layer(`Conv${rank}D`, { ...config, filters, groups: group }, [padded], order, weights);
};

/** Keras's depthwise layers know rows and images, and one stride. */
function isDepthwise({ strides }: Window, rank: number): boolean {
  return rank <= 2 && strides.every((stride) => stride === strides[0]);
}

const transposedConvolution: NodeReader = (use) => {
  const kernel = use.weight(1);
  const [, filters = 0, ...size] = kernel.shape;
  if (use.number("group", 1) !== 1) use.refuse("groups");
  const input = use.image(use.tensor(0));
  const rank = size.length;
  const ones = size.map(() => 1);
  const strides = use.list("strides", ones);
  const dilation = use.list("dilations", ones);
  const added = use.list(
    "output_padding",
    size.map(() => 0),
  );
  const reach = size.map((length, axis) => (length - 1) * (dilation[axis] ?? 1) + 1);
  const cut = cutMargins(use, use.spatial(input), { strides, reach, added });
  const bias = biasOf(use, filters);
  const config = {
    filters,
    kernel_size: size,
    strides,
    dilation_rate: dilation,
    padding: "valid",
    // Without it, Keras makes windows smaller than strides reach as far as those.
    output_padding:
      added.some((count) => count > 0) || reach.some((length, axis) => length < (strides[axis] ?? 1)) ? added : null,
    use_bias: bias !== undefined,
  };
  const order = channelsLast(rank + 2);
  const weights = { kernel: transposed(kernel, kernelAxes(rank)), ...(bias === undefined ? {} : { bias }) };
  const output = use.layer(`Conv${rank}DTranspose`, config, [input], order, weights);
  return withMargins(
    use,
    output,
    cut.map(([start, end]) => [-start, -end]),
  );
};

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

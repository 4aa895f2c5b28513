import { samePadding } from "@featuremap/tensor";
import { activated } from "../activations.ts";
import type { Value } from "../graph-builder.ts";
import type { LayerUse, LayerWriter } from "../layer-use.ts";
import { orderedLengths } from "../../layouts.ts";

/** How a window moves over an input, for ONNX. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: string;
}

/** A convolution's window from its layer's options. */
export function kernelWindow(use: LayerUse): Window {
  return {
    size: use.numbers("kernel_size"),
    strides: use.numbers("strides"),
    dilation: use.numbers("dilation_rate"),
    padding: use.text("padding"),
  };
}

/**
 * ONNX's attributes of padding: as numbers wherever they do not depend on open lengths, since not every runtime knows the words.
 *
 * @param lengths of the input's spatial axes
 */
export function paddingAttributes(
  { size, strides, dilation, padding }: Window,
  lengths: readonly (number | null)[],
): Record<string, string | readonly number[]> {
  if (padding === "valid") return {};
  if (padding === "causal") {
    return { pads: [...size.map((length, axis) => (dilation[axis] ?? 1) * (length - 1)), ...size.map(() => 0)] };
  }
  const isOpen = lengths.some((length, axis) => length === null && strides[axis] !== 1);
  if (isOpen) return { auto_pad: "SAME_UPPER" };
  const pads = size.map((length, axis) =>
    samePadding(lengths[axis] ?? (strides[axis] ?? 1) * length, length, strides[axis], dilation[axis]),
  );
  return { pads: [...pads.map(({ start }) => start), ...pads.map(({ end }) => end)] };
}

/** The input with channels second, and its spatial lengths. */
export function spatialInput(use: LayerUse): {
  readonly name: string;
  readonly order: readonly number[];
  readonly channels: number;
  readonly lengths: readonly (number | null)[];
} {
  const order = use.spatialOrder();
  const [, channels = null, ...lengths] = orderedLengths(use.input.shape, order);
  return { name: use.builder.ordered(use.input, order), order, channels: channels ?? 0, lengths };
}

/** Axes of a kernel `[...size, a, b]` as `[b, a, ...size]`. */
function kernelAxes(rank: number): readonly number[] {
  return [rank + 1, rank, ...Array.from({ length: rank }, (_, axis) => axis)];
}

function withActivation(use: LayerUse, name: string, order: readonly number[]): Value {
  return activated(use.builder, { name, shape: use.shape, order }, use.options["activation"]);
}

const convolution: LayerWriter = (use) => {
  const { name, order, lengths } = spatialInput(use);
  const window = kernelWindow(use);
  const kernel = use.weight("kernel", "first", { axes: kernelAxes(window.size.length) }) ?? "";
  const bias = use.weight("bias");
  const output = use.builder.node("Conv", [name, kernel, ...(bias === undefined ? [] : [bias])], {
    kernel_shape: window.size,
    strides: window.strides,
    dilations: window.dilation,
    group: use.number("groups"),
    ...paddingAttributes(window, lengths),
  });
  return withActivation(use, output, order);
};

/** Each channel by itself; `[...size, channels, multiplier]` becomes one filter for each output channel. */
function depthwise(use: LayerUse, weight: string, bias: string | undefined): string {
  const { name, channels, lengths } = spatialInput(use);
  const window = kernelWindow(use);
  const { size } = window;
  const multiplier = use.number("depth_multiplier");
  const axes = [size.length, size.length + 1, ...size.map((_, axis) => axis)];
  const shape = [channels * multiplier, 1, ...size];
  const kernel = use.weight(weight, "depthwise", { axes, shape }) ?? "";
  return use.builder.node("Conv", [name, kernel, ...(bias === undefined ? [] : [bias])], {
    kernel_shape: size,
    // Keras takes one stride for both axes.
    strides: size.map((_, axis) => use.numbers("strides")[axis] ?? 1),
    dilations: size.map((_, axis) => window.dilation[axis] ?? 1),
    group: channels,
    ...paddingAttributes(window, lengths),
  });
}

const depthwiseConvolution: LayerWriter = (use) =>
  withActivation(use, depthwise(use, "kernel", use.weight("bias")), use.spatialOrder());

const separableConvolution: LayerWriter = (use) => {
  const apart = depthwise(use, "depthwise_kernel", undefined);
  const rank = use.numbers("kernel_size").length;
  const kernel = use.weight("pointwise_kernel", "first", { axes: kernelAxes(rank) }) ?? "";
  const bias = use.weight("bias");
  const output = use.builder.node("Conv", [apart, kernel, ...(bias === undefined ? [] : [bias])], {
    kernel_shape: Array.from({ length: rank }, () => 1),
  });
  return withActivation(use, output, use.spatialOrder());
};

const transposedConvolution: LayerWriter = (use) => {
  const { name, order, lengths } = spatialInput(use);
  const { size, strides, dilation, padding } = kernelWindow(use);
  const [, , ...given] = orderedLengths(use.shape, order);
  const pads = size.map((length, axis) => {
    const covered = (length - 1) * (dilation[axis] ?? 1) + 1;
    const stride = strides[axis] ?? 1;
    // How much of all that kernels reach is not in the output does not depend on the length.
    const [from, to] = [lengths[axis] ?? null, given[axis] ?? null];
    const output =
      from === null || to === null ? openLength(use, covered, stride, padding, axis) : to - (from - 1) * stride;
    const surplus = covered - output;
    if (padding === "valid") return { start: 0, end: surplus };
    const start = Math.floor(Math.max(surplus, 0) / 2);
    return { start, end: surplus - start };
  });
  const kernel = use.weight("kernel", "first", { axes: kernelAxes(size.length) }) ?? "";
  const bias = use.weight("bias");
  const output = use.builder.node("ConvTranspose", [name, kernel, ...(bias === undefined ? [] : [bias])], {
    kernel_shape: size,
    strides,
    dilations: dilation,
    pads: [...pads.map(({ start }) => start), ...pads.map(({ end }) => Math.max(end, 0))],
    output_padding: pads.map(({ end }) => Math.max(-end, 0)),
  });
  return withActivation(use, output, order);
};

/** Length that an input of length 1 becomes. Source: Keras `ConvTranspose`. */
function openLength(use: LayerUse, covered: number, stride: number, padding: string, axis: number): number {
  const given = use.options["output_padding"] === null ? undefined : use.numbers("output_padding")[axis];
  if (padding === "same") return given === undefined ? stride : (covered % 2) + given;
  return given === undefined ? Math.max(covered, stride) : covered + given;
}

export const convolutions: Readonly<Record<string, LayerWriter>> = {
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  DepthwiseConv1D: depthwiseConvolution,
  DepthwiseConv2D: depthwiseConvolution,
  SeparableConv1D: separableConvolution,
  SeparableConv2D: separableConvolution,
  Conv1DTranspose: transposedConvolution,
  Conv2DTranspose: transposedConvolution,
  Conv3DTranspose: transposedConvolution,
};

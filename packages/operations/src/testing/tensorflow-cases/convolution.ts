import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import type { HostTensor } from "../../references/host-tensor.ts";
import { draw, pick } from "../draw.ts";
import { type KernelCase, type KernelCheck, inputOf } from "../check-kernel.ts";
import { type Geometry, type Shape4, drawGeometry } from "../cases/convolution-geometry.ts";
import { gradientTowardsFilter, gradientTowardsImages } from "../../references/plain-convolution.ts";
import { activation } from "./product.ts";

function drawBias(random: RandomStream, channels: number): { bias?: HostTensor } {
  const shape = pick<number[] | undefined>(random, [[channels], [channels], [1], [], undefined]);
  return shape === undefined ? {} : { bias: draw(random, shape) };
}

/** Forward kernels. Only the input may hold infinities: padding is a zero, whose product with an infinite weight is NaN. */
function forward(kernel: string, depthwise: boolean, fused: boolean): KernelCheck {
  return {
    name: kernel,
    generate(random) {
      const { inputShape, filterShape, outShape, attrs } = drawGeometry(random, depthwise);
      const x = draw(random, inputShape, "float32", "non-finite");
      const filter = draw(random, filterShape);
      const extra = fused ? drawBias(random, outShape[3] ?? 0) : {};
      return { kernel, inputs: { x, filter, ...extra }, attrs: fused ? { ...attrs, ...activation(random) } : attrs };
    },
  };
}

/** Gradients of the plain kernels, dilated ones included, which the CPU backend's leave out. */
function gradient(kernel: string, depthwise: boolean, towards: "input" | "filter"): KernelCheck {
  return {
    name: kernel,
    generate(random) {
      const { inputShape, filterShape, outShape, attrs } = drawGeometry(random, depthwise);
      const usual = { ...attrs, dilations: depthwise ? attrs.dilations : 1 };
      const shape = depthwise ? outShape : undilated(inputShape, filterShape, attrs);
      const dy = draw(random, shape);
      return towards === "input"
        ? { kernel, inputs: { dy, filter: draw(random, filterShape) }, attrs: { ...usual, inputShape } }
        : { kernel, inputs: { x: draw(random, inputShape), dy }, attrs: { ...usual, filterShape } };
    },
    expected: (call) => [plainGradient(call, depthwise)],
  };
}

/** By the plain convolution, for which a depthwise one is one of as many groups as channels. */
function plainGradient(call: KernelCase, depthwise: boolean): HostTensor {
  const attrs = call.attrs as Geometry["attrs"] & { readonly inputShape?: number[]; readonly filterShape?: number[] };
  const dy = inputOf(call, "dy");
  if (attrs.inputShape !== undefined) {
    const groups = depthwise ? (attrs.inputShape[3] ?? 0) : 1;
    const filter = inputOf(call, "filter");
    const joined = depthwise ? { ...filter, shape: joinedShape(filter.shape) } : filter;
    return gradientTowardsImages(dy, joined, attrs.inputShape, { ...attrs, groups });
  }
  const shape = attrs.filterShape ?? [];
  const x = inputOf(call, "x");
  const groups = depthwise ? (x.shape[3] ?? 0) : 1;
  return { ...gradientTowardsFilter(x, dy, depthwise ? joinedShape(shape) : shape, { ...attrs, groups }), shape };
}

/** `[height, width, channels, multiplier]` as `[height, width, 1, channels * multiplier]`. */
function joinedShape([height = 0, width = 0, channels = 0, multiplier = 0]: readonly number[]): number[] {
  return [height, width, 1, channels * multiplier];
}

function undilated(inputShape: Shape4, filterShape: Shape4, { strides, pad }: Geometry["attrs"]): number[] {
  return backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad).outShape;
}

export const convolution: readonly KernelCheck[] = [
  forward("Conv2D", false, false),
  forward("FusedConv2D", false, true),
  gradient("Conv2DBackpropInput", false, "input"),
  gradient("Conv2DBackpropFilter", false, "filter"),
  forward("DepthwiseConv2dNative", true, false),
  forward("FusedDepthwiseConv2D", true, true),
  gradient("DepthwiseConv2dNativeBackpropInput", true, "input"),
  gradient("DepthwiseConv2dNativeBackpropFilter", true, "filter"),
];

/** The same calls with channels first, against the CPU backend with channels first. */
export const channelsFirstConvolution: readonly KernelCheck[] = [
  forward("Conv2D", false, false),
  forward("FusedConv2D", false, true),
  gradient("Conv2DBackpropInput", false, "input"),
  gradient("Conv2DBackpropFilter", false, "filter"),
].map((operation) => ({
  name: `${operation.name} NCHW`,
  generate: (random) => channelsFirst(operation.generate(random)),
}));

/** The call with images of `[batch, channels, height, width]`. */
function channelsFirst(call: KernelCase): KernelCase {
  const moved = <T>([batch, height, width, channels]: readonly T[]): T[] => [batch, channels, height, width] as T[];
  const inputs = Object.entries(call.inputs as Readonly<Record<string, HostTensor>>).map(([name, tensor]) => {
    if (!["x", "dy"].includes(name)) return [name, tensor] as const;
    const shape = moved(tensor.shape);
    // Which of its random values stands where does not matter.
    return [name, { ...tensor, shape }] as const;
  });
  const { pad, inputShape } = call.attrs as { pad: unknown; inputShape?: number[] };
  const attrs = {
    ...call.attrs,
    dataFormat: "NCHW",
    ...(Array.isArray(pad) && { pad: moved(pad) }),
    ...(inputShape !== undefined && { inputShape: moved(inputShape) }),
  };
  return { ...call, inputs: Object.fromEntries(inputs), attrs };
}

import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import { type HostTensor, between, chance, draw, pick } from "./draw.ts";
import { type KernelCase, type Operation, inputOf } from "./operation.ts";
import { activation } from "./product.ts";
import { gradientWithoutDilation, sumOverPositions, throughActivation } from "./references.ts";

export type Shape4 = [number, number, number, number];

/** Shapes and attributes of a convolution that has an output. */
export interface Geometry {
  readonly inputShape: Shape4;
  readonly filterShape: Shape4;
  readonly outShape: number[];
  readonly attrs: {
    readonly strides: [number, number];
    readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
    readonly dilations: number;
    readonly dataFormat: "NHWC";
  };
}

export function drawGeometry(random: RandomStream, depthwise: boolean): Geometry {
  const channels = (): number => (chance(random, 0.01) ? 0 : between(random, 1, chance(random, 0.2) ? 40 : 9));
  const kernelHeight = between(random, 1, 4);
  const dilations = chance(random, 0.25) ? between(random, 2, 3) : 1;
  const stride = dilations === 1 && chance(random, 0.5) ? 1 + random.integer(3) : 1;
  // TensorFlow.js sizes the output by height alone where padding is a number.
  const square = chance(random, 0.25);
  const kernelWidth = square ? kernelHeight : between(random, 1, 4);
  const strides: [number, number] = [stride, square || dilations > 1 ? stride : 1 + random.integer(3)];
  const side = (kernel: number): number => (kernel - 1) * dilations + 1 + random.integer(9);
  const inputShape: Shape4 = [
    chance(random, 0.03) ? 0 : between(random, 1, 4),
    side(kernelHeight),
    side(kernelWidth),
    channels(),
  ];
  const filterShape: Shape4 = [
    kernelHeight,
    kernelWidth,
    inputShape[3],
    depthwise ? between(random, 1, 3) : channels(),
  ];
  const side4 = (): [number, number] => [random.integer(3), random.integer(3)];
  const explicit: backend_util.ExplicitPadding = [[0, 0], side4(), side4(), [0, 0]];
  const pad = square ? random.integer(3) : pick<Geometry["attrs"]["pad"]>(random, ["same", "valid", explicit]);
  const attrs = { strides, pad, dilations, dataFormat: "NHWC" } as const;
  const { outShape } = backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    attrs.strides,
    dilations,
    pad,
    undefined,
    depthwise,
  );
  return { inputShape, filterShape, outShape, attrs };
}

function drawBias(random: RandomStream, channels: number): { bias?: HostTensor } {
  const shape = pick<number[] | undefined>(random, [[channels], [channels], [1], [], undefined]);
  return shape === undefined ? {} : { bias: draw(random, shape) };
}

/** Forward kernels. Only the input may hold infinities: padding is a zero, whose product with an infinite weight is NaN. */
function forward(kernel: string, depthwise: boolean, fused: boolean): Operation {
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
function gradient(kernel: string, depthwise: boolean, towards: "input" | "filter"): Operation {
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
    reference: (call, runOnCpu) => [gradientWithoutDilation(call, kernel, runOnCpu)],
  };
}

function undilated(inputShape: Shape4, filterShape: Shape4, { strides, pad }: Geometry["attrs"]): number[] {
  return backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad).outShape;
}

/** Gradients of the fused convolution, which only this backend has. */
function fusedGradient(kernel: string, towards: "input" | "filter"): Operation {
  const plain = towards === "input" ? "Conv2DBackpropInput" : "Conv2DBackpropFilter";
  return {
    name: kernel,
    generate(random) {
      const { inputShape, filterShape, outShape, attrs } = drawGeometry(random, false);
      const inputs = { dy: draw(random, outShape), y: draw(random, outShape) };
      for (const [index, value] of inputs.y.values.entries()) inputs.y.values[index] = value * 5;
      const fused = { ...attrs, activation: pick(random, ["linear", "relu", "relu6"]) };
      return towards === "input"
        ? { kernel, inputs: { ...inputs, filter: draw(random, filterShape) }, attrs: { ...fused, inputShape } }
        : { kernel, inputs: { ...inputs, x: draw(random, inputShape) }, attrs: { ...fused, filterShape } };
    },
    reference(call, runOnCpu) {
      const dy = throughActivation(inputOf(call, "dy"), inputOf(call, "y"), call.attrs["activation"]);
      const other = towards === "input" ? { filter: inputOf(call, "filter") } : { x: inputOf(call, "x") };
      const masked = { ...call, inputs: { dy, ...other } };
      const result = gradientWithoutDilation(masked, plain, runOnCpu);
      return towards === "input" ? [result] : [result, sumOverPositions(dy)];
    },
  };
}

export const convolution: readonly Operation[] = [
  forward("Conv2D", false, false),
  forward("FusedConv2D", false, true),
  gradient("Conv2DBackpropInput", false, "input"),
  gradient("Conv2DBackpropFilter", false, "filter"),
  fusedGradient("FusedConv2DBackpropInput", "input"),
  fusedGradient("FusedConv2DBackpropFilter", "filter"),
  forward("DepthwiseConv2dNative", true, false),
  forward("FusedDepthwiseConv2D", true, true),
  gradient("DepthwiseConv2dNativeBackpropInput", true, "input"),
  gradient("DepthwiseConv2dNativeBackpropFilter", true, "filter"),
];

/** The same calls with channels first, against the CPU backend with channels first. */
export const channelsFirstConvolution: readonly Operation[] = [
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

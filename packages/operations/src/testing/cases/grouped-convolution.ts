import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import type { PartActivation } from "../../contract/activations.ts";
import {
  type GroupedConvolutionAttributes,
  groupedConv2D,
  groupedConv2DBackpropFilter,
  groupedConv2DBackpropInput,
} from "../../contract/grouped-convolution.ts";
import type { KernelCheck } from "../check-kernel.ts";
import { checkOf } from "../check-of-reference.ts";
import { between, chance, draw, pick } from "../draw.ts";

export const groupedConvolutionChecks: readonly KernelCheck[] = [
  checkOf(groupedConv2D, (random) => {
    const { inputShape, filterShape, attributes } = drawGeometry(random);
    const bias = chance(random, 0.5) ? { bias: draw(random, filterShape.slice(-1)) } : {};
    const activation = pick<PartActivation>(random, ["linear", "relu", "relu6", "elu", "sigmoid"]);
    const inputs = { x: draw(random, inputShape), filter: draw(random, filterShape), ...bias };
    return { inputs, attributes: { ...attributes, activation } };
  }),
  checkOf(groupedConv2DBackpropInput, (random) => {
    const { inputShape, filterShape, outShape, attributes } = drawGeometry(random);
    const inputs = { dy: draw(random, outShape), filter: draw(random, filterShape) };
    return { inputs, attributes: { ...attributes, inputShape } };
  }),
  checkOf(groupedConv2DBackpropFilter, (random) => {
    const { inputShape, filterShape, outShape, attributes } = drawGeometry(random);
    const dy = draw(random, outShape);
    return { inputs: { x: draw(random, inputShape), dy }, attributes: { ...attributes, filterShape } };
  }),
];

interface Geometry {
  readonly inputShape: number[];
  readonly filterShape: number[];
  readonly outShape: number[];
  readonly attributes: GroupedConvolutionAttributes;
}

function drawGeometry(random: RandomStream): Geometry {
  const groups = between(random, 2, 5);
  const [inputs, outputs] = [between(random, 1, 6), between(random, 1, 10)];
  const [kernelHeight, kernelWidth] = [between(random, 1, 3), between(random, 1, 3)];
  const dilation = chance(random, 0.25) ? 2 : 1;
  const stride = (): number => (dilation === 1 ? between(random, 1, 3) : 1);
  const strides: [number, number] = [stride(), stride()];
  const side = (kernel: number): number => (kernel - 1) * dilation + 1 + random.integer(6);
  const inputShape: [number, number, number, number] = [
    chance(random, 0.03) ? 0 : between(random, 1, chance(random, 0.1) ? 12 : 3),
    side(kernelHeight),
    side(kernelWidth),
    groups * inputs,
  ];
  const pad = pick<"same" | "valid">(random, ["same", "valid"]);
  const all: [number, number, number, number] = [kernelHeight, kernelWidth, groups * inputs, groups * outputs];
  const { outShape } = backend_util.computeConv2DInfo(inputShape, all, strides, dilation, pad);
  return {
    inputShape,
    filterShape: [kernelHeight, kernelWidth, inputs, groups * outputs],
    outShape,
    attributes: {
      strides,
      pad,
      dilations: [dilation, dilation],
      groups,
      dataFormat: "NHWC",
      activation: "linear",
    },
  };
}

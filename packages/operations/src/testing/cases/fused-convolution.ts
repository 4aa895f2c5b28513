import type { RandomStream } from "@featuremap/tensor";
import type { StraightActivation } from "../../contract/activations.ts";
import { fusedConv2DBackpropFilter, fusedConv2DBackpropInput } from "../../contract/fused-convolution.ts";
import type { KernelCheck } from "../check-kernel.ts";
import { checkOf } from "../check-of-reference.ts";
import { draw, pick } from "../draw.ts";
import { drawGeometry } from "./convolution-geometry.ts";

export const fusedConvolutionChecks: readonly KernelCheck[] = [
  checkOf(fusedConv2DBackpropInput, (random) => {
    const { inputShape, filterShape, given, attributes } = drawGradient(random);
    return { inputs: { ...given, filter: draw(random, filterShape) }, attributes: { ...attributes, inputShape } };
  }),
  checkOf(fusedConv2DBackpropFilter, (random) => {
    const { inputShape, filterShape, given, attributes } = drawGradient(random);
    return { inputs: { ...given, x: draw(random, inputShape) }, attributes: { ...attributes, filterShape } };
  }),
];

function drawGradient(random: RandomStream) {
  const { inputShape, filterShape, outShape, attrs } = drawGeometry(random, false);
  const given = { dy: draw(random, outShape), y: draw(random, outShape) };
  for (const [index, value] of given.y.values.entries()) given.y.values[index] = value * 5;
  const activation = pick<StraightActivation>(random, ["linear", "relu", "relu6"]);
  return { inputShape, filterShape, given, attributes: { ...attrs, activation } };
}

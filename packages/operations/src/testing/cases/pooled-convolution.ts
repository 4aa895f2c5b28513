import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import type { StraightActivation } from "../../contract/activations.ts";
import {
  fusedConv2DMaxPool,
  fusedConv2DMaxPoolBackpropFilter,
  fusedConv2DMaxPoolBackpropInput,
} from "../../contract/pooled-convolution.ts";
import type { HostTensor } from "../../references/host-tensor.ts";
import type { KernelCheck } from "../check-kernel.ts";
import { checkOf } from "../check-of-reference.ts";
import { between, chance, draw, pick } from "../draw.ts";
import { type Geometry, type Shape4, drawGeometry } from "./convolution-geometry.ts";

export const pooledConvolutionChecks: readonly KernelCheck[] = [
  checkOf(fusedConv2DMaxPool, (random) => {
    const { inputShape, filterShape, attrs } = drawPoolable(random);
    const bias = chance(random, 0.7) ? { bias: draw(random, filterShape.slice(-1)) } : {};
    const inputs = { x: draw(random, inputShape), filter: draw(random, filterShape), ...bias };
    // Which of nearly equal values is chosen depends on rounding; a backend's own tests compare choices.
    return { inputs, attributes: { ...attrs, activation: drawActivation(random), notes: false } };
  }),
  checkOf(fusedConv2DMaxPoolBackpropInput, (random) => {
    const { inputShape, filterShape, outShape, attrs } = drawPoolable(random);
    const maxima = drawMaxima(random, outShape);
    const attributes = { ...attrs, activation: drawActivation(random), notes: true, inputShape };
    return { inputs: { ...maxima, filter: draw(random, filterShape) }, attributes };
  }),
  checkOf(fusedConv2DMaxPoolBackpropFilter, (random) => {
    const { inputShape, filterShape, outShape, attrs } = drawPoolable(random);
    const maxima = drawMaxima(random, outShape);
    const attributes = { ...attrs, activation: drawActivation(random), notes: true, filterShape };
    return { inputs: { ...maxima, x: draw(random, inputShape) }, attributes };
  }),
];

/** Geometries that devices have a pass of their own for: 3 x 3 over one channel, or over enough of them. */
function drawFusible(random: RandomStream): Geometry {
  const thin = chance(random, 0.5);
  const channels = thin ? 1 : 4 * between(random, 4, 7);
  const inputShape: Shape4 = [between(random, 1, 4), between(random, 4, 13), between(random, 4, 13), channels];
  const filterShape: Shape4 = [3, 3, channels, thin ? 4 * between(random, 1, 9) : 8 * between(random, 2, 4)];
  const pad = pick<"same" | "valid">(random, ["same", "valid"]);
  const { outShape } = backend_util.computeConv2DInfo(inputShape, filterShape, 1, 1, pad);
  return { inputShape, filterShape, outShape, attrs: { strides: [1, 1], pad, dilations: 1, dataFormat: "NHWC" } };
}

/** A convolution whose output holds a window. */
function drawPoolable(random: RandomStream): Geometry {
  if (chance(random, 0.6)) return drawFusible(random);
  for (;;) {
    const geometry = drawGeometry(random, false);
    const [, height = 0, width = 0] = geometry.outShape;
    if (height > 1 && width > 1) return geometry;
  }
}

function drawActivation(random: RandomStream): StraightActivation {
  return pick(random, ["linear", "relu", "relu6"]);
}

/** What the gradients receive of the forward pass need not come from one: any maxima and choices will do. */
function drawMaxima(random: RandomStream, outShape: readonly number[]): Record<"dy" | "y" | "choice", HostTensor> {
  const [batch = 0, height = 0, width = 0, channels = 0] = outShape;
  const shape = [batch, Math.floor(height / 2), Math.floor(width / 2), channels];
  const inputs = { dy: draw(random, shape), y: draw(random, shape), choice: draw(random, shape) };
  for (const [index, value] of inputs.y.values.entries()) inputs.y.values[index] = value * 5;
  const choices = Uint8Array.from(inputs.choice.values, () => random.integer(4));
  return { ...inputs, choice: { shape, dtype: "bool", values: choices } };
}

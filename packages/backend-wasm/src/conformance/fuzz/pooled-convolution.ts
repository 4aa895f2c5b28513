import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import { type Geometry, type Shape4, drawGeometry } from "./convolution.ts";
import { type HostTensor, between, chance, draw, pick } from "./draw.ts";
import { choose, scatter } from "./noted-pooling.ts";
import { type KernelCase, type Operation, inputOf } from "./operation.ts";
import { first, gradientWithoutDilation, sumOverPositions, throughActivation } from "./references.ts";

/** Geometries that the kernels have a pass of their own for: 3 x 3 over one channel, or over enough of them. */
function drawFusible(random: RandomStream): Geometry {
  const thin = chance(random, 0.5);
  const channels = thin ? 1 : 4 * between(random, 4, 7);
  const inputShape: Shape4 = [between(random, 1, 4), between(random, 4, 13), between(random, 4, 13), channels];
  const filterShape: Shape4 = [3, 3, channels, thin ? 4 * between(random, 1, 9) : 8 * between(random, 2, 4)];
  const pad = pick<"same" | "valid">(random, ["same", "valid"]);
  const { outShape } = backend_util.computeConv2DInfo(inputShape, filterShape, 1, 1, pad);
  return { inputShape, filterShape, outShape, attrs: { strides: [1, 1], pad, dilations: 1, dataFormat: "NHWC" } };
}

/** Sums of some 250 products, of which ReLU6 may leave little beside their rounding errors. */
const tolerance = 2e-5;

/** A convolution whose output holds a window. */
function drawPoolable(random: RandomStream): Geometry {
  if (chance(random, 0.6)) return drawFusible(random);
  for (;;) {
    const geometry = drawGeometry(random, false);
    const [, height = 0, width = 0] = geometry.outShape;
    if (height > 1 && width > 1) return geometry;
  }
}

function drawActivation(random: RandomStream): { readonly activation: string } {
  return { activation: pick(random, ["linear", "relu", "relu6"]) };
}

function windowOf(shape: readonly number[]): backend_util.Conv2DInfo {
  return backend_util.computePool2DInfo(shape as Shape4, [2, 2], [2, 2], 1, "valid");
}

/** What the gradients receive of the forward pass need not come from one: any maxima and choices will do. */
function drawMaxima(random: RandomStream, outShape: readonly number[]): Readonly<Record<string, HostTensor>> {
  const shape = windowOf(outShape).outShape;
  const inputs = { dy: draw(random, shape), y: draw(random, shape), choice: draw(random, shape) };
  for (const [index, value] of inputs.y.values.entries()) inputs.y.values[index] = value * 5;
  const choices = Uint8Array.from(inputs.choice.values, () => random.integer(4));
  return { ...inputs, choice: { shape, dtype: "bool", values: choices } };
}

function gradient(kernel: string, towards: "input" | "filter"): Operation {
  const plain = towards === "input" ? "Conv2DBackpropInput" : "Conv2DBackpropFilter";
  return {
    name: kernel,
    tolerance,
    generate(random) {
      const { inputShape, filterShape, outShape, attrs } = drawPoolable(random);
      const maxima = drawMaxima(random, outShape);
      const fused = { ...attrs, ...drawActivation(random), notes: true, outShape };
      return towards === "input"
        ? { kernel, inputs: { ...maxima, filter: draw(random, filterShape) }, attrs: { ...fused, inputShape } }
        : { kernel, inputs: { ...maxima, x: draw(random, inputShape) }, attrs: { ...fused, filterShape } };
    },
    reference(call, runOnCpu) {
      const outShape = call.attrs["outShape"] as number[];
      const slope = throughActivation(inputOf(call, "dy"), inputOf(call, "y"), call.attrs["activation"]);
      const dy = scatter(slope, inputOf(call, "choice"), outShape, windowOf(outShape));
      const other = towards === "input" ? { filter: inputOf(call, "filter") } : { x: inputOf(call, "x") };
      const result = gradientWithoutDilation({ ...call, inputs: { dy, ...other } }, plain, runOnCpu);
      return towards === "input" ? [result] : [result, sumOverPositions(dy)];
    },
  };
}

/** Convolution with the pooling behind it, which only this backend has, against the one and then the other. */
export const pooledConvolution: readonly Operation[] = [
  {
    name: "FusedConv2DMaxPool",
    tolerance,
    generate(random) {
      const { inputShape, filterShape, attrs } = drawPoolable(random);
      const bias = chance(random, 0.7) ? { bias: draw(random, filterShape.slice(-1)) } : {};
      const inputs = { x: draw(random, inputShape), filter: draw(random, filterShape), ...bias };
      // Which of nearly equal values is chosen depends on rounding; `pooled-convolution.test.ts` compares choices.
      return { kernel: "FusedConv2DMaxPool", inputs, attrs: { ...attrs, ...drawActivation(random), notes: false } };
    },
    reference(call: KernelCase, runOnCpu) {
      const map = first(runOnCpu({ ...call, kernel: "FusedConv2D" }));
      return [choose(map, windowOf(map.shape))[0]];
    },
  },
  gradient("FusedConv2DMaxPoolBackpropInput", "input"),
  gradient("FusedConv2DMaxPoolBackpropFilter", "filter"),
];

import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import { type Extremes, type HostTensor, between, chance, draw, pick } from "./draw.ts";
import { type KernelCase, type Operation, inputOf } from "./operation.ts";
import { first, gradientByUnitImages } from "./references.ts";

export function drawImages(random: RandomStream, extremes: Extremes = "finite"): HostTensor {
  const shape = [
    chance(random, 0.03) ? 0 : between(random, 1, 3),
    between(random, 1, 9),
    between(random, 1, 9),
    between(random, 1, chance(random, 0.2) ? 33 : 7),
  ];
  return draw(random, shape, "float32", extremes);
}

/**
 * A pooling's attributes, for windows of which one fits at least.
 *
 * @param emptyWindows whether windows may lie wholly in the padding
 */
export function drawWindow(
  random: RandomStream,
  [, height = 1, width = 1]: readonly number[],
  emptyWindows: boolean,
): KernelCase["attrs"] {
  const window = between(random, 1, Math.min(4, height, width));
  const stride = between(random, 1, 3);
  // TensorFlow.js sizes the output by height alone where padding is a number.
  if (chance(random, 0.25)) {
    const pad = random.integer(emptyWindows ? 3 : window);
    return { filterSize: [window, window], strides: [stride, stride], pad };
  }
  const filterSize = [between(random, 1, Math.min(4, height)), between(random, 1, Math.min(4, width))];
  return { filterSize, strides: [stride, between(random, 1, 3)], pad: pick(random, ["same", "valid"]) };
}

function outputShape(input: HostTensor, { filterSize, strides, pad }: KernelCase["attrs"]): number[] {
  return backend_util.computePool2DInfo(
    input.shape as [number, number, number, number],
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad as "same",
  ).outShape;
}

function pooling(kernel: string): Operation {
  return {
    name: kernel,
    generate(random) {
      const x = drawImages(random, kernel === "MaxPool" ? "any" : "non-finite");
      return { kernel, inputs: { x }, attrs: drawWindow(random, x.shape, true) };
    },
  };
}

function poolingGradient(kernel: string): Omit<Operation, "reference"> {
  return {
    name: kernel,
    generate(random) {
      const input = drawImages(random);
      const attrs = drawWindow(random, input.shape, kernel === "MaxPoolGrad");
      return { kernel, inputs: { dy: draw(random, outputShape(input, attrs)), input }, attrs };
    },
  };
}

function resizing(kernel: string, backward: boolean): Operation {
  const name = backward ? `${kernel}Grad` : kernel;
  const operation: Operation = {
    name,
    generate(random) {
      const images = drawImages(random);
      const size: [number, number] = [between(random, 1, 15), between(random, 1, 15)];
      const centers = pick(random, [
        { alignCorners: false, halfPixelCenters: false },
        { alignCorners: true, halfPixelCenters: false },
        { alignCorners: false, halfPixelCenters: true },
      ]);
      const [batch = 0, , , channels = 0] = images.shape;
      const dy = draw(random, [batch, ...size, channels]);
      return { kernel: name, inputs: backward ? { images, dy } : { images }, attrs: { size, ...centers } };
    },
  };
  if (!backward) return operation;
  // The CPU backend's gradients know no half-pixel centres.
  return {
    ...operation,
    reference: (call, runOnCpu) => [
      gradientByUnitImages(inputOf(call, "dy"), inputOf(call, "images").shape, (images) =>
        first(runOnCpu({ kernel, inputs: { images }, attrs: call.attrs })),
      ),
    ],
  };
}

export const image: readonly Operation[] = [
  pooling("MaxPool"),
  pooling("AvgPool"),
  poolingGradient("MaxPoolGrad"),
  {
    ...poolingGradient("AvgPoolGrad"),
    // The CPU backend divides by the size of the window, not by the number of values that the mean was taken of.
    reference: (call, runOnCpu) => [
      gradientByUnitImages(inputOf(call, "dy"), inputOf(call, "input").shape, (x) =>
        first(runOnCpu({ kernel: "AvgPool", inputs: { x }, attrs: call.attrs })),
      ),
    ],
  },
  resizing("ResizeBilinear", false),
  resizing("ResizeBilinear", true),
  resizing("ResizeNearestNeighbor", false),
  resizing("ResizeNearestNeighbor", true),
  {
    name: "FusedBatchNorm",
    tolerance: 1e-5,
    generate(random) {
      const x = drawImages(random, "non-finite");
      const channels = [x.shape[3] ?? 1];
      const variance = draw(random, channels);
      for (const [index, value] of variance.values.entries()) variance.values[index] = Math.abs(value);
      const optional = {
        ...(chance(random, 0.7) ? { scale: draw(random, channels) } : {}),
        ...(chance(random, 0.7) ? { offset: draw(random, channels) } : {}),
      };
      const inputs = { x, mean: draw(random, channels), variance, ...optional };
      return { kernel: "FusedBatchNorm", inputs, attrs: { varianceEpsilon: pick(random, [1e-3, 1e-2]) } };
    },
  },
];

import { type MaxPoolAttrs, backend_util } from "@tensorflow/tfjs-core";
import type { HostTensor } from "../../references/host-tensor.ts";
import { choose } from "../../references/noted-pooling.ts";
import { between, chance, draw, pick } from "../draw.ts";
import { type KernelCheck, inputOf } from "../check-kernel.ts";
import { drawImages, drawWindow } from "../cases/pooling-window.ts";
import { first, gradientByUnitImages } from "./references.ts";

function outputShape(input: HostTensor, { filterSize, strides, pad }: MaxPoolAttrs): number[] {
  const shape = input.shape as [number, number, number, number];
  return backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad).outShape;
}

function pooling(kernel: string): KernelCheck {
  return {
    name: kernel,
    generate(random) {
      const x = drawImages(random, kernel === "MaxPool" ? "any" : "non-finite");
      return { kernel, inputs: { x }, attrs: drawWindow(random, x.shape, true) };
    },
  };
}

function poolingGradient(kernel: string): Omit<KernelCheck, "expected"> {
  return {
    name: kernel,
    generate(random) {
      const input = drawImages(random);
      const isLargest = kernel === "MaxPoolGrad";
      const attrs = drawWindow(random, input.shape, isLargest);
      const inputs = { dy: draw(random, outputShape(input, attrs)), input };
      return { kernel, inputs: isLargest ? { ...inputs, output: choose(input, attrs)[0] } : inputs, attrs };
    },
  };
}

function resizing(kernel: string, backward: boolean): KernelCheck {
  const name = backward ? `${kernel}Grad` : kernel;
  const operation: KernelCheck = {
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
    expected: async (call, runOnCpu) => [
      await gradientByUnitImages(inputOf(call, "dy"), inputOf(call, "images").shape, async (images) =>
        first(await runOnCpu({ kernel, inputs: { images }, attrs: call.attrs })),
      ),
    ],
  };
}

export const image: readonly KernelCheck[] = [
  pooling("MaxPool"),
  pooling("AvgPool"),
  poolingGradient("MaxPoolGrad"),
  {
    ...poolingGradient("AvgPoolGrad"),
    // The CPU backend divides by the size of the window, not by the number of values that the mean was taken of.
    expected: async (call, runOnCpu) => [
      await gradientByUnitImages(inputOf(call, "dy"), inputOf(call, "input").shape, async (x) =>
        first(await runOnCpu({ kernel: "AvgPool", inputs: { x }, attrs: call.attrs })),
      ),
    ],
  },
  resizing("ResizeBilinear", false),
  resizing("ResizeBilinear", true),
  resizing("ResizeNearestNeighbor", false),
  resizing("ResizeNearestNeighbor", true),
  {
    name: "FusedBatchNorm",
    tolerance: { error: 1e-5, of: "tensor" },
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

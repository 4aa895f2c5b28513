import type { RandomStream } from "@featuremap/tensor";
import { backend_util } from "@tensorflow/tfjs-core";
import { between, chance, pick } from "../draw.ts";

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

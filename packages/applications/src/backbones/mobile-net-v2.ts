import {
  Add,
  BatchNormalization,
  Conv2D,
  DepthwiseConv2D,
  ReLU,
  type SymbolicTensor,
  ZeroPadding2D,
} from "@featuremap/layers";
import type { Backbone, BackboneOptions } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { correctPadding } from "../construction/correct-padding.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { makeDivisible } from "../construction/make-divisible.ts";
import { classifyOrPool } from "../construction/top.ts";
import { mobileNetV2Sizes, trainedSize } from "../construction/trained-size.ts";
import { widthOption } from "../construction/width-option.ts";

export interface MobileNetV2Options extends BackboneOptions {
  /** Factor of the number of filters in each layer, above 0; of the last one where it is above 1. Default: 1. */
  readonly alpha?: number | undefined;
}

/** Filters, first stride and number of blocks of each stage. */
const stages = [
  [16, 1, 1],
  [24, 2, 2],
  [32, 2, 3],
  [64, 2, 4],
  [96, 1, 3],
  [160, 2, 3],
  [320, 1, 1],
] as const;

/**
 * Inverted residuals: each block widens, filters each channel by itself, and narrows without an activation.
 *
 * Source: Sandler et al., CVPR 2018; Keras `MobileNetV2`.
 */
export const MobileNetV2: Backbone<MobileNetV2Options> = /* @__PURE__ */ defineBackbone({
  className: "MobileNetV2",
  name: ({ alpha, inputShape, imagenet }) =>
    `mobilenetv2_${alpha.toFixed(2)}_${imagenet ? trainedSize(inputShape, mobileNetV2Sizes) : (inputShape[0] ?? "None")}`,
  preprocessing: "tf",
  size: 224,
  options: () => ({ alpha: widthOption() }),
  make(connect, input, settings) {
    const { alpha } = settings;
    const filters = makeDivisible(32 * alpha);
    const stem = new Conv2D({ filters, kernelSize: 3, strides: 2, padding: "same", useBias: false, name: "Conv1" });
    let x = normalize(connect, connect(stem, input), "bn_Conv1");
    x = rectify(connect, x, "Conv1_relu");
    let block = 0;
    for (const [width, firstStride, repeats] of stages) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const strides = repeat === 0 ? firstStride : 1;
        x = invertedResidual(connect, x, { block, strides, filters: makeDivisible(Math.trunc(width * alpha)) });
        block++;
      }
    }
    const last = makeDivisible(1280 * Math.max(1, alpha));
    x = connect(new Conv2D({ filters: last, kernelSize: 1, useBias: false, name: "Conv_1" }), x);
    x = rectify(connect, normalize(connect, x, "Conv_1_bn"), "out_relu");
    return classifyOrPool(connect, x, settings);
  },
});

interface Block {
  readonly block: number;
  readonly filters: number;
  readonly strides: 1 | 2;
}

function invertedResidual(connect: Connect, x: SymbolicTensor, { block, filters, strides }: Block): SymbolicTensor {
  const channels = x.shape.at(-1) ?? 0;
  const prefix = block === 0 ? "expanded_conv_" : `block_${block}_`;
  const pointwise = { kernelSize: 1, padding: "same", useBias: false } as const;
  let y = x;
  if (block > 0) {
    y = connect(new Conv2D({ ...pointwise, filters: 6 * channels, name: `${prefix}expand` }), y);
    y = rectify(connect, normalize(connect, y, `${prefix}expand_BN`), `${prefix}expand_relu`);
  }
  if (strides === 2) y = connect(new ZeroPadding2D({ padding: correctPadding(y, 3), name: `${prefix}pad` }), y);
  const depthwise = { kernelSize: 3, strides, padding: strides === 1 ? "same" : "valid", useBias: false } as const;
  y = connect(new DepthwiseConv2D({ ...depthwise, name: `${prefix}depthwise` }), y);
  y = rectify(connect, normalize(connect, y, `${prefix}depthwise_BN`), `${prefix}depthwise_relu`);
  y = connect(new Conv2D({ ...pointwise, filters, name: `${prefix}project` }), y);
  y = normalize(connect, y, `${prefix}project_BN`);
  return channels === filters && strides === 1 ? connect(new Add({ name: `${prefix}add` }), [x, y]) : y;
}

function normalize(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new BatchNormalization({ epsilon: 0.001, momentum: 0.999, name }), x);
}

function rectify(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new ReLU({ maxValue: 6, name }), x);
}

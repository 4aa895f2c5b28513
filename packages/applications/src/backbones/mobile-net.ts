import {
  Activation,
  BatchNormalization,
  Conv2D,
  DepthwiseConv2D,
  Dropout,
  GlobalAveragePooling2D,
  ReLU,
  Reshape,
  type SymbolicTensor,
  ZeroPadding2D,
} from "@featuremap/layers";
import { Option } from "@featuremap/tensor";
import type { Backbone, BackboneOptions } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { pool } from "../construction/top.ts";
import { mobileNetSizes, trainedSize } from "../construction/trained-size.ts";
import { widthOption } from "../construction/width-option.ts";

export interface MobileNetOptions extends BackboneOptions {
  /** Factor of the number of filters in each layer, above 0. Default: 1. */
  readonly alpha?: number | undefined;
  /** Outputs of each depthwise convolution for each of its inputs. Default: 1. */
  readonly depthMultiplier?: number | undefined;
  /** Share of the features that the top drops, in [0, 1]. Default: 0.001. */
  readonly dropout?: number | undefined;
}

/** Filters and stride of each block. */
const blocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

/**
 * Depthwise convolutions, each followed by a pointwise one: about an eighth of the work of full ones.
 *
 * Source: Howard et al., "MobileNets", 2017; Keras `MobileNet`.
 */
export const MobileNet: Backbone<MobileNetOptions> = /* @__PURE__ */ defineBackbone({
  className: "MobileNet",
  name: ({ alpha, inputShape, imagenet }) =>
    `mobilenet_${alpha.toFixed(2)}_${imagenet ? trainedSize(inputShape, mobileNetSizes) : (inputShape[0] ?? "None")}`,
  preprocessing: "tf",
  size: 224,
  options: () => ({
    alpha: widthOption(),
    depthMultiplier: Option.integer().default(1),
    dropout: Option.range(0, 1).default(0.001),
  }),
  make(connect, input, settings) {
    const { includeTop, pooling, classes, classifierActivation, alpha, depthMultiplier, dropout } = settings;
    const filters = Math.trunc(32 * alpha);
    const stem = new Conv2D({ filters, kernelSize: 3, strides: 2, padding: "same", useBias: false, name: "conv1" });
    let x = normalizeAndRectify(connect, connect(stem, input), "conv1");
    for (const [index, [width, strides]] of blocks.entries()) {
      x = separable(connect, x, { block: index + 1, filters: Math.trunc(width * alpha), strides, depthMultiplier });
    }
    if (!includeTop) return pool(connect, x, pooling);
    x = connect(new GlobalAveragePooling2D({ keepDims: true }), x);
    x = connect(new Dropout({ rate: dropout, name: "dropout" }), x);
    x = connect(new Conv2D({ filters: classes, kernelSize: 1, padding: "same", name: "conv_preds" }), x);
    x = connect(new Reshape({ targetShape: [classes], name: "reshape_2" }), x);
    return connect(new Activation({ activation: classifierActivation, name: "predictions" }), x);
  },
});

interface Block {
  readonly block: number;
  readonly filters: number;
  readonly strides: 1 | 2;
  readonly depthMultiplier: number;
}

/** A depthwise convolution of 3x3 and a pointwise one, each with normalization and ReLU up to 6. */
function separable(connect: Connect, x: SymbolicTensor, { block, filters, strides, depthMultiplier }: Block) {
  const padding = strides === 1 ? "same" : "valid";
  const margins = [
    [0, 1],
    [0, 1],
  ] as const;
  let y = strides === 1 ? x : connect(new ZeroPadding2D({ padding: margins, name: `conv_pad_${block}` }), x);
  const depthwise = { kernelSize: 3, strides, padding, depthMultiplier, useBias: false } as const;
  y = connect(new DepthwiseConv2D({ ...depthwise, name: `conv_dw_${block}` }), y);
  y = normalizeAndRectify(connect, y, `conv_dw_${block}`);
  const pointwise = { filters, kernelSize: 1, padding: "same", useBias: false } as const;
  y = connect(new Conv2D({ ...pointwise, name: `conv_pw_${block}` }), y);
  return normalizeAndRectify(connect, y, `conv_pw_${block}`);
}

function normalizeAndRectify(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  const normalized = connect(new BatchNormalization({ name: `${name}_bn` }), x);
  return connect(new ReLU({ maxValue: 6, name: `${name}_relu` }), normalized);
}

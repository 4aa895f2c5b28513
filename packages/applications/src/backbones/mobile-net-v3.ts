import {
  Activation,
  Add,
  BatchNormalization,
  Conv2D,
  type Conv2DConfig,
  DepthwiseConv2D,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Multiply,
  ReLU,
  Rescaling,
  type SymbolicTensor,
  ZeroPadding2D,
  operationLayer,
} from "@featuremap/layers";
import { Option } from "@featuremap/tensor";
import type { Backbone, BackboneOptions } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { correctPadding } from "../construction/correct-padding.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { makeDivisible } from "../construction/make-divisible.ts";
import { pool } from "../construction/top.ts";
import { widthOption } from "../construction/width-option.ts";

export interface MobileNetV3Options extends BackboneOptions {
  /** Factor of the number of filters in each layer, above 0; of the last ones where it is above 1. Default: 1. */
  readonly alpha?: number | undefined;
  /** Whether to do without squeeze and excitation, hard swish and kernels of 5x5, which some chips are slow at. Default: false. */
  readonly minimalistic?: boolean | undefined;
  /** Share of the features that the top drops, in [0, 1]. Default: 0.2. */
  readonly dropoutRate?: number | undefined;
  /** Whether the model itself brings pixels of 0 to 255 to -1 to 1. Default: true. */
  readonly includePreprocessing?: boolean | undefined;
}

/** Expansion, filters and stride of a block; then what it has of squeeze and excitation, hard swish and a kernel of 5x5. */
type Block = readonly [expansion: number, filters: number, strides: 1 | 2, has?: string];

const small: readonly Block[] = [
  [1, 16, 2, "squeeze"],
  [72 / 16, 24, 2],
  [88 / 24, 24, 1],
  [4, 40, 2, "squeeze swish wide"],
  [6, 40, 1, "squeeze swish wide"],
  [6, 40, 1, "squeeze swish wide"],
  [3, 48, 1, "squeeze swish wide"],
  [3, 48, 1, "squeeze swish wide"],
  [6, 96, 2, "squeeze swish wide"],
  [6, 96, 1, "squeeze swish wide"],
  [6, 96, 1, "squeeze swish wide"],
];

const large: readonly Block[] = [
  [1, 16, 1],
  [4, 24, 2],
  [3, 24, 1],
  [3, 40, 2, "squeeze wide"],
  [3, 40, 1, "squeeze wide"],
  [3, 40, 1, "squeeze wide"],
  [6, 80, 2, "swish"],
  [2.5, 80, 1, "swish"],
  [2.3, 80, 1, "swish"],
  [2.3, 80, 1, "swish"],
  [6, 112, 1, "squeeze swish"],
  [6, 112, 1, "squeeze swish"],
  [6, 160, 2, "squeeze swish wide"],
  [6, 160, 1, "squeeze swish wide"],
  [6, 160, 1, "squeeze swish wide"],
];

/** @param lastFilters between the mean features and the classes */
function mobileNetV3(className: string, blocks: readonly Block[], lastFilters: number): Backbone<MobileNetV3Options> {
  return defineBackbone({
    className,
    name: className,
    preprocessing: "none",
    size: 224,
    sized: "never",
    options: () => ({
      alpha: widthOption(),
      minimalistic: Option.flag().default(false),
      dropoutRate: Option.range(0, 1).default(0.2),
      includePreprocessing: Option.flag().default(true),
    }),
    make(connect, input, settings) {
      const { includeTop, pooling, classes, classifierActivation, alpha, minimalistic, dropoutRate } = settings;
      let x = input;
      if (settings.includePreprocessing) x = connect(new Rescaling({ scale: 1 / 127.5, offset: -1 }), x);
      const stem = { filters: 16, kernelSize: 3, strides: 2, padding: "same", useBias: false, name: "conv" } as const;
      x = normalize(connect, connect(new Conv2D(stem), x), "conv_bn");
      x = activate(connect, x, !minimalistic);
      for (const [index, [expansion, filters, strides, has = ""]] of blocks.entries()) {
        x = invertedResidual(connect, x, {
          prefix: index === 0 ? "expanded_conv_" : `expanded_conv_${index}_`,
          expansion,
          filters: makeDivisible(filters * alpha),
          strides,
          kernelSize: has.includes("wide") && !minimalistic ? 5 : 3,
          squeezes: has.includes("squeeze") && !minimalistic,
          isSwish: has.includes("swish") && !minimalistic,
          expands: index > 0,
        });
      }
      x = pointwise(connect, x, { filters: makeDivisible((x.shape.at(-1) ?? 0) * 6), useBias: false, name: "conv_1" });
      x = activate(connect, normalize(connect, x, "conv_1_bn"), !minimalistic);
      if (!includeTop) return pool(connect, x, pooling, { average: "avg_pool", maximum: "max_pool" });
      x = connect(new GlobalAveragePooling2D({ keepDims: true }), x);
      x = pointwise(connect, x, {
        filters: alpha > 1 ? makeDivisible(lastFilters * alpha) : lastFilters,
        name: "conv_2",
      });
      x = activate(connect, x, !minimalistic);
      if (dropoutRate > 0) x = connect(new Dropout({ rate: dropoutRate }), x);
      x = connect(new Flatten(), pointwise(connect, x, { filters: classes, name: "logits" }));
      return connect(new Activation({ activation: classifierActivation, name: "predictions" }), x);
    },
  });
}

interface BlockSettings {
  readonly prefix: string;
  readonly expansion: number;
  readonly filters: number;
  readonly strides: 1 | 2;
  readonly kernelSize: number;
  readonly squeezes: boolean;
  readonly isSwish: boolean;
  readonly expands: boolean;
}

function invertedResidual(connect: Connect, x: SymbolicTensor, block: BlockSettings): SymbolicTensor {
  const { prefix, filters, strides, kernelSize, isSwish } = block;
  const channels = x.shape.at(-1) ?? 0;
  const wide = makeDivisible(channels * block.expansion);
  let y = x;
  if (block.expands) {
    y = pointwise(connect, y, { filters: wide, useBias: false, name: `${prefix}expand` });
    y = activate(connect, normalize(connect, y, `${prefix}expand_bn`), isSwish);
  }
  if (strides === 2) {
    y = connect(new ZeroPadding2D({ padding: correctPadding(y, kernelSize), name: `${prefix}depthwise_pad` }), y);
  }
  const depthwise = { kernelSize, strides, padding: strides === 1 ? "same" : "valid", useBias: false } as const;
  y = connect(new DepthwiseConv2D({ ...depthwise, name: `${prefix}depthwise` }), y);
  y = activate(connect, normalize(connect, y, `${prefix}depthwise_bn`), isSwish);
  if (block.squeezes) y = squeezeAndExcite(connect, y, wide, `${prefix}squeeze_excite_`);
  y = pointwise(connect, y, { filters, useBias: false, name: `${prefix}project` });
  y = normalize(connect, y, `${prefix}project_bn`);
  return strides === 1 && channels === filters ? connect(new Add({ name: `${prefix}add` }), [x, y]) : y;
}

/** Weighs each channel by what the means of all say; the hard sigmoid is one of operations, as in Keras. */
function squeezeAndExcite(connect: Connect, x: SymbolicTensor, filters: number, prefix: string): SymbolicTensor {
  let y = connect(new GlobalAveragePooling2D({ keepDims: true, name: `${prefix}avg_pool` }), x);
  y = pointwise(connect, y, { filters: makeDivisible(filters * 0.25), name: `${prefix}conv` });
  y = connect(new ReLU({ name: `${prefix}relu` }), y);
  y = pointwise(connect, y, { filters, name: `${prefix}conv_1` });
  y = connect(operationLayer("Add", [null, 3]), y);
  y = connect(new ReLU({ maxValue: 6 }), y);
  y = connect(operationLayer("Multiply", [null, 1 / 6]), y);
  return connect(new Multiply({ name: `${prefix}mul` }), [x, y]);
}

function pointwise(connect: Connect, x: SymbolicTensor, config: Omit<Conv2DConfig, "kernelSize">): SymbolicTensor {
  return connect(new Conv2D({ kernelSize: 1, padding: "same", ...config }), x);
}

function normalize(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new BatchNormalization({ epsilon: 0.001, momentum: 0.999, name }), x);
}

function activate(connect: Connect, x: SymbolicTensor, isSwish: boolean): SymbolicTensor {
  return connect(isSwish ? new Activation({ activation: "hardSwish" }) : new ReLU(), x);
}

/** For phones: 2.5 million weights. Source: Howard et al., ICCV 2019; Keras `MobileNetV3Small`. */
export const MobileNetV3Small: Backbone<MobileNetV3Options> = /* @__PURE__ */ mobileNetV3(
  "MobileNetV3Small",
  small,
  1024,
);

/** For phones: 5.5 million weights. Source: Howard et al., ICCV 2019; Keras `MobileNetV3Large`. */
export const MobileNetV3Large: Backbone<MobileNetV3Options> = /* @__PURE__ */ mobileNetV3(
  "MobileNetV3Large",
  large,
  1280,
);

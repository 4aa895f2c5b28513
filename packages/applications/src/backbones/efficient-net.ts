import {
  Activation,
  Add,
  BatchNormalization,
  Conv2D,
  type Conv2DConfig,
  DepthwiseConv2D,
  Dropout,
  Normalization,
  Rescaling,
  type SymbolicTensor,
  ZeroPadding2D,
} from "@featuremap/layers";
import type { Backbone } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { correctPadding } from "../construction/correct-padding.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { convolutionKernel, denseKernel } from "../construction/initializers.ts";
import { makeDivisible } from "../construction/make-divisible.ts";
import { squeezeAndExcite } from "../construction/squeeze-and-excite.ts";
import { classifyOrPool } from "../construction/top.ts";

/** How B0 is scaled: factors of width and depth, side of the pictures, and what the top drops. */
type Scale = readonly [width: number, depth: number, size: number, dropout: number];

/** Kernel size, repeats, filters, expansion and first stride of each stage of B0. */
const stages = [
  [3, 1, 16, 1, 1],
  [3, 2, 24, 6, 2],
  [5, 2, 40, 6, 2],
  [3, 3, 80, 6, 2],
  [5, 3, 112, 6, 1],
  [5, 4, 192, 6, 2],
  [3, 1, 320, 6, 1],
] as const;

/** Of the last block; those before drop less, in proportion to their place. */
const dropConnectRate = 0.2;

/**
 * Published weights have learned from pictures divided by variances that were meant as deviations; their `Normalization` divides
 * by the roots of these, and this by the roots once more.
 */
function publishedScale(): readonly number[] {
  return [0.229, 0.224, 0.225].map((deviation) => 1 / Math.sqrt(deviation));
}

function efficientNet(variant: string, [width, depth, size, dropout]: Scale): Backbone {
  return defineBackbone({
    className: `EfficientNet${variant}`,
    name: `efficientnet${variant.toLowerCase()}`,
    preprocessing: "none",
    size,
    make(connect, input, settings) {
      const filtersOf = (filters: number): number => makeDivisible(filters * width);
      const repeatsOf = (repeats: number): number => Math.ceil(depth * repeats);
      let x = connect(new Rescaling({ scale: 1 / 255 }), input);
      x = connect(new Normalization({ axis: 3 }), x);
      if (settings.imagenet) x = connect(new Rescaling({ scale: publishedScale() }), x);
      x = connect(new ZeroPadding2D({ padding: correctPadding(x, 3), name: "stem_conv_pad" }), x);
      x = convolve(connect, x, {
        filters: filtersOf(32),
        kernelSize: 3,
        strides: 2,
        padding: "valid",
        name: "stem_conv",
      });
      x = normalizeAndActivate(connect, x, "stem_bn", "stem_activation");
      const count = stages.reduce((sum, [, repeats]) => sum + repeatsOf(repeats), 0);
      let place = 0;
      for (const [index, [kernelSize, repeats, filters, expansion, firstStride]] of stages.entries()) {
        for (let repeat = 0; repeat < repeatsOf(repeats); repeat++) {
          x = invertedResidual(connect, x, {
            prefix: `block${index + 1}${String.fromCodePoint(97 + repeat)}_`,
            kernelSize,
            filters: filtersOf(filters),
            expansion,
            strides: repeat === 0 ? firstStride : 1,
            dropRate: (dropConnectRate * place) / count,
          });
          place++;
        }
      }
      x = convolve(connect, x, { filters: filtersOf(1280), kernelSize: 1, padding: "same", name: "top_conv" });
      x = normalizeAndActivate(connect, x, "top_bn", "top_activation");
      const dense = { kernelInitializer: denseKernel() };
      return classifyOrPool(connect, x, settings, { average: "avg_pool", maximum: "max_pool", dropout, dense });
    },
  });
}

interface Block {
  readonly prefix: string;
  readonly kernelSize: number;
  readonly filters: number;
  readonly expansion: number;
  readonly strides: 1 | 2;
  readonly dropRate: number;
}

function invertedResidual(connect: Connect, x: SymbolicTensor, block: Block): SymbolicTensor {
  const { prefix, kernelSize, filters, expansion, strides, dropRate } = block;
  const channels = x.shape.at(-1) ?? 0;
  let y = x;
  if (expansion > 1) {
    y = convolve(connect, y, {
      filters: channels * expansion,
      kernelSize: 1,
      padding: "same",
      name: `${prefix}expand_conv`,
    });
    y = normalizeAndActivate(connect, y, `${prefix}expand_bn`, `${prefix}expand_activation`);
  }
  if (strides === 2) {
    y = connect(new ZeroPadding2D({ padding: correctPadding(y, kernelSize), name: `${prefix}dwconv_pad` }), y);
  }
  const depthwise = new DepthwiseConv2D({
    kernelSize,
    strides,
    padding: strides === 2 ? "valid" : "same",
    useBias: false,
    depthwiseInitializer: convolutionKernel(),
    name: `${prefix}dwconv`,
  });
  y = normalizeAndActivate(connect, connect(depthwise, y), `${prefix}bn`, `${prefix}activation`);
  y = squeezeAndExcite(connect, y, Math.max(1, Math.trunc(channels / 4)), prefix);
  y = convolve(connect, y, { filters, kernelSize: 1, padding: "same", name: `${prefix}project_conv` });
  y = connect(new BatchNormalization({ axis: 3, name: `${prefix}project_bn` }), y);
  if (strides !== 1 || channels !== filters) return y;
  if (dropRate > 0) {
    y = connect(new Dropout({ rate: dropRate, noiseShape: [null, 1, 1, 1], name: `${prefix}drop` }), y);
  }
  return connect(new Add({ name: `${prefix}add` }), [y, x]);
}

function convolve(connect: Connect, x: SymbolicTensor, config: Conv2DConfig): SymbolicTensor {
  return connect(new Conv2D({ useBias: false, kernelInitializer: convolutionKernel(), ...config }), x);
}

function normalizeAndActivate(connect: Connect, x: SymbolicTensor, name: string, activation: string): SymbolicTensor {
  const normalized = connect(new BatchNormalization({ axis: 3, name }), x);
  return connect(new Activation({ activation: "swish", name: activation }), normalized);
}

/** 5.3 million weights, for pictures of 224x224. Source: Tan and Le, ICML 2019; Keras `EfficientNetB0`. */
export const EfficientNetB0: Backbone = /* @__PURE__ */ efficientNet("B0", [1, 1, 224, 0.2]);

/** 7.9 million weights, for pictures of 240x240. Source: Tan and Le, ICML 2019; Keras `EfficientNetB1`. */
export const EfficientNetB1: Backbone = /* @__PURE__ */ efficientNet("B1", [1, 1.1, 240, 0.2]);

/** 9.2 million weights, for pictures of 260x260. Source: Tan and Le, ICML 2019; Keras `EfficientNetB2`. */
export const EfficientNetB2: Backbone = /* @__PURE__ */ efficientNet("B2", [1.1, 1.2, 260, 0.3]);

/** 12.3 million weights, for pictures of 300x300. Source: Tan and Le, ICML 2019; Keras `EfficientNetB3`. */
export const EfficientNetB3: Backbone = /* @__PURE__ */ efficientNet("B3", [1.2, 1.4, 300, 0.3]);

/** 19.5 million weights, for pictures of 380x380. Source: Tan and Le, ICML 2019; Keras `EfficientNetB4`. */
export const EfficientNetB4: Backbone = /* @__PURE__ */ efficientNet("B4", [1.4, 1.8, 380, 0.4]);

/** 30.6 million weights, for pictures of 456x456. Source: Tan and Le, ICML 2019; Keras `EfficientNetB5`. */
export const EfficientNetB5: Backbone = /* @__PURE__ */ efficientNet("B5", [1.6, 2.2, 456, 0.4]);

/** 43.3 million weights, for pictures of 528x528. Source: Tan and Le, ICML 2019; Keras `EfficientNetB6`. */
export const EfficientNetB6: Backbone = /* @__PURE__ */ efficientNet("B6", [1.8, 2.6, 528, 0.5]);

/** 66.7 million weights, for pictures of 600x600. Source: Tan and Le, ICML 2019; Keras `EfficientNetB7`. */
export const EfficientNetB7: Backbone = /* @__PURE__ */ efficientNet("B7", [2, 3.1, 600, 0.5]);

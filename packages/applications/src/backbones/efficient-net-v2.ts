import {
  Activation,
  Add,
  BatchNormalization,
  Constant,
  Conv2D,
  type Conv2DConfig,
  DepthwiseConv2D,
  Dropout,
  Normalization,
  Rescaling,
  type SymbolicTensor,
} from "@featuremap/layers";
import { Option } from "@featuremap/tensor";
import type { Backbone, BackboneOptions } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { convolutionKernel, denseKernel } from "../construction/initializers.ts";
import { squeezeAndExcite } from "../construction/squeeze-and-excite.ts";
import { classifyOrPool } from "../construction/top.ts";
import { type StageV2, baseStages, largeStages, mediumStages, smallStages } from "./efficient-net-v2-stages.ts";

export interface EfficientNetV2Options extends BackboneOptions {
  /** Whether the model itself brings pixels of 0 to 255 to the numbers it works with. Default: true. */
  readonly includePreprocessing?: boolean | undefined;
}

/** How a variant differs from the others. */
interface Variant {
  readonly size: number;
  readonly width?: number;
  readonly depth?: number;
  readonly stages?: readonly StageV2[];
}

/** Of the last block; those before drop less, in proportion to their place. */
const dropConnectRate = 0.2;

function efficientNetV2(
  letters: string,
  { size, width = 1, depth = 1, stages = baseStages }: Variant,
): Backbone<EfficientNetV2Options> {
  return defineBackbone({
    className: `EfficientNetV2${letters}`,
    name: `efficientnetv2-${letters.toLowerCase()}`,
    preprocessing: "none",
    size,
    options: () => ({ includePreprocessing: Option.flag().default(true) }),
    make(connect, input, settings) {
      const filtersOf = (filters: number): number => Math.max(8, Math.trunc((filters * width + 4) / 8) * 8);
      let x = settings.includePreprocessing ? preprocess(connect, input, letters.startsWith("B")) : input;
      const [[, , stemFilters]] = stages as readonly [StageV2];
      x = convolve(connect, x, { filters: filtersOf(stemFilters), kernelSize: 3, strides: 2, name: "stem_conv" });
      x = normalizeAndActivate(connect, x, "stem_bn", "stem_activation");
      const count = stages.reduce((sum, [, repeats]) => sum + repeats, 0);
      let place = 0;
      for (const [index, [kind, repeats, , filters, expansion, firstStride]] of stages.entries()) {
        for (let repeat = 0; repeat < Math.ceil(depth * repeats); repeat++) {
          x = residual(connect, x, {
            prefix: `block${index + 1}${String.fromCodePoint(97 + repeat)}_`,
            isFused: kind === "fused",
            filters: filtersOf(filters),
            expansion,
            strides: repeat === 0 ? firstStride : 1,
            dropRate: (dropConnectRate * place) / count,
          });
          place++;
        }
      }
      x = convolve(connect, x, { filters: filtersOf(1280), kernelSize: 1, name: "top_conv" });
      x = normalizeAndActivate(connect, x, "top_bn", "top_activation");
      const dense = { kernelInitializer: denseKernel(), biasInitializer: new Constant({ value: 0 }) };
      return classifyOrPool(connect, x, settings, { average: "avg_pool", maximum: "max_pool", dropout: 0.2, dense });
    },
  });
}

/** ImageNet's means and deviations for B0 to B3, from -1 to about 1 for the others. */
function preprocess(connect: Connect, input: SymbolicTensor, isBase: boolean): SymbolicTensor {
  if (!isBase || input.shape.at(-1) !== 3) return connect(new Rescaling({ scale: 1 / 128, offset: -1 }), input);
  const scaled = connect(new Rescaling({ scale: 1 / 255 }), input);
  const variance = [0.229 ** 2, 0.224 ** 2, 0.225 ** 2];
  return connect(new Normalization({ mean: [0.485, 0.456, 0.406], variance, axis: 3 }), scaled);
}

interface Block {
  readonly prefix: string;
  /** Whether one full convolution takes the place of a pointwise and a depthwise one. */
  readonly isFused: boolean;
  readonly filters: number;
  readonly expansion: number;
  readonly strides: 1 | 2;
  readonly dropRate: number;
}

function residual(connect: Connect, x: SymbolicTensor, block: Block): SymbolicTensor {
  const { prefix, filters, strides, dropRate } = block;
  const channels = x.shape.at(-1) ?? 0;
  let y = block.isFused ? fused(connect, x, block) : separate(connect, x, block);
  if (strides !== 1 || channels !== filters) return y;
  if (dropRate > 0) {
    y = connect(new Dropout({ rate: dropRate, noiseShape: [null, 1, 1, 1], name: `${prefix}drop` }), y);
  }
  return connect(new Add({ name: `${prefix}add` }), [y, x]);
}

function separate(connect: Connect, x: SymbolicTensor, block: Block): SymbolicTensor {
  const { prefix, filters, expansion, strides } = block;
  const channels = x.shape.at(-1) ?? 0;
  let y = convolve(connect, x, { filters: channels * expansion, kernelSize: 1, name: `${prefix}expand_conv` });
  y = normalizeAndActivate(connect, y, `${prefix}expand_bn`, `${prefix}expand_activation`);
  const depthwise = new DepthwiseConv2D({
    kernelSize: 3,
    strides,
    padding: "same",
    useBias: false,
    depthwiseInitializer: convolutionKernel(),
    name: `${prefix}dwconv2`,
  });
  y = normalizeAndActivate(connect, connect(depthwise, y), `${prefix}bn`, `${prefix}activation`);
  y = squeezeAndExcite(connect, y, Math.max(1, Math.trunc(channels / 4)), prefix);
  y = convolve(connect, y, { filters, kernelSize: 1, name: `${prefix}project_conv` });
  return normalize(connect, y, `${prefix}project_bn`);
}

function fused(connect: Connect, x: SymbolicTensor, block: Block): SymbolicTensor {
  const { prefix, filters, expansion, strides } = block;
  if (expansion === 1) {
    const y = convolve(connect, x, { filters, kernelSize: 3, strides, name: `${prefix}project_conv` });
    return normalizeAndActivate(connect, y, `${prefix}project_bn`, `${prefix}project_activation`);
  }
  const wide = (x.shape.at(-1) ?? 0) * expansion;
  let y = convolve(connect, x, { filters: wide, kernelSize: 3, strides, name: `${prefix}expand_conv` });
  y = normalizeAndActivate(connect, y, `${prefix}expand_bn`, `${prefix}expand_activation`);
  y = convolve(connect, y, { filters, kernelSize: 1, name: `${prefix}project_conv` });
  return normalize(connect, y, `${prefix}project_bn`);
}

function convolve(connect: Connect, x: SymbolicTensor, config: Conv2DConfig): SymbolicTensor {
  const common = { padding: "same", useBias: false, kernelInitializer: convolutionKernel() } as const;
  return connect(new Conv2D({ ...common, ...config }), x);
}

function normalize(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new BatchNormalization({ axis: 3, momentum: 0.9, name }), x);
}

function normalizeAndActivate(connect: Connect, x: SymbolicTensor, name: string, activation: string): SymbolicTensor {
  return connect(new Activation({ activation: "swish", name: activation }), normalize(connect, x, name));
}

/** For pictures of 224x224. Source: Tan and Le, ICML 2021; Keras `EfficientNetV2B0`. */
export const EfficientNetV2B0: Backbone<EfficientNetV2Options> = /* @__PURE__ */ efficientNetV2("B0", { size: 224 });

/** For pictures of 240x240. Source: Tan and Le, ICML 2021; Keras `EfficientNetV2B1`. */
export const EfficientNetV2B1: Backbone<EfficientNetV2Options> = /* @__PURE__ */ efficientNetV2("B1", {
  size: 240,
  depth: 1.1,
});

/** For pictures of 260x260. Source: Tan and Le, ICML 2021; Keras `EfficientNetV2B2`. */
export const EfficientNetV2B2: Backbone<EfficientNetV2Options> = /* @__PURE__ */ efficientNetV2("B2", {
  size: 260,
  width: 1.1,
  depth: 1.2,
});

/** For pictures of 300x300. Source: Tan and Le, ICML 2021; Keras `EfficientNetV2B3`. */
export const EfficientNetV2B3: Backbone<EfficientNetV2Options> = /* @__PURE__ */ efficientNetV2("B3", {
  size: 300,
  width: 1.2,
  depth: 1.4,
});

/** For pictures of 384x384. Source: Tan and Le, ICML 2021; Keras `EfficientNetV2S`. */
export const EfficientNetV2S: Backbone<EfficientNetV2Options> = /* @__PURE__ */ efficientNetV2("S", {
  size: 384,
  stages: smallStages,
});

/** For pictures of 480x480. Source: Tan and Le, ICML 2021; Keras `EfficientNetV2M`. */
export const EfficientNetV2M: Backbone<EfficientNetV2Options> = /* @__PURE__ */ efficientNetV2("M", {
  size: 480,
  stages: mediumStages,
});

/** For pictures of 480x480. Source: Tan and Le, ICML 2021; Keras `EfficientNetV2L`. */
export const EfficientNetV2L: Backbone<EfficientNetV2Options> = /* @__PURE__ */ efficientNetV2("L", {
  size: 480,
  stages: largeStages,
});

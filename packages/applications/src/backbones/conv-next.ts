import {
  Activation,
  Conv2D,
  Dense,
  GlobalAveragePooling2D,
  InputLayer,
  LayerNormalization,
  LayerScale,
  Normalization,
  Sequential,
  type SymbolicTensor,
  operationLayer,
} from "@featuremap/layers";
import { Option } from "@featuremap/tensor";
import type { Backbone, BackboneOptions } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { pool } from "../construction/top.ts";

export interface ConvNeXtOptions extends BackboneOptions {
  /** Whether the model itself brings pixels of 0 to 255, in three channels, to mean 0 and variance 1. Default: true. */
  readonly includePreprocessing?: boolean | undefined;
}

const means = [0.485, 0.456, 0.406];
const deviations = [0.229, 0.224, 0.225];

/** @param depths how many blocks each stage has @param widths its channels */
function convNeXt(variant: string, depths: readonly number[], widths: readonly number[]): Backbone<ConvNeXtOptions> {
  return defineBackbone({
    className: `ConvNeXt${variant}`,
    name: `convnext_${variant.toLowerCase()}`,
    preprocessing: "none",
    size: 224,
    options: () => ({ includePreprocessing: Option.flag().default(true) }),
    make(connect, input, { includeTop, pooling, classes, classifierActivation, includePreprocessing, name }) {
      let x = input;
      if (includePreprocessing && x.shape.at(-1) === 3) x = preprocess(connect, x, name);
      for (const [stage, width] of widths.entries()) {
        x = connect(halving(x, name, stage, width), x);
        for (let index = 0; index < (depths[stage] ?? 0); index++) {
          x = block(connect, x, `${name}_stage_${stage}_block_${index}`);
        }
      }
      if (!includeTop) return normalize(connect, pool(connect, x, pooling));
      x = connect(new GlobalAveragePooling2D({ name: `${name}_head_gap` }), x);
      x = normalize(connect, x, `${name}_head_layernorm`);
      const top = { units: classes, activation: classifierActivation, name: `${name}_head_dense` };
      return connect(new Dense(top), x);
    },
  });
}

function preprocess(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  const layer = new Normalization({
    mean: means.map((mean) => mean * 255),
    variance: deviations.map((deviation) => (deviation * 255) ** 2),
    name: `${name}_prestem_normalization`,
  });
  return connect(layer, x);
}

/** A quarter of each side before the first stage, half before the others. */
function halving({ shape }: SymbolicTensor, name: string, stage: number, filters: number): Sequential {
  // Keras numbers the inputs of models within the model on from its own.
  const input = new InputLayer({ batchShape: shape, name: `input_layer_${stage + 1}` });
  const size = stage === 0 ? 4 : 2;
  const [part, place] = stage === 0 ? ["stem", ""] : ["downsampling", `_${stage - 1}`];
  const convolution = new Conv2D({ filters, kernelSize: size, strides: size, name: `${name}_${part}_conv${place}` });
  const normalization = new LayerNormalization({ epsilon: 1e-6, name: `${name}_${part}_layernorm${place}` });
  const layers = stage === 0 ? [convolution, normalization] : [normalization, convolution];
  return new Sequential([input, ...layers], {
    name: stage === 0 ? `${name}_stem` : `${name}_downsampling_block${place}`,
  });
}

/** A depthwise convolution of 7x7 and two pointwise layers, beside a shortcut. */
function block(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  const channels = x.shape.at(-1) ?? 0;
  const depthwise = { filters: channels, kernelSize: 7, padding: "same", groups: channels } as const;
  let y = connect(new Conv2D({ ...depthwise, name: `${name}_depthwise_conv` }), x);
  y = normalize(connect, y, `${name}_layernorm`);
  y = connect(new Dense({ units: 4 * channels, name: `${name}_pointwise_conv_1` }), y);
  y = connect(new Activation({ activation: "gelu", name: `${name}_gelu` }), y);
  y = connect(new Dense({ units: channels, name: `${name}_pointwise_conv_2` }), y);
  y = connect(new LayerScale({ initValues: 1e-6, projectionDim: channels, name: `${name}_layer_scale` }), y);
  // In place of stochastic depth, of which Keras's variants drop nothing.
  y = connect(new Activation({ activation: "linear", name: `${name}_identity` }), y);
  return connect(operationLayer("Add"), [x, y]);
}

function normalize(connect: Connect, x: SymbolicTensor, name?: string): SymbolicTensor {
  return connect(new LayerNormalization({ epsilon: 1e-6, name }), x);
}

const fewBlocks = [3, 3, 9, 3];
const manyBlocks = [3, 3, 27, 3];

/** 28.6 million weights. Source: Liu et al., CVPR 2022; Keras `ConvNeXtTiny`. */
export const ConvNeXtTiny: Backbone<ConvNeXtOptions> = /* @__PURE__ */ convNeXt("Tiny", fewBlocks, [96, 192, 384, 768]);

/** 50.2 million weights. Source: Liu et al., CVPR 2022; Keras `ConvNeXtSmall`. */
export const ConvNeXtSmall: Backbone<ConvNeXtOptions> = /* @__PURE__ */ convNeXt(
  "Small",
  manyBlocks,
  [96, 192, 384, 768],
);

/** 88.6 million weights. Source: Liu et al., CVPR 2022; Keras `ConvNeXtBase`. */
export const ConvNeXtBase: Backbone<ConvNeXtOptions> = /* @__PURE__ */ convNeXt(
  "Base",
  manyBlocks,
  [128, 256, 512, 1024],
);

/** 197.8 million weights. Source: Liu et al., CVPR 2022; Keras `ConvNeXtLarge`. */
export const ConvNeXtLarge: Backbone<ConvNeXtOptions> = /* @__PURE__ */ convNeXt(
  "Large",
  manyBlocks,
  [192, 384, 768, 1536],
);

/** 350.2 million weights. Source: Liu et al., CVPR 2022; Keras `ConvNeXtXLarge`. */
export const ConvNeXtXLarge: Backbone<ConvNeXtOptions> = /* @__PURE__ */ convNeXt(
  "XLarge",
  manyBlocks,
  [256, 512, 1024, 2048],
);

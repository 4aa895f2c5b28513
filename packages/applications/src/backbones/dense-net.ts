import {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Concatenate,
  Conv2D,
  type Conv2DConfig,
  MaxPooling2D,
  type SymbolicTensor,
  ZeroPadding2D,
} from "@featuremap/layers";
import type { Backbone } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { classifyOrPool } from "../construction/top.ts";

/** Channels that each block adds. */
const growth = 32;

/** Stages in which every block sees what all before it gave. @param depths how many blocks each stage has */
function denseNet(className: string, depths: readonly number[]): Backbone {
  return defineBackbone({
    className,
    name: className.toLowerCase(),
    preprocessing: "torch",
    size: 224,
    make(connect, input, settings) {
      let x = connect(new ZeroPadding2D({ padding: 3 }), input);
      x = convolve(connect, x, { filters: 64, kernelSize: 7, strides: 2, name: "conv1_conv" });
      x = normalizeAndRectify(connect, x, "conv1_bn", "conv1_relu");
      x = connect(new ZeroPadding2D({ padding: 1 }), x);
      x = connect(new MaxPooling2D({ poolSize: 3, strides: 2, name: "pool1" }), x);
      for (const [index, depth] of depths.entries()) {
        if (index > 0) x = halve(connect, x, `pool${index + 1}`);
        for (let block = 1; block <= depth; block++) x = grow(connect, x, `conv${index + 2}_block${block}`);
      }
      x = normalizeAndRectify(connect, x, "bn", "relu");
      return classifyOrPool(connect, x, settings, { average: "avg_pool", maximum: "max_pool" });
    },
  });
}

/** Adds the channels of two convolutions to those that come in. */
function grow(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  let y = normalizeAndRectify(connect, x, `${name}_0_bn`, `${name}_0_relu`);
  y = convolve(connect, y, { filters: 4 * growth, kernelSize: 1, name: `${name}_1_conv` });
  y = normalizeAndRectify(connect, y, `${name}_1_bn`, `${name}_1_relu`);
  y = convolve(connect, y, { filters: growth, kernelSize: 3, padding: "same", name: `${name}_2_conv` });
  return connect(new Concatenate({ axis: 3, name: `${name}_concat` }), [x, y]);
}

/** Half the channels and half of each side. */
function halve(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  let y = normalizeAndRectify(connect, x, `${name}_bn`, `${name}_relu`);
  const filters = Math.trunc((y.shape.at(-1) ?? 0) / 2);
  y = convolve(connect, y, { filters, kernelSize: 1, name: `${name}_conv` });
  return connect(new AveragePooling2D({ poolSize: 2, strides: 2, name: `${name}_pool` }), y);
}

function convolve(connect: Connect, x: SymbolicTensor, config: Conv2DConfig): SymbolicTensor {
  return connect(new Conv2D({ useBias: false, ...config }), x);
}

function normalizeAndRectify(connect: Connect, x: SymbolicTensor, name: string, activation: string): SymbolicTensor {
  const normalized = connect(new BatchNormalization({ axis: 3, epsilon: 1.001e-5, name }), x);
  return connect(new Activation({ activation: "relu", name: activation }), normalized);
}

/** Source: Huang et al., CVPR 2017; Keras `DenseNet121`. */
export const DenseNet121: Backbone = /* @__PURE__ */ denseNet("DenseNet121", [6, 12, 24, 16]);

/** Source: Huang et al., CVPR 2017; Keras `DenseNet169`. */
export const DenseNet169: Backbone = /* @__PURE__ */ denseNet("DenseNet169", [6, 12, 32, 32]);

/** Source: Huang et al., CVPR 2017; Keras `DenseNet201`. */
export const DenseNet201: Backbone = /* @__PURE__ */ denseNet("DenseNet201", [6, 12, 48, 32]);

import { Conv2D, Dense, Flatten, MaxPooling2D } from "@featuremap/layers";
import type { Backbone } from "../construction/backbone.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { pool } from "../construction/top.ts";

const widths = [64, 128, 256, 512, 512];

/** Blocks of convolutions of 3x3, each block pooled to half the size. @param depths how many convolutions each block has */
function vgg(className: string, depths: readonly number[]): Backbone {
  return defineBackbone({
    className,
    name: className.toLowerCase(),
    preprocessing: "caffe",
    size: 224,
    make(connect, input, { includeTop, pooling, classes, classifierActivation }) {
      let x = input;
      for (const [index, depth] of depths.entries()) {
        const block = `block${index + 1}`;
        for (let convolution = 1; convolution <= depth; convolution++) {
          const config = { filters: widths[index] ?? 0, kernelSize: 3, padding: "same", activation: "relu" } as const;
          x = connect(new Conv2D({ ...config, name: `${block}_conv${convolution}` }), x);
        }
        x = connect(new MaxPooling2D({ poolSize: 2, strides: 2, name: `${block}_pool` }), x);
      }
      if (!includeTop) return pool(connect, x, pooling);
      x = connect(new Flatten({ name: "flatten" }), x);
      x = connect(new Dense({ units: 4096, activation: "relu", name: "fc1" }), x);
      x = connect(new Dense({ units: 4096, activation: "relu", name: "fc2" }), x);
      return connect(new Dense({ units: classes, activation: classifierActivation, name: "predictions" }), x);
    },
  });
}

/** 13 convolutions and 3 dense layers. Source: Simonyan and Zisserman, ICLR 2015; Keras `VGG16`. */
export const VGG16: Backbone = /* @__PURE__ */ vgg("VGG16", [2, 2, 3, 3, 3]);

/** 16 convolutions and 3 dense layers. Source: Simonyan and Zisserman, ICLR 2015; Keras `VGG19`. */
export const VGG19: Backbone = /* @__PURE__ */ vgg("VGG19", [2, 2, 4, 4, 4]);

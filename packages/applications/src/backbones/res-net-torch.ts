import {
  Add,
  BatchNormalization,
  Conv2D,
  Dense,
  GlobalAveragePooling2D,
  MaxPooling2D,
  ReLU,
  type SymbolicTensor,
  ZeroPadding2D,
} from "@featuremap/layers";
import type { Backbone } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { pool } from "../construction/top.ts";

const widths = [64, 128, 256, 512];

/** Stages of two convolutions beside a shortcut, with the names of torchvision. @param depths how many blocks each stage has */
function basicResNet(className: string, depths: readonly number[]): Backbone {
  return defineBackbone({
    className,
    name: className.toLowerCase(),
    preprocessing: "torch",
    size: 224,
    make(connect, input, { includeTop, pooling, classes, classifierActivation }) {
      let x = convolve(connect, input, { filters: 64, kernelSize: 7, strides: 2, name: "conv1" });
      x = connect(new ReLU({ name: "relu" }), normalize(connect, x, "bn1"));
      // After ReLU zeros at the borders are never the largest.
      x = connect(new ZeroPadding2D({ padding: 1, name: "maxpool_pad" }), x);
      x = connect(new MaxPooling2D({ poolSize: 3, strides: 2, name: "maxpool" }), x);
      for (const [index, depth] of depths.entries()) {
        for (let block = 0; block < depth; block++) {
          const strides = index > 0 && block === 0 ? 2 : 1;
          x = basicBlock(connect, x, { filters: widths[index] ?? 0, strides, name: `layer${index + 1}.${block}` });
        }
      }
      if (!includeTop) return pool(connect, x, pooling, { average: "avgpool", maximum: "maxpool_all" });
      x = connect(new GlobalAveragePooling2D({ name: "avgpool" }), x);
      return connect(new Dense({ units: classes, activation: classifierActivation, name: "fc" }), x);
    },
  });
}

interface Convolution {
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: 1 | 2;
  readonly name: string;
}

type Block = Omit<Convolution, "kernelSize">;

function basicBlock(connect: Connect, x: SymbolicTensor, { filters, strides, name }: Block): SymbolicTensor {
  let y = convolve(connect, x, { filters, kernelSize: 3, strides, name: `${name}.conv1` });
  y = connect(new ReLU({ name: `${name}.relu1` }), normalize(connect, y, `${name}.bn1`));
  y = convolve(connect, y, { filters, kernelSize: 3, strides: 1, name: `${name}.conv2` });
  y = normalize(connect, y, `${name}.bn2`);
  let shortcut = x;
  if (strides > 1 || x.shape.at(-1) !== filters) {
    shortcut = convolve(connect, x, { filters, kernelSize: 1, strides, name: `${name}.downsample.0` });
    shortcut = normalize(connect, shortcut, `${name}.downsample.1`);
  }
  y = connect(new Add({ name: `${name}.add` }), [y, shortcut]);
  return connect(new ReLU({ name: `${name}.relu` }), y);
}

/** With as many zeros before as after, where "same" padding has more after. */
function convolve(connect: Connect, x: SymbolicTensor, { filters, kernelSize, strides, name }: Convolution) {
  const common = { filters, kernelSize, strides, useBias: false, name };
  const margin = (kernelSize - 1) / 2;
  if (strides === 1 || margin === 0) return connect(new Conv2D({ ...common, padding: "same" }), x);
  return connect(new Conv2D(common), connect(new ZeroPadding2D({ padding: margin, name: `${name}_pad` }), x));
}

function normalize(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new BatchNormalization({ epsilon: 1e-5, momentum: 0.9, name }), x);
}

/** 11.7 million weights; layers have the names of PyTorch's. Source: He et al., CVPR 2016; torchvision `resnet18`. */
export const ResNet18: Backbone = /* @__PURE__ */ basicResNet("ResNet18", [2, 2, 2, 2]);

/** 21.8 million weights; layers have the names of PyTorch's. Source: He et al., CVPR 2016; torchvision `resnet34`. */
export const ResNet34: Backbone = /* @__PURE__ */ basicResNet("ResNet34", [3, 4, 6, 3]);

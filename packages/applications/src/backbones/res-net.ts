import {
  Activation,
  Add,
  BatchNormalization,
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

const widths = [64, 128, 256, 512];
const poolNames = { average: "avg_pool", maximum: "max_pool" };

/** Stages of bottlenecks, each beside a shortcut; ReLU comes after the sum. @param depths how many blocks each stage has */
function resNet(className: string, depths: readonly number[]): Backbone {
  return defineBackbone({
    className,
    name: className.toLowerCase(),
    preprocessing: "caffe",
    size: 224,
    make(connect, input, settings) {
      let x = stem(connect, input, (y) => normalizeAndRectify(connect, y, "conv1"));
      for (const [index, depth] of depths.entries()) {
        for (let block = 1; block <= depth; block++) {
          const strides = index > 0 && block === 1 ? 2 : 1;
          const name = `conv${index + 2}_block${block}`;
          x = bottleneck(connect, x, { filters: widths[index] ?? 0, strides, project: block === 1, name });
        }
      }
      return classifyOrPool(connect, x, settings, poolNames);
    },
  });
}

/** As {@link resNet}, but normalization and ReLU come before each convolution, and the last block of a stage halves the size. */
function resNetV2(className: string, depths: readonly number[]): Backbone {
  return defineBackbone({
    className,
    name: className.toLowerCase(),
    preprocessing: "tf",
    size: 224,
    make(connect, input, settings) {
      let x = stem(connect, input, (y) => y);
      for (const [index, depth] of depths.entries()) {
        for (let block = 1; block <= depth; block++) {
          const strides = index < depths.length - 1 && block === depth ? 2 : 1;
          const name = `conv${index + 2}_block${block}`;
          x = activatedFirst(connect, x, { filters: widths[index] ?? 0, strides, project: block === 1, name });
        }
      }
      x = normalizeAndRectify(connect, x, "post");
      return classifyOrPool(connect, x, settings, poolNames);
    },
  });
}

interface Block {
  /** Of the inner convolutions; the last has four times as many. */
  readonly filters: number;
  readonly strides: 1 | 2;
  /** Whether the shortcut is a convolution too. */
  readonly project: boolean;
  readonly name: string;
}

function bottleneck(connect: Connect, x: SymbolicTensor, { filters, strides, project, name }: Block): SymbolicTensor {
  const convolve = (input: SymbolicTensor, place: number, config: Conv2DConfig): SymbolicTensor =>
    connect(new Conv2D({ ...config, name: `${name}_${place}_conv` }), input);
  const shortcut = project
    ? normalize(connect, convolve(x, 0, { filters: 4 * filters, kernelSize: 1, strides }), `${name}_0_bn`)
    : x;
  let y = convolve(x, 1, { filters, kernelSize: 1, strides });
  y = normalizeAndRectify(connect, y, `${name}_1`);
  y = convolve(y, 2, { filters, kernelSize: 3, padding: "same" });
  y = normalizeAndRectify(connect, y, `${name}_2`);
  y = normalize(connect, convolve(y, 3, { filters: 4 * filters, kernelSize: 1 }), `${name}_3_bn`);
  y = connect(new Add({ name: `${name}_add` }), [shortcut, y]);
  return connect(new Activation({ activation: "relu", name: `${name}_out` }), y);
}

function activatedFirst(
  connect: Connect,
  x: SymbolicTensor,
  { filters, strides, project, name }: Block,
): SymbolicTensor {
  const convolve = (input: SymbolicTensor, place: number, config: Conv2DConfig): SymbolicTensor =>
    connect(new Conv2D({ ...config, name: `${name}_${place}_conv` }), input);
  const activated = normalizeAndRectify(connect, x, `${name}_preact`);
  let shortcut = x;
  if (project) shortcut = convolve(activated, 0, { filters: 4 * filters, kernelSize: 1, strides });
  else if (strides > 1) shortcut = connect(new MaxPooling2D({ poolSize: 1, strides }), x);
  let y = convolve(activated, 1, { filters, kernelSize: 1, useBias: false });
  y = normalizeAndRectify(connect, y, `${name}_1`);
  y = pad(connect, y, 1, `${name}_2_pad`);
  y = convolve(y, 2, { filters, kernelSize: 3, strides, useBias: false });
  y = normalizeAndRectify(connect, y, `${name}_2`);
  y = convolve(y, 3, { filters: 4 * filters, kernelSize: 1 });
  return connect(new Add({ name: `${name}_out` }), [shortcut, y]);
}

/** A convolution of 7x7 and a pooling, which together leave a quarter of each side. */
function stem(
  connect: Connect,
  input: SymbolicTensor,
  activate: (x: SymbolicTensor) => SymbolicTensor,
): SymbolicTensor {
  let x = pad(connect, input, 3, "conv1_pad");
  x = activate(connect(new Conv2D({ filters: 64, kernelSize: 7, strides: 2, name: "conv1_conv" }), x));
  x = pad(connect, x, 1, "pool1_pad");
  return connect(new MaxPooling2D({ poolSize: 3, strides: 2, name: "pool1_pool" }), x);
}

function pad(connect: Connect, x: SymbolicTensor, padding: number, name: string): SymbolicTensor {
  return connect(new ZeroPadding2D({ padding, name }), x);
}

function normalize(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new BatchNormalization({ axis: 3, epsilon: 1.001e-5, name }), x);
}

function normalizeAndRectify(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new Activation({ activation: "relu", name: `${name}_relu` }), normalize(connect, x, `${name}_bn`));
}

/** Source: He et al., CVPR 2016; Keras `ResNet50`. */
export const ResNet50: Backbone = /* @__PURE__ */ resNet("ResNet50", [3, 4, 6, 3]);

/** Source: He et al., CVPR 2016; Keras `ResNet101`. */
export const ResNet101: Backbone = /* @__PURE__ */ resNet("ResNet101", [3, 4, 23, 3]);

/** Source: He et al., CVPR 2016; Keras `ResNet152`. */
export const ResNet152: Backbone = /* @__PURE__ */ resNet("ResNet152", [3, 8, 36, 3]);

/** Source: He et al., ECCV 2016; Keras `ResNet50V2`. */
export const ResNet50V2: Backbone = /* @__PURE__ */ resNetV2("ResNet50V2", [3, 4, 6, 3]);

/** Source: He et al., ECCV 2016; Keras `ResNet101V2`. */
export const ResNet101V2: Backbone = /* @__PURE__ */ resNetV2("ResNet101V2", [3, 4, 23, 3]);

/** Source: He et al., ECCV 2016; Keras `ResNet152V2`. */
export const ResNet152V2: Backbone = /* @__PURE__ */ resNetV2("ResNet152V2", [3, 8, 36, 3]);

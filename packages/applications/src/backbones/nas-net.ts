import {
  Activation,
  Add,
  AveragePooling2D,
  BatchNormalization,
  Concatenate,
  Conv2D,
  Cropping2D,
  MaxPooling2D,
  SeparableConv2D,
  type SymbolicTensor,
  ZeroPadding2D,
} from "@featuremap/layers";
import type { Backbone } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { correctPadding } from "../construction/correct-padding.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { classifyOrPool } from "../construction/top.ts";

/** What tells the two variants apart. */
interface Variant {
  readonly size: number;
  readonly sized?: "always";
  /** Of the stem's convolution. */
  readonly stemFilters: number;
  /** Of the first normal cells; twice as many after each reduction. */
  readonly filters: number;
  /** Normal cells between reductions. */
  readonly cells: number;
  /** Whether cells after a reduction look back past it. */
  readonly skipsReduction: boolean;
}

/** What a cell takes: the output of the one before, and of the one before that. */
interface Pair {
  readonly current: SymbolicTensor;
  readonly previous: SymbolicTensor | null;
}

function nasNet(className: string, name: string, variant: Variant): Backbone {
  const { size, sized, stemFilters, filters, cells, skipsReduction } = variant;
  return defineBackbone({
    className,
    name,
    preprocessing: "tf",
    size,
    ...(sized !== undefined && { sized }),
    make(connect, input, settings) {
      const stem = { filters: stemFilters, kernelSize: 3, strides: 2, useBias: false, name: "stem_conv1" } as const;
      const first = connect(new Conv2D({ ...stem, kernelInitializer: "heNormal" }), input);
      let pair: Pair = { current: normalize(connect, first, "stem_bn1"), previous: null };
      pair = reductionCell(connect, pair, Math.trunc(filters / 4), "stem_1");
      pair = reductionCell(connect, pair, Math.trunc(filters / 2), "stem_2");
      for (let stage = 0; stage < 3; stage++) {
        const wide = filters * 2 ** stage;
        if (stage > 0) {
          const reduced = reductionCell(connect, pair, wide, `reduce_${stage * cells}`);
          pair = skipsReduction ? { ...reduced, previous: pair.previous } : reduced;
        }
        for (let cell = 0; cell < cells; cell++) {
          // Each reduction takes a number too.
          pair = normalCell(connect, pair, wide, `${stage * cells + cell + (stage > 0 ? 1 : 0)}`);
        }
      }
      return classifyOrPool(connect, rectify(connect, pair.current), settings);
    },
  });
}

function normalCell(connect: Connect, { current, previous }: Pair, filters: number, id: string): Pair {
  const p = adjust(connect, { current, previous }, filters, id);
  const h = narrow(connect, current, filters, { kind: "normal", id });
  const separate = (x: SymbolicTensor, kernelSize: number, place: string): SymbolicTensor =>
    separable(connect, x, { filters, kernelSize, id: `normal_${place}_${id}` });
  const add = (a: SymbolicTensor, b: SymbolicTensor, place: number): SymbolicTensor =>
    connect(new Add({ name: `normal_add_${place}_${id}` }), [a, b]);
  const mean = (x: SymbolicTensor, place: string): SymbolicTensor =>
    connect(new AveragePooling2D({ poolSize: 3, strides: 1, padding: "same", name: `normal_${place}_${id}` }), x);
  const x1 = add(separate(h, 5, "left1"), separate(p, 3, "right1"), 1);
  const x2 = add(separate(p, 5, "left2"), separate(p, 3, "right2"), 2);
  const x3 = add(mean(h, "left3"), p, 3);
  const x4 = add(mean(p, "left4"), mean(p, "right4"), 4);
  const x5 = add(separate(h, 3, "left5"), h, 5);
  const joined = connect(new Concatenate({ name: `normal_concat_${id}` }), [p, x1, x2, x3, x4, x5]);
  return { current: joined, previous: current };
}

function reductionCell(connect: Connect, { current, previous }: Pair, filters: number, id: string): Pair {
  const p = adjust(connect, { current, previous }, filters, id);
  const h = narrow(connect, current, filters, { kind: "reduction", id });
  const padding = correctPadding(h, 3);
  const padded = connect(new ZeroPadding2D({ padding, name: `reduction_pad_1_${id}` }), h);
  const separate = (x: SymbolicTensor, kernelSize: number, place: string, strides: 1 | 2 = 2): SymbolicTensor =>
    separable(connect, x, { filters, kernelSize, strides, id: `reduction_${place}_${id}` });
  const add = (a: SymbolicTensor, b: SymbolicTensor, place?: string): SymbolicTensor =>
    connect(new Add({ name: place === undefined ? undefined : `reduction_${place}_${id}` }), [a, b]);
  const halved = { poolSize: 3, strides: 2, padding: "valid" } as const;
  const max = (place: string): SymbolicTensor =>
    connect(new MaxPooling2D({ ...halved, name: `reduction_${place}_${id}` }), padded);
  const x1 = add(separate(h, 5, "left1"), separate(p, 7, "right1"), "add_1");
  const x2 = add(max("left2"), separate(p, 7, "right2"), "add_2");
  const meanOfPadded = connect(new AveragePooling2D({ ...halved, name: `reduction_left3_${id}` }), padded);
  const x3 = add(meanOfPadded, separate(p, 5, "right3"), "add3");
  const means = { poolSize: 3, strides: 1, padding: "same" } as const;
  const meanOfFirst = connect(new AveragePooling2D({ ...means, name: `reduction_left4_${id}` }), x1);
  const x4 = add(x2, meanOfFirst);
  const x5 = add(separate(x1, 3, "left4", 1), max("right5"), "add4");
  const joined = connect(new Concatenate({ name: `reduction_concat_${id}` }), [x2, x3, x4, x5]);
  return { current: joined, previous: current };
}

/** What a cell looks back to, in the size and with the channels of the cell. */
function adjust(connect: Connect, { current, previous }: Pair, filters: number, id: string): SymbolicTensor {
  if (previous === null) return current;
  const isLarger = previous.shape.at(-2) !== current.shape.at(-2);
  if (!isLarger && previous.shape.at(-1) === filters) return previous;
  if (!isLarger) {
    const projected = pointwise(connect, rectify(connect, previous), filters, `adjust_conv_projection_${id}`);
    return normalize(connect, projected, `adjust_bn_${id}`);
  }
  const half = Math.trunc(filters / 2);
  const p = rectify(connect, previous, `adjust_relu_1_${id}`);
  const thin = (x: SymbolicTensor, place: number): SymbolicTensor => {
    const every = { poolSize: 1, strides: 2, padding: "valid", name: `adjust_avg_pool_${place}_${id}` } as const;
    return pointwise(connect, connect(new AveragePooling2D(every), x), half, `adjust_conv_${place}_${id}`);
  };
  const even = thin(p, 1);
  const odd = thin(moveByOne(connect, p), 2);
  return normalize(connect, connect(new Concatenate(), [even, odd]), `adjust_bn_${id}`);
}

/** Up and to the left by one place, zeros following. */
function moveByOne(connect: Connect, x: SymbolicTensor): SymbolicTensor {
  const after = [
    [0, 1],
    [0, 1],
  ] as const;
  const before = [
    [1, 0],
    [1, 0],
  ] as const;
  return connect(new Cropping2D({ cropping: before }), connect(new ZeroPadding2D({ padding: after }), x));
}

interface CellPlace {
  readonly kind: "normal" | "reduction";
  readonly id: string;
}

/** What the cell takes in, with its number of channels. */
function narrow(connect: Connect, x: SymbolicTensor, filters: number, { kind, id }: CellPlace): SymbolicTensor {
  const narrowed = pointwise(connect, rectify(connect, x), filters, `${kind}_conv_1_${id}`);
  return normalize(connect, narrowed, `${kind}_bn_1_${id}`);
}

interface SeparableStep {
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides?: 1 | 2;
  readonly id: string;
}

/** Two separable convolutions, ReLU before each and normalization after. */
function separable(connect: Connect, x: SymbolicTensor, { filters, kernelSize, strides = 1, id }: SeparableStep) {
  let y = rectify(connect, x);
  if (strides === 2) {
    const padding = correctPadding(y, kernelSize);
    y = connect(new ZeroPadding2D({ padding, name: `separable_conv_1_pad_${id}` }), y);
  }
  const common = { filters, kernelSize, useBias: false };
  const padding = strides === 2 ? "valid" : "same";
  y = connect(new SeparableConv2D({ ...common, strides, padding, name: `separable_conv_1_${id}` }), y);
  y = rectify(connect, normalize(connect, y, `separable_conv_1_bn_${id}`));
  y = connect(new SeparableConv2D({ ...common, padding: "same", name: `separable_conv_2_${id}` }), y);
  return normalize(connect, y, `separable_conv_2_bn_${id}`);
}

function pointwise(connect: Connect, x: SymbolicTensor, filters: number, name: string): SymbolicTensor {
  const config = { filters, kernelSize: 1, padding: "same", useBias: false, kernelInitializer: "heNormal" } as const;
  return connect(new Conv2D({ ...config, name }), x);
}

function normalize(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new BatchNormalization({ momentum: 0.9997, epsilon: 0.001, name }), x);
}

function rectify(connect: Connect, x: SymbolicTensor, name?: string): SymbolicTensor {
  return connect(new Activation({ activation: "relu", name }), x);
}

/** 5.3 million weights, for pictures of 224x224. Source: Zoph et al., CVPR 2018; Keras `NASNetMobile`. */
export const NASNetMobile: Backbone = /* @__PURE__ */ nasNet("NASNetMobile", "nasnet_mobile", {
  size: 224,
  sized: "always",
  stemFilters: 32,
  filters: 44,
  cells: 4,
  skipsReduction: false,
});

/** 88.9 million weights, for pictures of 331x331. Source: Zoph et al., CVPR 2018; Keras `NASNetLarge`. */
export const NASNetLarge: Backbone = /* @__PURE__ */ nasNet("NASNetLarge", "nasnet_large", {
  size: 331,
  stemFilters: 96,
  filters: 168,
  cells: 6,
  skipsReduction: true,
});

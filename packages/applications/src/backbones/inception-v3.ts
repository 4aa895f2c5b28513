import {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Concatenate,
  Conv2D,
  MaxPooling2D,
  type SymbolicTensor,
} from "@featuremap/layers";
import type { Backbone } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { classifyOrPool } from "../construction/top.ts";

/** Filters, and height and width of a kernel, 1x1 unless given; `halving` for stride 2 without padding. */
type Step = readonly [filters: number, height?: number, width?: number, how?: "halving" | "unpadded"];

/** Convolutions one after another, each with normalization and ReLU. */
type Chain = readonly Step[];

const stem: readonly (Step | "pool")[] = [
  [32, 3, 3, "halving"],
  [32, 3, 3, "unpadded"],
  [64, 3, 3],
  "pool",
  [80, 1, 1, "unpadded"],
  [192, 3, 3, "unpadded"],
  "pool",
];

/** Of 35x35 places. @param pooled filters after the pooling */
function wide(pooled: number): readonly Chain[] {
  return [[[64]], [[48], [64, 5, 5]], [[64], [96, 3, 3], [96, 3, 3]], [[pooled]]];
}

const toSeventeen: readonly Chain[] = [[[384, 3, 3, "halving"]], [[64], [96, 3, 3], [96, 3, 3, "halving"]]];

/** Of 17x17 places; kernels of 7x7 are split in two. @param inner filters between */
function split(inner: number): readonly Chain[] {
  return [
    [[192]],
    [[inner], [inner, 1, 7], [192, 7, 1]],
    [[inner], [inner, 7, 1], [inner, 1, 7], [inner, 7, 1], [192, 1, 7]],
    [[192]],
  ];
}

const toEight: readonly Chain[] = [
  [[192], [320, 3, 3, "halving"]],
  [[192], [192, 1, 7], [192, 7, 1], [192, 3, 3, "halving"]],
];

/**
 * Convolutions of several sizes side by side, the large ones made of small ones.
 *
 * Source: Szegedy et al., CVPR 2016; Keras `InceptionV3`.
 */
export const InceptionV3: Backbone = /* @__PURE__ */ defineBackbone({
  className: "InceptionV3",
  name: "inception_v3",
  preprocessing: "tf",
  size: 299,
  leastSize: 75,
  make(connect, input, settings) {
    let x = input;
    for (const step of stem) x = step === "pool" ? halve(connect, x) : convolve(connect, x, step);
    for (const [index, pooled] of [32, 64, 64].entries()) x = mix(connect, x, wide(pooled), `mixed${index}`);
    x = reduce(connect, x, toSeventeen, "mixed3");
    for (const [index, inner] of [128, 160, 160, 192].entries()) x = mix(connect, x, split(inner), `mixed${index + 4}`);
    x = reduce(connect, x, toEight, "mixed8");
    for (const index of [0, 1]) x = mixForked(connect, x, index);
    return classifyOrPool(connect, x, settings, settings.includeTop ? { average: "avg_pool" } : {});
  },
});

/** All branches side by side; the last one begins with a mean of 3x3. */
function mix(connect: Connect, x: SymbolicTensor, chains: readonly Chain[], name: string): SymbolicTensor {
  const branches = chains.map((chain, index) => {
    const first = index === chains.length - 1 ? mean(connect, x) : x;
    return follow(connect, first, chain);
  });
  return join(connect, branches, name);
}

/** Branches that halve the size, and a pooling that does. */
function reduce(connect: Connect, x: SymbolicTensor, chains: readonly Chain[], name: string): SymbolicTensor {
  const branches = chains.map((chain) => follow(connect, x, chain));
  return join(connect, [...branches, halve(connect, x)], name);
}

/** Of 8x8 places: two branches fork at their ends. */
function mixForked(connect: Connect, x: SymbolicTensor, index: number): SymbolicTensor {
  const fork = (y: SymbolicTensor, name?: string): SymbolicTensor =>
    join(connect, [convolve(connect, y, [384, 1, 3]), convolve(connect, y, [384, 3, 1])], name);
  const narrow = convolve(connect, x, [320]);
  const single = fork(convolve(connect, x, [384]), `mixed9_${index}`);
  const double = fork(follow(connect, x, [[448], [384, 3, 3]]));
  const pooled = convolve(connect, mean(connect, x), [192]);
  return join(connect, [narrow, single, double, pooled], `mixed${9 + index}`);
}

function follow(connect: Connect, x: SymbolicTensor, chain: Chain): SymbolicTensor {
  return chain.reduce((y, step) => convolve(connect, y, step), x);
}

function convolve(connect: Connect, x: SymbolicTensor, [filters, height = 1, width = 1, how]: Step): SymbolicTensor {
  const strides = how === "halving" ? 2 : 1;
  const padding = how === undefined ? "same" : "valid";
  const convolution = new Conv2D({ filters, kernelSize: [height, width], strides, padding, useBias: false });
  const normalized = connect(new BatchNormalization({ axis: 3, scale: false }), connect(convolution, x));
  return connect(new Activation({ activation: "relu" }), normalized);
}

function halve(connect: Connect, x: SymbolicTensor): SymbolicTensor {
  return connect(new MaxPooling2D({ poolSize: 3, strides: 2 }), x);
}

function mean(connect: Connect, x: SymbolicTensor): SymbolicTensor {
  return connect(new AveragePooling2D({ poolSize: 3, strides: 1, padding: "same" }), x);
}

function join(connect: Connect, branches: readonly SymbolicTensor[], name?: string): SymbolicTensor {
  return connect(new Concatenate({ axis: 3, name }), branches);
}

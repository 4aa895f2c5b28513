import {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Concatenate,
  Conv2D,
  CustomScaleLayer,
  MaxPooling2D,
  type SymbolicTensor,
} from "@featuremap/layers";
import type { Backbone } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { classifyOrPool } from "../construction/top.ts";

/** Filters and kernel size, 1 unless given; `halving` for stride 2 without padding. */
type Step = readonly [filters: number, kernelSize?: number | readonly [number, number], how?: "halving" | "unpadded"];

/** Convolutions one after another, each with normalization and ReLU. */
type Chain = readonly Step[];

const stem: readonly (Step | "pool")[] = [
  [32, 3, "halving"],
  [32, 3, "unpadded"],
  [64, 3],
  "pool",
  [80, 1, "unpadded"],
  [192, 3, "unpadded"],
  "pool",
];

const beforeBlocks: readonly Chain[] = [[[96]], [[48], [64, 5]], [[64], [96, 3], [96, 3]]];

/** Residual blocks alike, one after another. */
interface Stage {
  readonly name: string;
  readonly blocks: number;
  /** Share of the block in the sum with its shortcut. */
  readonly scale: number;
  readonly chains: readonly Chain[];
}

const stage35: Stage = {
  name: "block35",
  blocks: 10,
  scale: 0.17,
  chains: [[[32]], [[32], [32, 3]], [[32], [48, 3], [64, 3]]],
};

const stage17: Stage = {
  name: "block17",
  blocks: 20,
  scale: 0.1,
  chains: [[[192]], [[128], [160, [1, 7]], [192, [7, 1]]]],
};

const stage8: Stage = {
  name: "block8",
  blocks: 10,
  scale: 0.2,
  chains: [[[192]], [[192], [224, [1, 3]], [256, [3, 1]]]],
};

const toSeventeen: readonly Chain[] = [[[384, 3, "halving"]], [[256], [256, 3], [384, 3, "halving"]]];

const toEight: readonly Chain[] = [
  [[256], [384, 3, "halving"]],
  [[256], [288, 3, "halving"]],
  [[256], [288, 3], [320, 3, "halving"]],
];

/**
 * Convolutions of several sizes side by side, beside shortcuts.
 *
 * Source: Szegedy et al., AAAI 2017; Keras `InceptionResNetV2`.
 */
export const InceptionResNetV2: Backbone = /* @__PURE__ */ defineBackbone({
  className: "InceptionResNetV2",
  name: "inception_resnet_v2",
  preprocessing: "tf",
  size: 299,
  leastSize: 75,
  make(connect, input, settings) {
    let x = input;
    for (const step of stem) x = step === "pool" ? halve(connect, x) : convolve(connect, x, step);
    const branches = beforeBlocks.map((chain) => follow(connect, x, chain));
    const mean = connect(new AveragePooling2D({ poolSize: 3, strides: 1, padding: "same" }), x);
    x = join(connect, [...branches, convolve(connect, mean, [64])], "mixed_5b");
    x = runStage(connect, x, stage35);
    x = reduce(connect, x, toSeventeen, "mixed_6a");
    x = runStage(connect, x, stage17);
    x = reduce(connect, x, toEight, "mixed_7a");
    x = runStage(connect, x, stage8, true);
    x = convolve(connect, x, [1536], "conv_7b");
    return classifyOrPool(connect, x, settings, settings.includeTop ? { average: "avg_pool" } : {});
  },
});

/** @param endsLinear whether the last block counts in full, and without ReLU */
function runStage(connect: Connect, x: SymbolicTensor, { name, blocks, scale, chains }: Stage, endsLinear = false) {
  let y = x;
  for (let block = 1; block <= blocks; block++) {
    const isLinear = endsLinear && block === blocks;
    const prefix = `${name}_${block}`;
    const branches = chains.map((chain) => follow(connect, y, chain));
    const mixed = join(connect, branches, `${prefix}_mixed`);
    const up = new Conv2D({ filters: y.shape.at(-1) ?? 0, kernelSize: 1, padding: "same", name: `${prefix}_conv` });
    y = connect(new CustomScaleLayer({ scale: isLinear ? 1 : scale }), [y, connect(up, mixed)]);
    if (!isLinear) y = connect(new Activation({ activation: "relu", name: `${prefix}_ac` }), y);
  }
  return y;
}

/** Branches that halve the size, and a pooling that does. */
function reduce(connect: Connect, x: SymbolicTensor, chains: readonly Chain[], name: string): SymbolicTensor {
  const branches = chains.map((chain) => follow(connect, x, chain));
  return join(connect, [...branches, halve(connect, x)], name);
}

function follow(connect: Connect, x: SymbolicTensor, chain: Chain): SymbolicTensor {
  return chain.reduce((y, step) => convolve(connect, y, step), x);
}

function convolve(connect: Connect, x: SymbolicTensor, step: Step, name?: string): SymbolicTensor {
  const [filters, kernelSize = 1, how] = step;
  const strides = how === "halving" ? 2 : 1;
  const padding = how === undefined ? "same" : "valid";
  const after = (ending: string): string | undefined => (name === undefined ? undefined : `${name}${ending}`);
  let y = connect(new Conv2D({ filters, kernelSize, strides, padding, useBias: false, name }), x);
  y = connect(new BatchNormalization({ axis: 3, scale: false, name: after("_bn") }), y);
  return connect(new Activation({ activation: "relu", name: after("_ac") }), y);
}

function halve(connect: Connect, x: SymbolicTensor): SymbolicTensor {
  return connect(new MaxPooling2D({ poolSize: 3, strides: 2 }), x);
}

function join(connect: Connect, branches: readonly SymbolicTensor[], name: string): SymbolicTensor {
  return connect(new Concatenate({ axis: 3, name }), branches);
}

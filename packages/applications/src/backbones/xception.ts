import {
  Activation,
  Add,
  BatchNormalization,
  Conv2D,
  type Conv2DConfig,
  MaxPooling2D,
  SeparableConv2D,
  type SymbolicTensor,
} from "@featuremap/layers";
import type { Backbone } from "../construction/backbone.ts";
import type { Connect } from "../construction/connect.ts";
import { defineBackbone } from "../construction/define-backbone.ts";
import { classifyOrPool } from "../construction/top.ts";

/**
 * Separable convolutions alone, between shortcuts.
 *
 * Source: Chollet, CVPR 2017; Keras `Xception`.
 */
export const Xception: Backbone = /* @__PURE__ */ defineBackbone({
  className: "Xception",
  name: "xception",
  preprocessing: "tf",
  size: 299,
  leastSize: 71,
  make(connect, input, settings) {
    let x = convolve(connect, input, { filters: 32, kernelSize: 3, strides: 2, name: "block1_conv1" });
    x = activate(connect, normalize(connect, x, "block1_conv1_bn"), "block1_conv1_act");
    x = convolve(connect, x, { filters: 64, kernelSize: 3, name: "block1_conv2" });
    x = activate(connect, normalize(connect, x, "block1_conv2_bn"), "block1_conv2_act");
    x = halving(connect, x, { block: 2, filters: [128, 128], activatesFirst: false });
    x = halving(connect, x, { block: 3, filters: [256, 256] });
    x = halving(connect, x, { block: 4, filters: [728, 728] });
    for (let block = 5; block <= 12; block++) {
      const shortcut = x;
      for (const place of [1, 2, 3]) {
        x = activate(connect, x, `block${block}_sepconv${place}_act`);
        x = separable(connect, x, 728, `block${block}_sepconv${place}`);
      }
      x = connect(new Add(), [x, shortcut]);
    }
    x = halving(connect, x, { block: 13, filters: [728, 1024] });
    for (const [index, filters] of [1536, 2048].entries()) {
      x = separable(connect, x, filters, `block14_sepconv${index + 1}`);
      x = activate(connect, x, `block14_sepconv${index + 1}_act`);
    }
    return classifyOrPool(connect, x, settings, settings.includeTop ? { average: "avg_pool" } : {});
  },
});

interface Halving {
  readonly block: number;
  readonly filters: readonly [number, number];
  readonly activatesFirst?: boolean;
}

/** Two separable convolutions and a pooling, beside a convolution of stride 2. */
function halving(
  connect: Connect,
  x: SymbolicTensor,
  { block, filters, activatesFirst = true }: Halving,
): SymbolicTensor {
  const [, last] = filters;
  const projection: Conv2DConfig = { filters: last, kernelSize: 1, strides: 2, padding: "same" };
  const shortcut = normalize(connect, convolve(connect, x, projection));
  let y = x;
  for (const [index, count] of filters.entries()) {
    const name = `block${block}_sepconv${index + 1}`;
    if (index > 0 || activatesFirst) y = activate(connect, y, `${name}_act`);
    y = separable(connect, y, count, name);
  }
  const pooling = { poolSize: 3, strides: 2, padding: "same" } as const;
  y = connect(new MaxPooling2D({ ...pooling, name: `block${block}_pool` }), y);
  return connect(new Add(), [y, shortcut]);
}

function separable(connect: Connect, x: SymbolicTensor, filters: number, name: string): SymbolicTensor {
  const layer = new SeparableConv2D({ filters, kernelSize: 3, padding: "same", useBias: false, name });
  return normalize(connect, connect(layer, x), `${name}_bn`);
}

function convolve(connect: Connect, x: SymbolicTensor, config: Conv2DConfig): SymbolicTensor {
  return connect(new Conv2D({ useBias: false, ...config }), x);
}

function normalize(connect: Connect, x: SymbolicTensor, name?: string): SymbolicTensor {
  return connect(new BatchNormalization({ name }), x);
}

function activate(connect: Connect, x: SymbolicTensor, name: string): SymbolicTensor {
  return connect(new Activation({ activation: "relu", name }), x);
}

import {
  Add,
  Dense,
  GlobalAveragePooling2D,
  Input,
  MaxPooling2D,
  Model,
  ReLU,
  type SymbolicTensor,
} from "@featuremap/layers";
import type { Application, InputShape } from "../application.ts";
import { centredPreprocessing } from "../colour-preprocessing.ts";
import { defineApplication } from "../define-application.ts";
import { convolve, normalize, normalizeAndRectify } from "../layer-stack.ts";

/** Up to this side a picture begins at full size; a larger one at a quarter, as in ImageNet's networks. */
const longestFullSide = 64;
const blocks = 1;

function ownFilters([height, width]: InputShape): readonly number[] {
  return Math.max(height ?? 0, width ?? 0) > longestFullSide ? [32, 64, 128, 256] : [32, 64, 128];
}

/**
 * A residual network for pictures of any size: 309,994 weights for 32x32 pixels and ten classes.
 *
 * A stem, then stages of residual blocks, each after the first at half the size. Build options: `inputShape`, `classes`,
 * `seed`, `name`, and `filters` of its stages, as many as wanted.
 * Source: He et al., CVPR 2016; its wide and shallow form is that of Zagoruyko and Komodakis, BMVC 2016.
 */
export const resnet: Application = defineApplication({
  name: "resnet",
  description: "residual network with batch normalization: more accurate, slower",
  inputShape: [32, 32, 3],
  preprocessing: centredPreprocessing(32, 32, "rgb"),
  outputs: "logits",
  loss: "sparseCategoricalCrossentropy",
  defaults: {
    epochs: 15,
    batchSize: 64,
    optimizer: "sgd",
    momentum: 0.9,
    nesterov: true,
    learningRate: 0.05,
    schedule: "one-cycle",
    warmup: 0.25,
    weightDecay: 0.005,
    labelSmoothing: 0,
    augment: "light",
  },
  filters: ownFilters,
  anyDepth: true,
  make({ inputShape, classes, seed, name, filters }) {
    const inputs = Input({ shape: inputShape });
    let x = stem(inputs, inputShape, filters[0] ?? 0);
    for (const [stage, count] of filters.entries()) {
      for (let block = 0; block < blocks; block++) x = residualBlock(x, count, stage > 0 && block === 0 ? 2 : 1);
    }
    x = new GlobalAveragePooling2D().apply(x);
    return new Model({ inputs, outputs: new Dense({ units: classes }).apply(x), name, seed });
  },
});

function stem(inputs: SymbolicTensor, [height, width]: InputShape, filters: number): SymbolicTensor {
  const isLarge = Math.max(height ?? 0, width ?? 0) > longestFullSide;
  if (!isLarge) return normalizeAndRectify(convolve(inputs, { filters, kernelSize: 3 }));
  const x = normalizeAndRectify(convolve(inputs, { filters, kernelSize: 7, strides: 2 }));
  return new MaxPooling2D({ poolSize: 3, strides: 2, padding: "same" }).apply(x);
}

/** Two convolutions beside a shortcut, which is a convolution of 1x1 where the shape changes. */
function residualBlock(x: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const isSame = strides === 1 && x.shape.at(-1) === filters;
  let y = normalizeAndRectify(convolve(x, { filters, kernelSize: 3, strides }));
  y = normalize(convolve(y, { filters, kernelSize: 3 }));
  const shortcut = isSame ? x : normalize(convolve(x, { filters, kernelSize: 1, strides }));
  return new ReLU().apply(new Add().apply([y, shortcut]));
}

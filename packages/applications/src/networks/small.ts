import { Dense, GlobalAveragePooling2D, Input, MaxPooling2D, Model, type SymbolicTensor } from "@featuremap/layers";
import type { Application, InputShape } from "../application.ts";
import { centredPreprocessing } from "../colour-preprocessing.ts";
import { defineApplication } from "../define-application.ts";
import { convolve, normalizeAndRectify } from "../layer-stack.ts";

/** Longer sides begin with a stride of 2: their first maps would take most of the time. */
const longestFullSide = 64;
const mostFilters = 256;

/** As many stages as halve the shorter side to about 4, with 32 filters in the first and twice as many in each next one. */
function ownFilters([height, width]: InputShape): readonly number[] {
  const side = Math.min(height ?? 32, width ?? 32);
  const halvings = Math.max(2, Math.round(Math.log2(side / 4)));
  const stages = side > longestFullSide ? halvings - 1 : halvings;
  return Array.from({ length: stages }, (_, stage) => Math.min(32 * 2 ** stage, mostFilters));
}

/**
 * A plain network with batch normalization for pictures of any size: 280,298 weights for 32x32 pixels and ten classes.
 *
 * Stages of two convolutions of 3x3, the first of one, each ending in max pooling. The pooling stands before the
 * normalization, which then has a quarter of the work and, as its scale is hardly ever negative, the same maxima.
 * Build options: `inputShape`, `classes`, `seed`, `name`, and `filters` of its stages, as many as wanted.
 */
export const small: Application = defineApplication({
  name: "small",
  description: "plain network with batch normalization: fast, for small pictures or few",
  inputShape: [32, 32, 3],
  preprocessing: centredPreprocessing(32, 32, "rgb"),
  outputs: "logits",
  loss: "sparseCategoricalCrossentropy",
  defaults: {
    epochs: 10,
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
    const isLarge = Math.max(inputShape[0] ?? 0, inputShape[1] ?? 0) > longestFullSide;
    let x: SymbolicTensor = inputs;
    for (const [stage, count] of filters.entries()) {
      if (stage > 0) x = normalizeAndRectify(convolve(x, { filters: count, kernelSize: 3 }));
      const strides = stage === 0 && isLarge ? 2 : 1;
      x = convolve(x, { filters: count, kernelSize: 3, strides });
      x = normalizeAndRectify(new MaxPooling2D().apply(x));
    }
    x = new GlobalAveragePooling2D().apply(x);
    return new Model({ inputs, outputs: new Dense({ units: classes }).apply(x), name, seed });
  },
});

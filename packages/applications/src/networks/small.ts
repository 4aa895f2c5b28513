import { Dense, GlobalAveragePooling2D, Input, MaxPooling2D, Model, type SymbolicTensor } from "@featuremap/layers";
import type { Application } from "../application.ts";
import { centredPreprocessing } from "../colour-preprocessing.ts";
import { defineApplication } from "../define-application.ts";
import { convolve, normalizeAndRectify } from "../layer-stack.ts";
import type { InputShape } from "../input-shape.ts";
import { isLarge, stagesFor } from "../picture-size.ts";

/** 32 in the first stage and twice as many in each next one, up to 256. */
function ownFilters(inputShape: InputShape): readonly number[] {
  return Array.from({ length: stagesFor(inputShape) }, (_, stage) => Math.min(32 * 2 ** stage, 256));
}

/**
 * A plain network with batch normalization for pictures of any size: 280,298 weights for 32x32 pixels and ten classes.
 *
 * Stages of two convolutions of 3x3, the first of one, each ending in max pooling. The pooling stands before the
 * normalization, which then has a quarter of the work and, as its scale is hardly ever negative, the same maxima.
 * Trained once by `featuremap train --epochs 10` on 45,000 of CIFAR-10's pictures as JPEG files: 0.824 of the 10,000 test pictures.
 * Build options: `inputShape`, `classes`, `seed`, `name`, and `filters` of its stages, as many as wanted.
 */
export const small: Application = defineApplication({
  name: "small",
  description: "plain network with batch normalization: fast, for small or few pictures",
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
    let x: SymbolicTensor = inputs;
    for (const [stage, count] of filters.entries()) {
      if (stage > 0) x = normalizeAndRectify(convolve(x, { filters: count, kernelSize: 3 }));
      const strides = stage === 0 && isLarge(inputShape) ? 2 : 1;
      x = convolve(x, { filters: count, kernelSize: 3, strides });
      x = normalizeAndRectify(new MaxPooling2D().apply(x));
    }
    x = new GlobalAveragePooling2D().apply(x);
    return new Model({ inputs, outputs: new Dense({ units: classes }).apply(x), name, seed });
  },
});

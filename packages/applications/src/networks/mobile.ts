import { Add, Dense, Dropout, GlobalAveragePooling2D, Input, Model, type SymbolicTensor } from "@featuremap/layers";
import type { Application } from "../application.ts";
import { centredPreprocessing } from "../colour-preprocessing.ts";
import { defineApplication } from "../define-application.ts";
import { convolve, convolveDepthwise, normalize, normalizeAndRectify } from "../layer-stack.ts";

/** Filters of the stages are options; each stage's expansion, number of blocks and first stride are these. */
const stages = [
  { expansion: 1, blocks: 1, strides: 1 },
  { expansion: 4, blocks: 2, strides: 2 },
  { expansion: 4, blocks: 2, strides: 2 },
  { expansion: 4, blocks: 3, strides: 2 },
  { expansion: 4, blocks: 2, strides: 1 },
  { expansion: 4, blocks: 2, strides: 2 },
] as const;

/** Strides of 2, stem included, that leave less than 4 of the shorter side are left out, the first ones first. */
function stridesFor(side: number): readonly number[] {
  const wanted = [2, ...stages.map(({ strides }) => strides)];
  const possible = Math.max(1, Math.floor(Math.log2(side / 4)));
  let surplus = wanted.filter((stride) => stride === 2).length - possible;
  return wanted.map((stride) => (stride === 2 && surplus-- > 0 ? 1 : stride));
}

/**
 * Inverted residuals of depthwise convolutions, half as wide as MobileNetV2 and with fewer blocks: little work for a
 * pixel, so that large photos train on a processor, and classify on a phone.
 *
 * Build options: `inputShape`, `classes`, `seed`, `name`, `filters` of its six stages, and `dropout`.
 * Source: Sandler et al., CVPR 2018.
 */
export const mobile: Application = defineApplication({
  name: "mobile",
  description: "depthwise convolutions: little work per pixel, for large photos",
  inputShape: [128, 128, 3],
  preprocessing: centredPreprocessing(128, 128, "rgb"),
  outputs: "logits",
  loss: "sparseCategoricalCrossentropy",
  defaults: {
    epochs: 20,
    batchSize: 32,
    optimizer: "sgd",
    momentum: 0.9,
    nesterov: true,
    learningRate: 0.05,
    schedule: "one-cycle",
    warmup: 0.25,
    weightDecay: 0.001,
    labelSmoothing: 0,
    augment: "light",
  },
  filters: () => [16, 24, 32, 64, 96, 160],
  dropout: 0.2,
  make({ inputShape, classes, seed, name, filters, dropout }) {
    const inputs = Input({ shape: inputShape });
    const [first = 1, ...strides] = stridesFor(Math.min(inputShape[0] ?? 128, inputShape[1] ?? 128));
    let x = normalizeAndRectify(convolve(inputs, { filters: 16, kernelSize: 3, strides: first }), 6);
    for (const [stage, { expansion, blocks }] of stages.entries()) {
      for (let block = 0; block < blocks; block++) {
        x = invertedResidual(x, filters[stage] ?? 0, expansion, block === 0 ? (strides[stage] ?? 1) : 1);
      }
    }
    x = normalizeAndRectify(convolve(x, { filters: 4 * (filters.at(-1) ?? 0), kernelSize: 1 }), 6);
    x = new Dropout({ rate: dropout }).apply(new GlobalAveragePooling2D().apply(x));
    return new Model({ inputs, outputs: new Dense({ units: classes }).apply(x), name, seed });
  },
});

/** Widens, filters each channel by itself, narrows; beside it what came in, where the shape stays. */
function invertedResidual(x: SymbolicTensor, filters: number, expansion: number, strides: number): SymbolicTensor {
  const channels = x.shape.at(-1) ?? 0;
  let y = x;
  if (expansion > 1) y = normalizeAndRectify(convolve(y, { filters: expansion * channels, kernelSize: 1 }), 6);
  y = normalizeAndRectify(convolveDepthwise(y, strides), 6);
  y = normalize(convolve(y, { filters, kernelSize: 1 }));
  return strides === 1 && channels === filters ? new Add().apply([y, x]) : y;
}

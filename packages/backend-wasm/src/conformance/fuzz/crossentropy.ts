import type { RandomStream } from "@featuremap/tensor";
import { type HostTensor, chance, draw, pick, shapeOfRank } from "./draw.ts";
import { type Operation, inputOf } from "./operation.ts";

function drawLogits(random: RandomStream): HostTensor {
  const shape = shapeOfRank(random, pick(random, [1, 2, 2, 3])).map((length) => Math.max(1, length));
  const logits = draw(random, shape, "float32", "non-finite");
  const scale = pick(random, [1, 10, 100]);
  for (const [index, value] of logits.values.entries()) logits.values[index] = value * scale;
  return logits;
}

/** Loss and gradient of every row, in float64. */
function crossentropy(logits: HostTensor, labelOf: (row: number, index: number) => number): HostTensor[] {
  const length = logits.shape.at(-1) ?? 1;
  const rows = logits.values.length / length;
  const loss = new Float32Array(rows);
  const gradient = new Float32Array(logits.values.length);
  for (let row = 0; row < rows; row++) {
    const scores = Array.from(logits.values.subarray(row * length, (row + 1) * length));
    // Math.max, like the kernels, gives NaN where there is one.
    const largest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    for (const [index, score] of scores.entries()) {
      const label = labelOf(row, index);
      loss[row] = (loss[row] ?? 0) - label * (score - largest - Math.log(total));
      gradient[row * length + index] = (powers[index] ?? 0) / total - label;
    }
  }
  return [
    { shape: logits.shape.slice(0, -1), dtype: "float32", values: loss },
    { shape: logits.shape, dtype: "float32", values: gradient },
  ];
}

/** Cross-entropy of logits with its gradient, which only this backend has in one kernel. */
export const crossentropies: readonly Operation[] = [
  {
    name: "SoftmaxCrossentropy",
    tolerance: 1e-5,
    generate(random) {
      const logits = drawLogits(random);
      const target = draw(random, logits.shape);
      if (chance(random, 0.5)) for (const index of target.values.keys()) target.values[index] = random.integer(2);
      return { kernel: "SoftmaxCrossentropy", inputs: { target, logits }, attrs: {} };
    },
    reference: (call) => {
      const [logits, target] = [inputOf(call, "logits"), inputOf(call, "target")];
      const length = logits.shape.at(-1) ?? 1;
      return crossentropy(logits, (row, index) => target.values[row * length + index] ?? 0);
    },
  },
  {
    name: "SparseSoftmaxCrossentropy",
    tolerance: 1e-5,
    generate(random) {
      const logits = drawLogits(random);
      const labels = draw(random, logits.shape.slice(0, -1), "int32");
      // Now and then a label that names no class.
      const classes = (logits.shape.at(-1) ?? 1) + (chance(random, 0.2) ? 1 : 0);
      for (const index of labels.values.keys()) labels.values[index] = random.integer(classes);
      return { kernel: "SparseSoftmaxCrossentropy", inputs: { labels, logits }, attrs: {} };
    },
    reference: (call) => {
      const labels = inputOf(call, "labels");
      return crossentropy(inputOf(call, "logits"), (row, index) => (labels.values[row] === index ? 1 : 0));
    },
  },
];

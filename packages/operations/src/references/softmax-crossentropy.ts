import {
  softmaxCrossentropyWithSlope,
  sparseSoftmaxCrossentropyWithSlope,
  tolerance,
} from "../contract/softmax-crossentropy.ts";
import { type HostTensor, floats } from "./host-tensor.ts";
import { type Reference, reference } from "./reference.ts";

export const softmaxCrossentropyReferences: readonly Reference[] = [
  reference(softmaxCrossentropyWithSlope, tolerance, ({ target, logits }) => {
    const length = logits.shape.at(-1) ?? 1;
    return crossentropy(logits, (row, index) => target.values[row * length + index] ?? 0);
  }),
  reference(sparseSoftmaxCrossentropyWithSlope, tolerance, ({ labels, logits }) =>
    crossentropy(logits, (row, index) => (labels.values[row] === index ? 1 : 0)),
  ),
];

/** Loss and gradient of every row. */
function crossentropy(
  logits: HostTensor,
  labelOf: (row: number, index: number) => number,
): [loss: HostTensor, slope: HostTensor] {
  const length = logits.shape.at(-1) ?? 1;
  const rows = logits.values.length / length;
  const loss = new Float32Array(rows);
  const slope = new Float64Array(logits.values.length);
  for (let row = 0; row < rows; row++) {
    const scores = Array.from(logits.values.subarray(row * length, (row + 1) * length));
    // Math.max, like devices, gives NaN where there is one.
    const largest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    for (const [index, score] of scores.entries()) {
      const label = labelOf(row, index);
      loss[row] = (loss[row] ?? 0) - label * (score - largest - Math.log(total));
      slope[row * length + index] = (powers[index] ?? 0) / total - label;
    }
  }
  return [floats(loss, logits.shape.slice(0, -1)), floats(slope, logits.shape)];
}

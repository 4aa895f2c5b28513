import type { Model } from "@featuremap/layers";
import { HostArray, sizeOf } from "@featuremap/tensor";
import { type LogitActivation, Metric, Trainer } from "@featuremap/training";
import { type Tensor, fill, zeros } from "@tensorflow/tfjs-core";
import { inputParts } from "../pictures/model-inputs.ts";

/** What enters a network's final softmax or sigmoid. */
export interface Logits {
  readonly meaning: "logits" | "binaryLogits";
  /** Of each picture. */
  readonly rows: readonly (readonly number[])[];
}

/** Numbers of inputs at once: a recorded network keeps what each layer gives. */
const mostInputs = 3 * 2 ** 20;

/**
 * The logits behind a network's probabilities, found as training finds them.
 *
 * @param inputs `[pictures, ...]`
 * @param units numbers that it gives for a picture
 * @returns undefined where something else made the probabilities
 */
export async function logitsBehind(
  model: Model,
  inputs: HostArray<Float32Array>,
  units: number,
): Promise<Logits | undefined> {
  // A softmax over one unit is 1 whatever goes in.
  const activations: readonly LogitActivation[] = units === 1 ? ["sigmoid"] : ["softmax", "sigmoid"];
  const trainer = new Trainer(model, {
    loss: (_yTrue, yPred) => zeros([yPred.shape[0] ?? 0]),
    metrics: activations.map((activation) => new ActivationInput(activation)),
  });
  const [count = 0, ...entry] = inputs.shape;
  const found = activations.map((activation) => ({ activation, rows: [] as number[][] }));
  try {
    for (const x of inputParts(model, inputs, Math.max(1, Math.floor(mostInputs / sizeOf(entry))))) {
      const [length = 0] = x.shape;
      const y = new HostArray(new Float32Array(length), [length]);
      const { loss: _, ...metrics } = await trainer.testOnBatch({ x, y });
      const numbers = Object.values(metrics);
      for (const [index, { rows }] of found.entries()) {
        // Of a fixed batch the rows after the last picture are left out.
        for (let row = 0; row < length && rows.length < count; row++) {
          const from = (index * length + row) * units;
          rows.push(numbers.slice(from, from + units));
        }
      }
    }
  } finally {
    trainer.dispose();
  }
  const known = found.find(({ rows }) => !rows.some((row) => row.some(Number.isNaN)));
  return known && { meaning: known.activation === "softmax" ? "logits" : "binaryLogits", rows: known.rows };
}

/** What entered the activation that made the output of a batch, or NaN. */
class ActivationInput extends Metric {
  static override readonly className: string = "ActivationInput";
  override readonly activation: LogitActivation;

  constructor(activation: LogitActivation) {
    super(activation, undefined);
    this.activation = activation;
  }

  override length(output: readonly number[]): number {
    return sizeOf(output);
  }

  override measure(_target: Tensor, output: Tensor, _weight?: Tensor, logits?: Tensor): Tensor {
    return logits ?? fill(output.shape, Number.NaN);
  }

  override count(): number {
    return 1;
  }

  override result(sums: Float64Array): readonly number[] {
    return [...sums];
  }
}

import { Dense, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { expect, test } from "vitest";
import * as training from "../index.ts";
import type { LossChoice } from "../losses/resolve-loss.ts";
import type { MetricName } from "../metrics/resolve-metric.ts";
import { SGD } from "../optimizers/sgd.ts";
import { expectCloseNumbers, stepsTolerance } from "../testing/close.ts";
import { Trainer } from "../trainer/trainer.ts";
import golden from "./far-logits.golden.json" with { type: "json" };

useBackend(allowSavedTensors);

const x = HostArray.from(golden.x);

/** By name, or of the class that is told to expect logits, though there is an activation. */
function lossOf(text: string): LossChoice {
  const [name = text, ofLogits] = text.split(" from ");
  if (ofLogits === undefined) return name as LossChoice;
  const loss: unknown = Reflect.construct(Reflect.get(training, name) as typeof training.Hinge, [{ fromLogits: true }]);
  return loss as LossChoice;
}

test.for(golden.cases)(
  "of outputs that are 0 and 1, $loss and $metrics come from the logits behind $activation, as in Keras",
  async ({ loss, metrics, target, activation, history: expected }) => {
    const last = HostArray.from(golden.last[activation as keyof typeof golden.last]);
    const units = last.shape[1] ?? 1;
    const model = new Sequential([
      new Dense({ units: 4, activation: "tanh", inputShape: [5] }),
      new Dense({ units, activation: activation as "softmax" }),
    ]);
    const zeros = (length: number): HostArray => new HostArray(new Float32Array(length), [length]);
    model.setWeights([HostArray.from(golden.first), zeros(4), last, zeros(units)]);
    const rows = HostArray.from(golden.targets[target as keyof typeof golden.targets]);
    const y = target === "hot" ? rows : new HostArray(Int32Array.from(rows.data), rows.shape);
    const trainer = new Trainer(model, {
      optimizer: new SGD({ learningRate: 0.1 }),
      loss: lossOf(loss),
      metrics: metrics as MetricName[],
    });
    const { history } = await trainer.fit(
      { x, y },
      { epochs: 2, batchSize: 8, shuffle: false, validation: { x, y, batchSize: 8 } },
    );
    expect(new Set(Object.keys(history))).toEqual(new Set(Object.keys(expected)));
    for (const [key, values] of Object.entries(expected)) {
      expectCloseNumbers(history[key] ?? [], values, stepsTolerance);
    }
    trainer.dispose();
    model.dispose();
  },
);

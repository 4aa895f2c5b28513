import { Dense, Sequential, registerGradients } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { mul } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { SGD } from "../optimizers/sgd.ts";
import type { GradientExchange } from "./gradient-exchange.ts";
import { soleProcess } from "./gradient-exchange.ts";
import { Objective } from "./objective.ts";
import { planOutputs } from "./output-plan.ts";
import { trainingStep } from "./step.ts";

useBackend(() => {
  allowSavedTensors();
  registerGradients();
});

/** The kernel after one step of length 1 from 0, with the loss `mean((0 - y)^2)` where x is 1. */
async function stepped(ranks: GradientExchange): Promise<number | undefined> {
  const model = new Sequential([new Dense({ units: 1, useBias: false, inputShape: [1] })]);
  const optimizer = new SGD({ learningRate: 1 });
  model.setWeights([HostArray.from([[0]])]);
  const batch = { inputs: [HostArray.from([[1], [1]])], targets: [HostArray.from([[1], [3]])], size: 2 };
  const objective = new Objective(model, planOutputs(model, { loss: "mse" }), batch);
  const { numbers } = trainingStep(objective, optimizer, batch, ranks);
  const [kernel] = await model.getWeights();
  numbers.dispose();
  optimizer.dispose();
  model.dispose();
  return kernel?.data[0];
}

test("one process steps by its own gradients", async () => {
  expect(await stepped(soleProcess)).toBe(4);
});

test("what stands between gradients and update decides the step, and knows weights and examples", async () => {
  const seen: unknown[] = [];
  const halves: GradientExchange = {
    exchange(own, examples) {
      seen.push(
        own.map(({ name }) => name),
        examples,
      );
      return own.map((pair) => ({ ...pair, gradient: mul(pair.gradient, 0.5) }));
    },
  };
  expect(await stepped(halves)).toBe(2);
  expect(seen).toEqual([["dense/kernel"], 2]);
});

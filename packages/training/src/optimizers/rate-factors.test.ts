import { useBackend } from "@featuremap/testing/backend";
import { tensor1d, variable } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Optimizer } from "./optimizer.ts";
import type { OptimizerName } from "./resolve-optimizer.ts";
import { resolveOptimizer } from "./resolve-optimizer.ts";

useBackend();

/** Where two weights are after three steps of the gradients that each is given. */
async function walk(optimizer: Optimizer): Promise<(readonly number[])[]> {
  const weights = [tensor1d([1, -2]), tensor1d([3, 4])].map((start) => {
    const weight = variable(start);
    start.dispose();
    return weight;
  });
  const gradient = tensor1d([0.5, -0.25]);
  for (let step = 0; step < 3; step++) {
    optimizer.apply(weights.map((each, index) => ({ variable: each, gradient, name: `layer_${index}/kernel` })));
  }
  const values = weights.map((weight) => [...weight.dataSync()]);
  for (const each of [...weights, gradient]) each.dispose();
  optimizer.dispose();
  return values;
}

const names = ["sgd", "rmsprop", "adam", "adamw", "adagrad", "adadelta", "adamax", "nadam", "lion"] as const;

test.for(names)("%s takes steps of a share of the rate, and leaves the others as they are", async (name) => {
  const make = (rate: number): Optimizer => {
    const made = resolveOptimizer(name satisfies OptimizerName);
    made.learningRate = rate;
    return made;
  };
  const [, usual] = await walk(make(0.01));
  const [small] = await walk(make(0.0025));
  const scaled = make(0.01);
  scaled.scaleLearningRates(new Map([["layer_0/kernel", 0.25]]));
  expect(await walk(scaled)).toEqual([small, usual]);
});

test("a factor of 0 leaves a weight as it is", async () => {
  const optimizer = resolveOptimizer("adamw");
  optimizer.scaleLearningRates(new Map([["layer_1/kernel", 0]]));
  const [moved, still] = await walk(optimizer);
  expect(moved).not.toEqual([1, -2]);
  expect(still).toEqual([3, 4]);
});

test.for([[{}], [new Map([["a", -1]])], [new Map([["a", Number.NaN]])], [new Map([[1, 1]])]])(
  "refuses %o",
  ([factors]) => {
    const optimizer = resolveOptimizer("sgd");
    // As plain JavaScript would.
    const given = factors as unknown as Map<string, number>;
    expect(() => optimizer.scaleLearningRates(given)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  },
);

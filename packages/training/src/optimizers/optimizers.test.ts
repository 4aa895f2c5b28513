import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { type Tensor, type Variable, memory, tensor, tidy, variable, setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { expectClose, stepsTolerance } from "../testing/close.ts";
import { Adam } from "./adam.ts";
import golden from "./optimizers.golden.json" with { type: "json" };
import { RMSprop } from "./rms-prop.ts";
import { SGD } from "./sgd.ts";

const optimizers = { Adam, RMSprop, SGD };
const initial = golden.weights as number[][];
beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});
expectNoTensorLeaks();

function weightOf(values: number[]): Variable {
  return tidy(() => variable(tensor(values)));
}

describe.for(golden.cases)("$optimizer with $options", (kind) => {
  test("moves weights as Keras does, over 10 steps", () => {
    const optimizer = new optimizers[kind.optimizer as keyof typeof optimizers](kind.options);
    const variables = initial.map((values) => weightOf(values));
    for (const [index, step] of golden.gradients.entries()) {
      const gradients = step.map((values) => tensor(values as number[]));
      optimizer.apply(variables.map((each, position) => ({ variable: each, gradient: gradients[position] as Tensor })));
      for (const gradient of gradients) gradient.dispose();
      if (index > 0) continue;
      for (const [position, values] of kind.afterFirst.entries()) {
        expectClose(variables[position], values, 1e-5);
      }
    }
    expect(optimizer.iterations).toBe(10);
    for (const [position, values] of kind.afterLast.entries()) {
      expectClose(variables[position], values, stepsTolerance);
    }
    for (const each of variables) each.dispose();
    optimizer.dispose();
  });
});

test("a weight keeps its slots while others are left out", () => {
  const [together, alone] = [new SGD({ momentum: 0.9 }), new SGD({ momentum: 0.9 })];
  const [a, b, c] = [weightOf([1]), weightOf([1]), weightOf([1])];
  const gradient = tensor([1]);
  together.apply([
    { variable: a, gradient },
    { variable: b, gradient },
  ]);
  together.apply([{ variable: b, gradient }]);
  for (let step = 0; step < 2; step++) alone.apply([{ variable: c, gradient }]);
  expect(b.dataSync()).toEqual(c.dataSync());
  for (const owned of [a, b, c, gradient, together, alone]) owned.dispose();
});

test("a step leaves nothing behind but the slots", () => {
  const optimizer = new Adam();
  const weight = weightOf([1, 2]);
  const gradient = tensor([0.5, -0.5]);
  const before = memory().numTensors;
  for (let step = 0; step < 3; step++) optimizer.apply([{ variable: weight, gradient }]);
  expect(memory().numTensors).toBe(before + 2);
  optimizer.dispose();
  expect(memory().numTensors).toBe(before);
  weight.dispose();
  gradient.dispose();
});

test("the learning rate can be changed between steps", () => {
  const optimizer = new SGD({ learningRate: 1 });
  const weight = weightOf([1]);
  const gradient = tensor([1]);
  optimizer.apply([{ variable: weight, gradient }]);
  optimizer.learningRate = 0.5;
  optimizer.apply([{ variable: weight, gradient }]);
  expect(weight.dataSync()[0]).toBe(-0.5);
  weight.dispose();
  gradient.dispose();
});

test.for([
  ["learningRate", () => new SGD({ learningRate: -1 })],
  ["learningRate", () => new Adam({ learningRate: Number.NaN })],
  ["momentum", () => new SGD({ momentum: 1 })],
  ["rho", () => new RMSprop({ rho: -0.1 })],
  ["epsilon", () => new RMSprop({ epsilon: -1 })],
  ["beta1", () => new Adam({ beta1: 1.5 })],
  ["beta2", () => new Adam({ beta2: Number.NaN })],
] as const)("rejects a wrong %s", ([option, make]) => {
  expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});

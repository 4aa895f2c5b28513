import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { type Tensor, type Variable, backend, memory, mul, tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { expectClose, operationTolerance, stepsTolerance } from "../testing/close.ts";
import { Adam } from "./adam.ts";
import { AdamW } from "./adam-w.ts";
import golden from "./optimizers.golden.json" with { type: "json" };
import type { InPlaceDevice } from "@featuremap/operations";
import { Optimizer, type UpdateStep } from "./optimizer.ts";
import { RMSprop } from "./rms-prop.ts";
import { SGD } from "./sgd.ts";

const optimizers = { Adam, AdamW, RMSprop, SGD };
type InPlaceStep = Parameters<InPlaceDevice["updateInPlace"]>[0];

const initial = golden.weights as number[][];
useBackend(allowSavedTensors);

function weightOf(values: number[]): Variable {
  return tidy(() => variable(tensor(values)));
}

type Kind = (typeof golden.cases)[number];

/** Takes the golden file's steps, and expects Keras's weights after the first and the last. */
function expectKerasSteps(kind: Kind): void {
  const optimizer = new optimizers[kind.optimizer as keyof typeof optimizers](kind.options);
  const variables = initial.map((values) => weightOf(values));
  for (const [index, step] of golden.gradients.entries()) {
    const gradients = step.map((values) => tensor(values as number[]));
    optimizer.apply(variables.map((each, position) => ({ variable: each, gradient: gradients[position] as Tensor })));
    for (const gradient of gradients) gradient.dispose();
    if (index > 0) continue;
    for (const [position, values] of kind.afterFirst.entries()) {
      expectClose(variables[position], values, operationTolerance, initial[position]);
    }
  }
  expect(optimizer.iterations).toBe(10);
  for (const [position, values] of kind.afterLast.entries()) {
    expectClose(variables[position], values, stepsTolerance, initial[position]);
  }
  for (const each of variables) each.dispose();
  optimizer.dispose();
}

/** A device's step in place, after the formulas that {@link InPlaceDevice} states. */
function stepInPlace(update: InPlaceStep): boolean {
  const { rule, rate, decay, share, secondShare, momentum, epsilon, weightDecay } = update;
  for (const { weight, gradient, slots } of update.weights) {
    const [w, g, ...kept] = [weight, gradient, ...slots].map((each) => each.dataSync());
    for (const [at, slope] of (g ?? []).entries()) {
      const [a = 0, b = 0, c = 0] = kept.map((slot) => slot[at] ?? 0);
      const value = (w?.[at] ?? 0) * (1 - weightDecay);
      const movement = decay * a - rate * slope;
      const square = decay * a + share * slope ** 2;
      const scaled = (rate * slope) / Math.sqrt(square + epsilon);
      const average = (past: number): number => decay * past + share * slope;
      const centered = (past: number): number => (rate * slope) / Math.sqrt(square - average(past) ** 2 + epsilon);
      const [mean, meanSquare] = [a + share * (slope - a), b + secondShare * (slope ** 2 - b)];
      const largest = Math.max(c, meanSquare);
      const [next, ...after] = {
        sgd: [value - rate * slope],
        momentum: [value + movement, movement],
        nesterov: [value + decay * movement - rate * slope, movement],
        rmsprop: [value - scaled, square],
        rmspropWithMomentum: [value - momentum * b - scaled, square, momentum * b + scaled],
        centeredRmsprop: [value - centered(b), square, average(b)],
        centeredRmspropWithMomentum: [
          value - momentum * b - centered(c),
          square,
          momentum * b + centered(c),
          average(c),
        ],
        adam: [value - (rate * mean) / (Math.sqrt(meanSquare) + epsilon), mean, meanSquare],
        amsgrad: [value - (rate * mean) / (Math.sqrt(largest) + epsilon), mean, meanSquare, largest],
      }[rule] as [number, ...number[]];
      w?.set([next], at);
      for (const [index, slot] of kept.entries()) slot.set([after[index] ?? Number.NaN], at);
    }
  }
  return true;
}

describe.for(golden.cases)("$optimizer with $options", (kind) => {
  afterEach(() => {
    delete (backend() as { updateInPlace?: unknown }).updateInPlace;
  });

  test("gives a device that steps in place the rule that Keras follows", () => {
    const updateInPlace = vi.fn<typeof stepInPlace>(stepInPlace);
    Object.assign(backend(), { updateInPlace });
    expectKerasSteps(kind);
    expect(updateInPlace).toHaveBeenCalledTimes(10);
  });

  test("takes the step itself where the device declines", () => {
    Object.assign(backend(), { updateInPlace: () => false });
    expectKerasSteps(kind);
  });
});

test("an optimizer of one's own needs nothing but its update", () => {
  class Halving extends Optimizer<never> {
    protected override readonly slotNames: readonly never[] = [];
    protected override update({ weights }: UpdateStep<never>): void {
      for (const each of weights) each.variable.assign(mul(each.variable, 0.5));
    }
  }
  const weight = weightOf([4]);
  const gradient = tensor([1]);
  new Halving({ learningRate: 1 }).apply([{ variable: weight, gradient }]);
  expect(weight.dataSync()[0]).toBe(2);
  weight.dispose();
  gradient.dispose();
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
  ["momentum", () => new RMSprop({ momentum: 1 })],
  ["weightDecay", () => new AdamW({ weightDecay: -0.1 })],
  ["rho", () => new RMSprop({ rho: -0.1 })],
  ["epsilon", () => new RMSprop({ epsilon: -1 })],
  ["beta1", () => new Adam({ beta1: 1.5 })],
  ["beta2", () => new Adam({ beta2: Number.NaN })],
] as const)("rejects a wrong %s", ([option, make]) => {
  expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});

import { small } from "@featuremap/applications";
import { expect, test } from "vitest";
import { trainOptions } from "../options/train.ts";
import { makeOptimizer } from "./optimizer.ts";
import { type LearningOptions, decideLearning } from "./settings.ts";

const make = (options: LearningOptions, steps = 100): ReturnType<typeof makeOptimizer> =>
  makeOptimizer(decideLearning(options, small.defaults, small), steps);

test.for(trainOptions.optimizer.choices)("%s is made with what was said", (optimizer) => {
  const made = make({ optimizer, schedule: "constant", learningRate: 0.125, weightDecay: 0.25, ema: 0.5 });
  expect(made.constructor.name.toLowerCase()).toBe(optimizer);
  expect(made.learningRate).toBe(0.125);
  expect(made.weightDecay).toBe(0.25);
});

test("a schedule goes over all steps of the training", () => {
  const oneCycle = make({ learningRate: 1, epochs: 10 }).schedule;
  const rates = Array.from({ length: 1000 }, (_, step) => oneCycle?.at(step) ?? Number.NaN);
  expect(Math.max(...rates)).toBeCloseTo(1, 3);
  expect(rates.indexOf(Math.max(...rates))).toBeCloseTo(249, -1);
  expect(rates[999]).toBeLessThan(1e-4);
  const cosine = make({ learningRate: 1, epochs: 10, schedule: "cosine" }).schedule;
  expect(cosine?.at(0)).toBeLessThan(0.01);
  expect(cosine?.at(1000)).toBeCloseTo(0, 6);
  expect(make({ schedule: "plateau" }).schedule).toBeUndefined();
});

test.for([1, 2, 3, 4, 5, 20])("a training of %i steps has a rate for each", (steps) => {
  const made = make({ epochs: 1, learningRate: 0.5 }, steps);
  const rates = Array.from({ length: steps }, (_, step) => made.schedule?.at(step) ?? made.learningRate);
  expect(rates.every((rate) => rate > 0 && rate <= 0.5)).toBe(true);
});

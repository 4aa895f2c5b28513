import { small } from "@featuremap/applications";
import { expect, test } from "vitest";
import { trainOptions } from "../options/commands/train.ts";
import { makeOptimizer } from "./optimizer.ts";
import { type LearningOptions, decideLearning } from "./settings.ts";

const make = (options: LearningOptions, steps = 100): ReturnType<typeof makeOptimizer> =>
  makeOptimizer(decideLearning("train", options, small.defaults, small), steps);

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
  expect(cosine?.at(0)).toBe(1);
  expect(cosine?.at(1000)).toBeCloseTo(0, 6);
  expect(make({ schedule: "plateau" }).schedule).toBeUndefined();
});

test.for(["constant", "cosine", "one-cycle"] as const)("a warm-up leads into the schedule %s", (schedule) => {
  const made = make({ learningRate: 1, epochs: 10, schedule, warmupEpochs: 2 });
  const rates = Array.from({ length: 1000 }, (_, step) => made.schedule?.at(step) ?? Number.NaN);
  const rise = rates.slice(0, 199);
  expect(rise[0]).toBeGreaterThan(0);
  expect(rise).toEqual(rise.toSorted((a, b) => a - b));
  expect(rates[200]).toBeCloseTo(1, 3);
  expect(rates.slice(200)).toEqual(rates.slice(200).toSorted((a, b) => b - a));
});

test("a plateau has no warm-up", () => {
  expect(() => make({ schedule: "plateau", warmupEpochs: 1 })).toThrow(
    "--warmup-epochs must be 0 with --schedule plateau",
  );
});

test.for([1, 2, 3, 4, 5, 20])("a training of %i steps has a rate for each", (steps) => {
  const made = make({ epochs: 1, learningRate: 0.5 }, steps);
  const rates = Array.from({ length: steps }, (_, step) => made.schedule?.at(step) ?? made.learningRate);
  expect(rates.every((rate) => rate > 0 && rate <= 0.5)).toBe(true);
});

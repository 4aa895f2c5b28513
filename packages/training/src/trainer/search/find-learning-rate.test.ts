import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { expect, test } from "vitest";
import { findLearningRate } from "./find-learning-rate.ts";
import { SGD } from "../../optimizers/sgd.ts";
import { ExponentialDecay } from "../../schedules/exponential-decay.ts";
import { sectorModel, sectors } from "../../testing/tiny-problem.ts";
import { Trainer } from "../trainer.ts";

useBackend(allowSavedTensors);

const loss = "sparseCategoricalCrossentropy";

test("a sweep finds a rate that trains well, and leaves model and optimizer as they were", async () => {
  const model = sectorModel();
  const trainer = new Trainer(model, { optimizer: new SGD({ momentum: 0.9 }), loss, metrics: ["accuracy"] });
  const data = sectors(256, { seed: 1 });
  await trainer.fit(data, { epochs: 1 });
  const [weights, iterations] = [await model.getWeights(), trainer.optimizer.iterations];
  const curve = await findLearningRate(trainer, data, { minLearningRate: 1e-5, maxLearningRate: 100 });

  expect(await model.getWeights()).toEqual(weights);
  expect(trainer.optimizer.learningRate).toBe(0.01);
  expect(trainer.optimizer.iterations).toBe(iterations);
  expect(curve.learningRates[0]).toBe(1e-5);
  expect(curve.losses).toHaveLength(curve.learningRates.length);
  expect(curve.smoothedLosses).toHaveLength(curve.losses.length);

  const { suggestion = 0, suggestions } = curve;
  expect(suggestions.steep).toBe(suggestion);
  expect(suggestions.valley).toBeGreaterThan(1e-5);
  expect(suggestions.minimum).toBeGreaterThan(1e-4);
  expect(suggestion).toBeGreaterThan(1e-4);
  expect(suggestion).toBeLessThan(10);
  trainer.optimizer.learningRate = suggestion;
  await trainer.fit(data, { epochs: 20 });
  expect((await trainer.evaluate(data))["accuracy"]).toBeGreaterThan(0.9);
  trainer.dispose();
  model.dispose();
});

test("a sweep ends after its steps, or where the loss leaves all bounds", async () => {
  const model = sectorModel();
  const trainer = new Trainer(model, { optimizer: new SGD({ learningRate: 0.1 }), loss });
  const heard: number[] = [];
  const few = await findLearningRate(trainer, sectors(32), {
    steps: 7,
    maxLearningRate: 1e-5,
    onStep: ({ step, steps, learningRate }) => heard.push(step, steps, learningRate),
  });
  expect(heard.filter((_, index) => index % 3 === 2)).toEqual(few.learningRates);
  expect(heard.slice(-3, -1)).toEqual([7, 7]);
  expect(few.learningRates).toHaveLength(7);
  expect(few.learningRates.at(-1)).toBeCloseTo(1e-5, 12);
  const wild = await findLearningRate(trainer, sectors(32), { steps: 60, minLearningRate: 1, maxLearningRate: 1e9 });
  expect(wild.learningRates.length).toBeLessThan(60);
  trainer.dispose();
  model.dispose();
});

test("wrong options and optimizers with a schedule are refused", async () => {
  const model = sectorModel();
  const learningRate = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.5 });
  const trainer = new Trainer(model, { optimizer: new SGD({ learningRate }), loss });
  await expect(findLearningRate(trainer, sectors(8))).rejects.toMatchObject({
    option: "learningRate of the optimizer",
  });
  await expect(findLearningRate(trainer, sectors(8), { maxLearningRate: 0 })).rejects.toMatchObject({
    option: "maxLearningRate",
  });
  model.dispose();
});

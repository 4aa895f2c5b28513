import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { findLearningRate } from "./find-learning-rate.ts";
import { plotLearningRates } from "./learning-rate-plot.ts";
import { SGD } from "./optimizers/sgd.ts";
import { ExponentialDecay } from "./schedules/exponential-decay.ts";
import { sectorModel, sectors } from "./testing/tiny-problem.ts";
import { Trainer } from "./trainer.ts";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});
expectNoTensorLeaks();

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

  const { suggestion = 0 } = curve;
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
  const few = await findLearningRate(trainer, sectors(32), { steps: 7, maxLearningRate: 1e-5 });
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

describe("the plot of a sweep", () => {
  const curve = {
    learningRates: [1e-4, 1e-3, 1e-2, 1e-1],
    losses: [1, 0.8, 0.5, 9],
    smoothedLosses: [1, 0.9, 0.7, 3],
    suggestion: 1e-2,
  };

  test("draws the smoothed losses from left to right, and marks the suggested rate", () => {
    const svg = plotLearningRates(curve);
    const points = /<polyline points="([^"]+)"/
      .exec(svg)?.[1]
      ?.split(" ")
      .map((point) => point.split(",").map(Number));
    const [xs, ys] = [0, 1].map((axis) => points?.map((point) => point[axis] ?? Number.NaN) ?? []);
    expect(xs).toEqual([64, 249.3, 434.7, 620]);
    expect(ys?.[0]).toBeLessThan(ys?.[2] ?? 0);
    expect(Math.min(...(ys ?? []))).toBeGreaterThanOrEqual(20);
    expect(svg.match(/<circle/g)).toHaveLength(4);
    expect(svg).toContain('M434.7 20V312" stroke="#d1495b"');
    for (const power of [-4, -3, -2, -1]) expect(svg).toContain(`>1e${power}<`);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("of a sweep that found nothing has no mark, and no number that is none", () => {
    const none = { learningRates: [1e-3], losses: [2], smoothedLosses: [2], suggestion: undefined };
    const svg = plotLearningRates(none);
    expect(svg).not.toContain("#d1495b");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(plotLearningRates({ ...none, learningRates: [], losses: [], smoothedLosses: [] })).not.toMatch(
      /NaN|Infinity/,
    );
  });
});

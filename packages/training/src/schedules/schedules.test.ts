import { describe, expect, test } from "vitest";
import { expectCloseNumbers, operationTolerance } from "../testing/close.ts";
import { CosineDecay } from "./cosine-decay.ts";
import { CosineDecayRestarts } from "./cosine-decay-restarts.ts";
import { ExponentialDecay } from "./exponential-decay.ts";
import { InverseTimeDecay } from "./inverse-time-decay.ts";
import type { LearningRateSchedule } from "./learning-rate-schedule.ts";
import { OneCycle } from "./one-cycle.ts";
import { PiecewiseConstantDecay } from "./piecewise-constant-decay.ts";
import { PolynomialDecay } from "./polynomial-decay.ts";
import { Warmup } from "./warmup.ts";

/** Expects rates to be close as shares of themselves: they may be as small as 1e-6. */
function expectRates(schedule: LearningRateSchedule, steps: readonly number[], expected: readonly number[]): void {
  const scale = (rate: number, index: number): number => rate / Math.max(Math.abs(expected[index] ?? 0), 1e-7);
  expectCloseNumbers(
    steps.map((step, index) => scale(schedule.at(step), index)),
    expected.map(scale),
    operationTolerance,
  );
}

describe("OneCycle", () => {
  // Rates of PyTorch 2's OneCycleLR, step by step.
  test.for([
    [
      { maxLearningRate: 0.1, totalSteps: 20 },
      [
        0.004, 0.0131671843, 0.0371671843, 0.0668328157, 0.0908328157, 0.1, 0.0987464006, 0.0950484632, 0.0890916178,
        0.0811745654, 0.0716943002, 0.0611262022, 0.0500002, 0.0388741978, 0.0283060998, 0.0188258346, 0.0109087822,
        0.0049519368, 0.00125399938, 4e-7,
      ],
    ],
    [
      {
        maxLearningRate: 0.5,
        totalSteps: 25,
        pctStart: 0.4,
        divFactor: 10,
        finalDivFactor: 100,
        annealStrategy: "linear",
      },
      [
        0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.4667, 0.4334, 0.4001, 0.3668, 0.3335, 0.3002, 0.2669,
        0.2336, 0.2003, 0.167, 0.1337, 0.1004, 0.0671, 0.0338, 0.0005,
      ],
    ],
  ] as const)("has PyTorch's rates with %o", ([config, rates]) => {
    const schedule = new OneCycle(config);
    expectRates(schedule, [...rates.keys()], rates);
    expect(schedule.at(rates.length + 100)).toBe(schedule.at(rates.length - 1));
  });
});

describe("Warmup", () => {
  const steps = [0, 1, 2, 3, 4, 5, 9, 13, 14, 20];

  test.for([0, 0.002])("from %d has the rates of CosineDecay, where that is what follows", (initialLearningRate) => {
    const decay = { decaySteps: 10, alpha: 0.1 };
    const keras = new CosineDecay({ ...decay, initialLearningRate, warmupTarget: 0.1, warmupSteps: 4 });
    const learningRate = new CosineDecay({ ...decay, initialLearningRate: 0.1 });
    const schedule = new Warmup({ learningRate, warmupSteps: 4, initialLearningRate });
    expect(steps.map((step) => schedule.at(step))).toEqual(steps.map((step) => keras.at(step)));
  });

  test("leads to a constant rate, or at once where it has no steps", () => {
    const schedule = new Warmup({ learningRate: 0.5, warmupSteps: 4 });
    expect(steps.map((step) => schedule.at(step))).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(new Warmup({ learningRate: 0.5, warmupSteps: 0 }).at(0)).toBe(0.5);
  });
});

test.for([
  ["learningRate", () => new Warmup({ learningRate: -1, warmupSteps: 1 })],
  ["learningRate", () => Reflect.construct(Warmup, [{ learningRate: "cosine", warmupSteps: 1 }])],
  ["warmupSteps", () => new Warmup({ learningRate: 1, warmupSteps: Number.NaN })],
  ["initialLearningRate", () => new Warmup({ learningRate: 1, warmupSteps: 1, initialLearningRate: -1 })],
  ["decaySteps", () => new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 0, decayRate: 0.5 })],
  ["initialLearningRate", () => new InverseTimeDecay({ initialLearningRate: -1, decaySteps: 1, decayRate: 0.5 })],
  ["boundaries", () => new PiecewiseConstantDecay({ boundaries: [3, 3], values: [1, 2, 3] })],
  ["values", () => new PiecewiseConstantDecay({ boundaries: [3], values: [1] })],
  ["decaySteps", () => new PolynomialDecay({ initialLearningRate: 0.1, decaySteps: Number.NaN })],
  ["alpha", () => new CosineDecay({ initialLearningRate: 0.1, decaySteps: 1, alpha: -1 })],
  ["tMul", () => new CosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 1, tMul: 0.5 })],
  ["pctStart", () => new OneCycle({ maxLearningRate: 1, totalSteps: 10, pctStart: 1 })],
  ["totalSteps", () => new OneCycle({ maxLearningRate: 1, totalSteps: 3 })],
  ["annealStrategy", () => Reflect.construct(OneCycle, [{ maxLearningRate: 1, totalSteps: 9, annealStrategy: "up" }])],
  ["options", () => Reflect.construct(CosineDecay, [{ initialLearningRate: 0.1, decay_steps: 3 }])],
] as const)("rejects a wrong %s", ([option, make]) => {
  expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});

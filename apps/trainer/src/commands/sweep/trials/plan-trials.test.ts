import { describe, expect, test } from "vitest";
import { sweepable } from "../../../options/commands/sweep.ts";
import { type TrialSpace, planTrials } from "./plan-trials.ts";
import { planRungs } from "./plan-rungs.ts";

const plan = (space: Partial<TrialSpace>) =>
  planTrials({ grid: {}, random: {}, trials: 10, seed: 1, of: sweepable, ...space });

describe("the trials of a sweep", () => {
  test("are every value of a grid with every other, the last option first", () => {
    expect(plan({ grid: { learningRate: [0.1, "auto"], model: ["small", "resnet"] } })).toEqual([
      { trial: 1, values: { learningRate: 0.1, model: "small" } },
      { trial: 2, values: { learningRate: 0.1, model: "resnet" } },
      { trial: 3, values: { learningRate: "auto", model: "small" } },
      { trial: 4, values: { learningRate: "auto", model: "resnet" } },
    ]);
  });

  test("are drawn within their ranges, whole where the option is, and even over a logarithm", () => {
    const random = {
      learningRate: { min: 1e-4, max: 1, scale: "log" },
      mixup: { min: 0, max: 1, scale: "linear" },
      epochs: { min: 2, max: 4, scale: "linear" },
      augment: ["none", "light"],
    } as const;
    const drawn = plan({ random, trials: 2000 }).map(({ values }) => values);
    expect(drawn).toHaveLength(2000);
    const numbers = (name: string): number[] => drawn.map((values) => Number(values[name]));
    for (const [name, { min, max }] of Object.entries({ learningRate: random.learningRate, mixup: random.mixup })) {
      expect(Math.min(...numbers(name))).toBeGreaterThanOrEqual(min);
      expect(Math.max(...numbers(name))).toBeLessThanOrEqual(max);
    }
    const low = numbers("learningRate").filter((rate) => rate < 1e-2).length;
    expect(low / 2000).toBeCloseTo(0.5, 1);
    expect(numbers("mixup").filter((share) => share < 0.5).length / 2000).toBeCloseTo(0.5, 1);
    expect(numbers("learningRate").every((rate) => Number(rate.toPrecision(4)) === rate)).toBe(true);
    for (const epochs of [2, 3, 4]) {
      expect(numbers("epochs").filter((each) => each === epochs).length / 2000).toBeCloseTo(1 / 3, 1);
    }
    expect(new Set(drawn.map(({ augment }) => augment))).toEqual(new Set(["none", "light"]));
  });

  test("are the same with the same seed, and the first ones with more draws too", () => {
    const random = { learningRate: { min: 1e-4, max: 1, scale: "log" } } as const;
    const some = plan({ random, trials: 5 });
    expect(plan({ random, trials: 5 })).toEqual(some);
    expect(plan({ random, trials: 8 }).slice(0, 5)).toEqual(some);
    expect(plan({ random, trials: 5, seed: 2 })).not.toEqual(some);
    const both = { random, grid: { model: ["small", "resnet"] } };
    expect(plan({ ...both, trials: 3 }).slice(0, 4)).toEqual(plan({ ...both, trials: 2 }));
  });

  test("are never alike: of lists there are no more than combinations", () => {
    const trials = plan({ random: { model: ["small", "resnet"], augment: ["none", "light"] }, trials: 50 });
    expect(trials).toHaveLength(4);
    expect(new Set(trials.map(({ values }) => JSON.stringify(values))).size).toBe(4);
    expect(trials.map(({ trial }) => trial)).toEqual([1, 2, 3, 4]);
  });

  test.for<[Partial<TrialSpace>, string]>([
    [{}, "--grid or --random"],
    [{ grid: { model: ["small"] }, random: { model: ["n1"] } }, "--random"],
    [{ grid: { epochs: numbersTo(200), batchSize: numbersTo(200) } }, "--grid"],
    [
      { grid: { epochs: numbersTo(200) }, random: { mixup: { min: 0, max: 1, scale: "linear" } }, trials: 100 },
      "--grid and --trials",
    ],
  ])("%j is refused", ([space, option]) => {
    expect(() => plan(space)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe("the rounds of halving", () => {
  test.for([
    [{ trials: 9, epochs: 9, eta: 3, minEpochs: 1 }, ["9 to 1", "3 to 3", "1 to 9"]],
    [{ trials: 10, epochs: 10, eta: 3, minEpochs: 1 }, ["10 to 1", "3 to 3", "1 to 10"]],
    [{ trials: 16, epochs: 8, eta: 2, minEpochs: 2 }, ["16 to 2", "8 to 4", "4 to 8"]],
    [{ trials: 4, epochs: 100, eta: 2, minEpochs: 1 }, ["4 to 25", "2 to 50", "1 to 100"]],
    [{ trials: 2, epochs: 9, eta: 3, minEpochs: 1 }, ["2 to 9"]],
    [{ trials: 100, epochs: 1, eta: 3, minEpochs: 1 }, ["100 to 1"]],
    [{ trials: 27, epochs: 3, eta: 3, minEpochs: 5 }, ["27 to 3"]],
  ] as const)("of %j", ([given, rounds]) => {
    expect(planRungs(given).map(({ trials, epochs }) => `${trials} to ${epochs}`)).toEqual(rounds);
  });
});

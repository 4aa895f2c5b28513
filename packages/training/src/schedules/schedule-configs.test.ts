import { describe, expect, test } from "vitest";
import * as training from "../index.ts";
import { expectConfig, expectRefusal, typeOf } from "../testing/expect-config.ts";
import golden from "./schedule-configs.golden.json" with { type: "json" };

const { CosineDecay, OneCycle, PiecewiseConstantDecay, PolynomialDecay, Warmup } = training;

describe("configs of schedules", () => {
  test.for(golden.cases)("$name with $options has Keras's config, and comes back from it", (kind) => {
    expectConfig(typeOf(training, kind.name), kind.options, kind.config);
  });

  test("those that Keras does not have come back too", () => {
    const cycle = new OneCycle({ maxLearningRate: 0.1, totalSteps: 20, annealStrategy: "linear" });
    const after = new Warmup({ learningRate: cycle, warmupSteps: 4 });
    expect(Warmup.fromConfig(JSON.parse(JSON.stringify(after.getConfig())) as object)).toEqual(after);
    const twice = new Warmup({ learningRate: after, warmupSteps: 4, name: "mine" });
    expect(Warmup.fromConfig(twice.getConfig())).toEqual(twice);
  });

  test("lists are the schedule's own", () => {
    const boundaries = [3];
    const schedule = new PiecewiseConstantDecay({ boundaries, values: [1, 2] });
    boundaries[0] = 9;
    expect(schedule.at(5)).toBe(2);
    expect(schedule.getConfig()["boundaries"]).toEqual([3]);
  });
});

test.for([
  [PolynomialDecay, { initial_learning_rate: 1 }, "decaySteps", "received undefined"],
  [PolynomialDecay, { initial_learning_rate: 1, decay_steps: 1, cycle: "no" }, "cycle", "true or false"],
  [PolynomialDecay, { initial_learning_rate: 1, decay_steps: 1, powre: 2 }, "options", "did you mean power"],
  [PiecewiseConstantDecay, { boundaries: 3, values: [1, 2] }, "boundaries", "a list of numbers, received 3"],
  [PiecewiseConstantDecay, { boundaries: [3], values: [1, -2] }, "values", "of at least 0, received \\[1, -2\\]"],
  [OneCycle, { max_learning_rate: 1, total_steps: 9, anneal_strategy: "up" }, "anneal_strategy", "cos or linear"],
  [CosineDecay, { initial_learning_rate: [], decay_steps: 1 }, "initial_learning_rate", "a finite number"],
] as const)("%o refuses the config %j", ([type, config, option, message]) => {
  expectRefusal(type, config, option, new RegExp(message));
});

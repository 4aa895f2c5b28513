import * as layers from "@featuremap/layers";
import * as training from "@featuremap/training";
import { describe, expect, test } from "vitest";
import { parityCases } from "./fixtures.ts";

/** Exported classes that no fixture has a case for, and why. */
const exempt: Readonly<Record<string, string>> = {
  FunctionLoss: "a user's own formula",
  InputLayer: "computes nothing; every graph begins with it",
  MeanLoss: "Keras has a class for each loss instead, such as KLDivergence, and cases stand under those names",
  Model: "the graphs are models",
  OneCycle: "PyTorch's; schedules.test.ts holds it to PyTorch's rates",
  Sequential: "among the graphs and networks",
};

const names = new Set(
  parityCases.flatMap(({ golden }) => [
    ...("layer" in golden ? [golden.layer.class_name] : []),
    ...("part" in golden ? [golden.part.class_name] : []),
    ...("loss" in golden && typeof golden.loss === "string" ? [golden.loss] : []),
    ...("metric" in golden ? [golden.metric] : []),
    ...("optimizer" in golden ? [golden.optimizer] : []),
    ...("schedule" in golden && golden.schedule !== undefined ? [golden.schedule.name] : []),
  ]),
);

describe("everything that is exported has cases", () => {
  test.each([
    ["layer", layers, layers.Layer],
    ["regularizer", layers, layers.Regularizer],
    ["constraint", layers, layers.Constraint],
    ["loss", training, training.Loss],
    ["metric", training, training.Metric],
    ["optimizer", training, training.Optimizer],
    ["schedule", training, training.LearningRateSchedule],
  ])("every %s", (_kind, exported, base) => {
    const classes = Object.entries(exported)
      .filter(([, value]) => typeof value === "function" && value.prototype instanceof base)
      .map(([name]) => name);
    expect(classes.length).toBeGreaterThan(3);
    expect(classes.filter((name) => !names.has(name) && !(name in exempt))).toEqual([]);
  });

  test("and each name is one case's alone", () => {
    const all = parityCases.map(({ fixture, name }) => `${fixture}: ${name}`);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });
});

import * as layers from "@featuremap/layers";
import * as training from "@featuremap/training";
import { describe, expect, test } from "vitest";
import { activationNames } from "@featuremap/layers/~internal/parts/activations";
import * as secondNames from "@featuremap/layers/~internal/saving/second-names";
import { deserializeLayer } from "@featuremap/layers/~internal/saving/serialization";
import { parityCases } from "./fixtures.ts";

/** Exported classes that no fixture has a case for, and why. */
const exempt: Readonly<Record<string, string>> = {
  FunctionLoss: "a user's own formula",
  InputLayer: "computes nothing; every graph begins with it",
  MeanLoss: "Keras has a class for each loss instead, such as KLDivergence, and cases stand under those names",
  Model: "the graphs are models",
  OneCycle: "PyTorch's; schedules.test.ts holds it to PyTorch's rates",
  Pipeline: "layers one after another; pipeline.test.ts holds it to Keras",
  Sequential: "among the graphs and networks",
  Warmup: "ours; schedules.test.ts holds it to the warm-up of Keras's CosineDecay",
};

/** Activations that no fixture has a case for, and why. */
const exemptActivations: Readonly<Record<string, string>> = {
  sparsemax: "Keras 3.15 adds up cumulative sums there, so that its outputs do not add up to 1; activating.test.ts",
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
      .filter(
        ([name, value]) => typeof value === "function" && value.prototype instanceof base && !(name in secondNames),
      )
      .map(([name]) => name);
    expect(classes.length).toBeGreaterThan(3);
    expect(classes.filter((name) => !names.has(name) && !(name in exempt))).toEqual([]);
  });

  test("every activation, by each of its names", () => {
    const compared = new Set(
      parityCases.flatMap(({ golden }) => ("layer" in golden ? [golden.layer.config["activation"]] : [])),
    );
    expect(activationNames.length).toBeGreaterThan(30);
    const settled = (activation: string): unknown =>
      deserializeLayer({ class_name: "Activation", config: { activation } }, "coverage").getConfig()["activation"];
    const missing = activationNames.filter((name) => !compared.has(settled(name)));
    expect(missing).toEqual(Object.keys(exemptActivations));
  });

  test("and each name is one case's alone", () => {
    const all = parityCases.map(({ fixture, name }) => `${fixture}: ${name}`);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });
});

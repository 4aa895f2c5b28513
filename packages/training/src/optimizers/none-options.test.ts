import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { CategoricalCrossentropy } from "../losses/crossentropy/categorical-crossentropy.ts";
import { SparseCategoricalCrossentropy } from "../losses/crossentropy/sparse-categorical-crossentropy.ts";
import { AdamW } from "./adam-w.ts";
import { Adam } from "./adam.ts";
import { SGD } from "./sgd.ts";

useBackend(allowSavedTensors);

/** What Keras's optimizers take None for. */
const none = {
  weightDecay: null,
  clipnorm: null,
  clipvalue: null,
  globalClipnorm: null,
  emaOverwriteFrequency: null,
  gradientAccumulationSteps: null,
};

test.for([SGD, Adam])("null is an option of $name that was not given", (Optimizer) => {
  const steps = [new Optimizer(), new Optimizer({ ...none, useEma: false }), new Optimizer({ ...none, clipnorm: 1 })];
  const [plain, given, clipped] = steps.map((optimizer) => {
    const weights = tidy(() => variable(tensor([1, 2])));
    const gradient = tensor([3, 4]);
    for (let step = 0; step < 3; step++) optimizer.apply([{ variable: weights, gradient, name: "weights" }]);
    const values = [...weights.dataSync()];
    for (const owned of [weights, gradient, optimizer]) owned.dispose();
    return values;
  });
  expect(given).toEqual(plain);
  expect(clipped?.[0]).toBeGreaterThanOrEqual(plain?.[0] ?? 0);
});

test("AdamW decays weights, so null is refused, as None is by Keras", () => {
  expect(() => new AdamW({ weightDecay: null as unknown as number })).toThrow(
    "AdamW: weightDecay must be a number of at least 0, received null.",
  );
});

test("null stands for ignoring no class, and for not reducing", () => {
  expect(new SparseCategoricalCrossentropy({ ignoreClass: null }).ignoreClass).toBeUndefined();
  expect(new CategoricalCrossentropy({ reduction: null }).reduction).toBe("none");
});

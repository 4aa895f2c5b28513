import { BatchNormalization, Conv2D, Dense, Flatten, Sequential } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { expect, test } from "vitest";
import { planUnfreezing } from "./unfreeze.ts";

useBackend();

const network = (): Sequential =>
  new Sequential([
    new Conv2D({ filters: 2, kernelSize: 3, name: "one", inputShape: [6, 6, 1] }),
    new BatchNormalization({ name: "norm" }),
    new Conv2D({ filters: 2, kernelSize: 3, useBias: false, name: "two" }),
    new Flatten(),
    new Dense({ units: 3 }),
  ]);

test("tells which layers of a base learn, and what multiplies their rates", () => {
  const model = network();
  const base = model.layers.slice(0, -1);
  const { layers, rateFactors } = planUnfreezing(model, base, { learningRatePerDepth: 0.5 });
  expect(layers.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(Object.fromEntries(rateFactors)).toEqual({ "one/kernel": 0.25, "one/bias": 0.25, "two/kernel": 0.5 });
  const all = planUnfreezing(model, base, { trainBatchNormalization: true });
  expect([all.layers.length, all.rateFactors.size]).toEqual([3, 0]);
  expect(planUnfreezing(model, base, { unfreeze: 1 }).layers.map(({ name }) => name)).toEqual(["two"]);
  model.dispose();
});

test("refuses what is no model, no base and no option", () => {
  const model = network();
  const plan =
    (...given: unknown[]) =>
    (): unknown =>
      Reflect.apply(planUnfreezing, undefined, given);
  expect(plan({}, [])).toThrow("planUnfreezing: model must be a Model of @featuremap/layers");
  expect(plan(model, model)).toThrow("planUnfreezing: base must be a list of layers");
  expect(plan(model, [], { unfreez: 1 })).toThrow("did you mean unfreeze");
  expect(plan(model, [], { unfreeze: ["one"] })).toThrow(
    "planUnfreezing: unfreeze must be names of layers of the base",
  );
  expect(plan(model, [], { learningRatePerDepth: 2 })).toThrow("learningRatePerDepth must be in (0, 1]");
  model.dispose();
});

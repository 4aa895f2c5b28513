import { Dense, Input, Model } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { expect, test } from "vitest";
import golden from "./arrays.golden.json" with { type: "json" };
import { Adam } from "../optimizers/adam.ts";
import { RMSprop } from "../optimizers/rms-prop.ts";
import { SGD } from "../optimizers/sgd.ts";
import { expectCloseNumbers, stepsTolerance } from "../testing/close.ts";
import { Trainer } from "./trainer.ts";
import type { FitOptions, TrainerConfig } from "./trainer-options.ts";

useBackend(allowSavedTensors);

const x = HostArray.from(golden.x);
const targets = golden.targets.map((values) => HostArray.from(values));
const weights = golden.weights.map((values) => HostArray.from(values));
const names = ["first", "second", "third"];

/** The golden file's network of so many outputs. */
function network(outputs: number, start: (typeof golden.cases)[number]["start"]): Model {
  const input = Input({ shape: [2], name: "points" });
  const hidden = new Dense({ units: 3, activation: "tanh", name: "hidden" }).apply(input);
  const made = names.slice(0, outputs).map((name) => new Dense({ units: 1, name }).apply(hidden));
  const model = new Model({ inputs: input, outputs: made });
  model.setWeights(start.map((values) => HostArray.from(values)));
  return model;
}

/** Arrays by name or in the order of outputs, as Keras got them; those that it did not get are left out or null. */
function given(arrays: readonly HostArray[], chosen: readonly (number | null)[], named: boolean) {
  const of = (index: number | null): HostArray | null => (index === null ? null : (arrays[index] ?? null));
  return named ? Object.fromEntries(chosen.map((index) => [names[index ?? 0] ?? "", of(index)])) : chosen.map(of);
}

test.for(golden.cases)("$name gives Keras's history and weights", async (each) => {
  const model = network(each.outputs, each.start);
  const config = each.config as Omit<TrainerConfig, "optimizer">;
  const optimizer = new (each.optimizer === "Adam" ? Adam : SGD)({ learningRate: 0.05 });
  const trainer = new Trainer(model, { ...config, optimizer });
  const y = given(targets, each.given.y, each.named);
  const sampleWeight = each.given.weights ? given(weights, each.given.weights, each.named) : null;
  const validationData = each.given.validation ? { x, y } : null;
  const history: Record<string, number[]> = {};
  for (const fit of each.fits) {
    const options: FitOptions = { ...(fit as FitOptions), batchSize: each.batchSize, shuffle: false };
    const fitted = await trainer.fit({ x, y, sampleWeight }, { ...options, validationData });
    for (const [key, values] of Object.entries(fitted.history)) (history[key] ??= []).push(...values);
  }
  expect(Object.keys(history).toSorted()).toEqual(Object.keys(each.history).toSorted());
  for (const [key, values] of Object.entries(each.history)) {
    expectCloseNumbers(history[key] ?? [], values, stepsTolerance);
  }
  for (const [index, weight] of (await model.getWeights()).entries()) {
    expectCloseNumbers([...weight.data], each.end[index]?.flat() ?? [], stepsTolerance);
  }
  trainer.dispose();
  model.dispose();
});

test("an optimizer is RMSprop unless another is given, as in Keras, and fit's epochs are one", async () => {
  const { start } = golden.cases[0] ?? { start: [] };
  const model = network(1, start);
  const trainer = new Trainer(model, { loss: "mse", optimizer: null, metrics: null, lossWeights: null });
  expect(trainer.optimizer).toBeInstanceOf(RMSprop);
  const { epoch } = await trainer.fit({ x, y: targets.slice(0, 1) }, { stepsPerEpoch: null, classWeight: null });
  expect(epoch).toEqual([0]);
  trainer.dispose();
  model.dispose();
});

test.for([
  ["x", [[1, "2"]], 'received "2"'],
  ["x", BigInt64Array.of(1n, 2n), "BigInt64Array of 2"],
  ["x", undefined, "received undefined"],
  ["x", new Set(), "received Set"],
  ["y", [[1], [null]], "received null"],
  ["y", "0", 'received "0"'],
  ["y", 0, "received 0"],
  ["sampleWeight", "all", 'received "all"'],
] as const)("%s is refused where it is %o", async ([option, wrong, found]) => {
  const model = network(1, golden.cases[0]?.start ?? []);
  const trainer = new Trainer(model, { loss: "mse" });
  const data = { x, y: targets[0], [option]: wrong } as { readonly x: HostArray; readonly y: HostArray };
  await expect(trainer.fit(data)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
  await expect(trainer.fit(data)).rejects.toThrow(
    /a HostArray, a tensor, a typed array or nested lists|made of numbers alone/,
  );
  await expect(trainer.fit(data)).rejects.toThrow(found);
  model.dispose();
});

test("labels may lack only where nothing asks for them, and weights of examples by name only there", async () => {
  const { start } = golden.cases.find(({ outputs }) => outputs === 3) ?? { start: [] };
  const model = network(3, start);
  const trainer = new Trainer(model, { loss: { first: "mse", third: "mae" }, metrics: { second: ["mae"] } });
  const [first = x, second = x, third = x] = targets;
  await expect(trainer.fit({ x, y: { first, third } })).rejects.toThrow("given for second too");
  await expect(trainer.fit({ x, y: [first, second, null] })).rejects.toThrow("given for third too");
  const [weight = x] = weights;
  const data = { x, y: { first, second, third } };
  await expect(trainer.fit({ ...data, sampleWeight: { first: weight } })).rejects.toThrow("given for second too");
  model.dispose();
});

import { Dense, Dropout, Input, Model, Reshape, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import {
  BinaryCrossentropy,
  CategoricalFocalCrossentropy,
  type LossChoice,
  SparseCategoricalCrossentropy,
  Trainer,
} from "../index.ts";

useBackend(allowSavedTensors);

let said: MockInstance<typeof console.warn>;
beforeEach(() => {
  said = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => said.mockRestore());

/** All that was said of training; tfjs has words of its own. */
const told = (): readonly unknown[] =>
  said.mock.calls.map(([line]) => line as unknown).filter((line) => String(line).startsWith("Trainer"));

const x = HostArray.from([
  [1, 2],
  [3, 1],
]);
const y = new HostArray(Int32Array.of(0, 1), [2]);

async function fit(model: Model, loss: LossChoice, labels: HostArray = y): Promise<readonly unknown[]> {
  const trainer = new Trainer(model, { loss, optimizer: "sgd" });
  const { history } = await trainer.fit(x, labels, { epochs: 2, batchSize: 2 });
  trainer.dispose();
  return history["loss"] ?? [];
}

const ending = (activation?: "softmax" | "sigmoid" | "relu", units = 3): Sequential =>
  new Sequential([new Dense({ units, activation, inputShape: [2] }), new Dropout({ rate: 0 })], {
    name: "net",
    seed: 1,
  });

test("logits that are taken for probabilities are told of once, and change no number", async () => {
  const model = ending();
  const losses = await fit(model, "sparseCategoricalCrossentropy");
  await fit(model, "sparse_categorical_crossentropy");
  expect(told()).toEqual([
    "Trainer.fit: the outputs of net are logits, and its loss takes them for probabilities. Give loss: new " +
      'SparseCategoricalCrossentropy({ fromLogits: true }), or the last layer activation: "softmax".',
  ]);
  model.dispose();
  const same = ending();
  expect(await fit(same, new SparseCategoricalCrossentropy())).toEqual(losses);
  expect(told()).toHaveLength(2);
  same.dispose();
});

test("a single one wants a sigmoid, by whatever name the loss goes", async () => {
  for (const loss of ["binaryCrossentropy", "ce", new BinaryCrossentropy()] as const) {
    const model = ending(undefined, 1);
    await fit(model, loss);
    model.dispose();
  }
  expect(told()).toHaveLength(3);
  expect(told().at(-1)).toContain('BinaryCrossentropy({ fromLogits: true }), or the last layer activation: "sigmoid"');
});

const hot = HostArray.from([
  [1, 0, 0],
  [0, 1, 0],
]);

test.for([
  ["SparseCategoricalCrossentropy", new SparseCategoricalCrossentropy({ fromLogits: true }), "softmax", y],
  ["CategoricalFocalCrossentropy", new CategoricalFocalCrossentropy({ fromLogits: true }), "softmax", hot],
  ["BinaryCrossentropy", new BinaryCrossentropy({ fromLogits: true }), "sigmoid", hot],
] as const)("probabilities for which %s expects logits are told of once", async ([name, loss, activation, labels]) => {
  const model = ending(activation);
  await fit(model, loss, labels);
  await fit(model, loss, labels);
  expect(told()).toEqual([
    `Trainer.fit: the outputs of net are probabilities, and ${name} is told that they are logits. Leave out fromLogits: ` +
      "true, or the last layer's activation.",
  ]);
  model.dispose();
});

// What Keras 3.15.1 computes on PyTorch; on TensorFlow 1.09860, 0.63497, 1.41876 and 1.41876, from logits.
test.for([
  ["binaryCrossentropy", "softmax", "categorical", 1.41876],
  ["binaryFocalCrossentropy", "softmax", "categorical", 0.89226],
  ["categoricalCrossentropy", "sigmoid", "binary", 0.8888],
  ["sparseCategoricalCrossentropy", "sigmoid", "binary", 0.8888],
] as const)("%s of a %s takes the probabilities, and is told of once", async ([loss, activation, kind, expected]) => {
  const dense = new Dense({ units: 2, activation, inputShape: [2] });
  const model = new Sequential([dense, new Reshape({ targetShape: [2] })], { name: "net" });
  const kernel = [
    [0.5, -0.3],
    [0.2, 0.7],
  ];
  model.setWeights([HostArray.from(kernel), new HostArray(Float32Array.of(0, 0), [2])]);
  const rows = HostArray.from([
    [1, 0],
    [0, 1],
  ]);
  const [first] = await fit(model, loss, loss.startsWith("sparse") ? y : rows);
  expect(first).toBeCloseTo(expected, 4);
  expect(told()).toEqual([expect.stringMatching(`^Trainer: net ends in a ${activation}, and .* take a ${kind} cross`)]);
  model.dispose();
});

test.for([
  ["probabilities", () => ending("softmax"), "sparseCategoricalCrossentropy"],
  ["logits of a loss that takes them", () => ending(), new SparseCategoricalCrossentropy({ fromLogits: true })],
  ["a loss of any numbers", () => ending(undefined, 1), "meanSquaredError"],
  ["outputs whose meaning nobody knows", () => ending("relu", 3), "sparseCategoricalCrossentropy"],
] as const)("nothing is told of %s", async ([, make, loss]) => {
  const model = make();
  await fit(model, loss);
  expect(told()).toEqual([]);
  model.dispose();
});

test("nothing is told of several outputs", async () => {
  const input = Input({ shape: [2] });
  const outputs = [new Dense({ units: 2 }).apply(input), new Dense({ units: 2 }).apply(input)];
  const model = new Model({ inputs: input, outputs });
  const trainer = new Trainer(model, { loss: "sparseCategoricalCrossentropy" });
  await trainer.fit(x, [y, y]);
  expect(told()).toEqual([]);
  trainer.dispose();
  model.dispose();
});

import { Dense, Input, Model } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { SparseCategoricalCrossentropy } from "../losses/crossentropy/sparse-categorical-crossentropy.ts";
import { SparseTopKCategoricalAccuracy } from "../metrics/accuracy/top-k-accuracy.ts";
import { SGD } from "../optimizers/sgd.ts";
import { ExponentialDecay } from "../schedules/exponential-decay.ts";
import { expectCloseNumbers, stepsTolerance } from "../testing/close.ts";
import { Trainer } from "./trainer.ts";
import golden from "./trainer.golden.json" with { type: "json" };
import type { FitOptions, TrainerConfig } from "./trainer-options.ts";

useBackend(allowSavedTensors);

const x = HostArray.from(golden.x);
const labels = new HostArray(Int32Array.from(golden.labels), [golden.labels.length]);
const amounts = HostArray.from(golden.amounts);
const sampleWeight = HostArray.from(golden.sampleWeight);
const sparse = "sparse_categorical_crossentropy";
type Choices = Omit<TrainerConfig, "optimizer">;
const single: Choices = {
  loss: sparse,
  metrics: ["accuracy", new SparseTopKCategoricalAccuracy({ k: 2, name: "top2" }), sparse],
};

/** The golden file's networks: one output or two. */
function network(outputs: "one" | "two"): Model {
  const input = Input({ shape: [2], name: "points" });
  const hidden = new Dense({ units: 4, activation: "tanh", name: "hidden" }).apply(input);
  const kind = new Dense({ units: 3, activation: "softmax", name: "kind" }).apply(hidden);
  const amount = new Dense({ units: 1, name: "amount" }).apply(hidden);
  const model = new Model({ inputs: input, outputs: outputs === "one" ? kind : [kind, amount] });
  model.setWeights(golden.weights[outputs].map((values) => HostArray.from(values)));
  return model;
}

interface Kind {
  readonly outputs?: "two";
  readonly config?: Choices;
  readonly optimizer?: SGD;
  readonly weighted?: boolean;
  readonly options?: Partial<FitOptions>;
}

const two = "two";
const kinds: Readonly<Record<string, Kind>> = {
  "class weights": { options: { classWeight: { 0: 2, 2: 0.5 } } },
  "sample weights and a validation split": { weighted: true, options: { validationSplit: 0.3 } },
  "validation every second epoch": { options: { validationSplit: 0.25, validationFreq: 2 } },
  "one batch of validation": { options: { validation: { x, y: labels, batchSize: 6 }, validationSteps: 1 } },
  "epochs of two batches": { options: { stepsPerEpoch: 2 } },
  "the last two of four epochs": { options: { initialEpoch: 2, epochs: 4 } },
  "a loss per output": { outputs: two, config: { loss: [sparse, "mse"], metrics: [["accuracy"], ["mae"]] } },
  "losses by name, weighted": {
    outputs: two,
    config: {
      loss: { amount: "mse", kind: sparse },
      lossWeights: { kind: 0.5, amount: 2 },
      metrics: { amount: ["mae", "mse"] },
    },
    options: { validationSplit: 0.25 },
  },
  "a loss per output with sample weights": {
    outputs: two,
    config: { loss: [sparse, "huber"], lossWeights: [1, 3] },
    weighted: true,
  },
  "the sum of losses": { config: { loss: new SparseCategoricalCrossentropy({ reduction: "sum" }) } },
  "moving means": { optimizer: new SGD({ learningRate: 0.3, useEma: true, emaMomentum: 0.7 }) },
  "a schedule": {
    optimizer: new SGD({
      learningRate: new ExponentialDecay({ initialLearningRate: 0.5, decaySteps: 4, decayRate: 0.5 }),
    }),
  },
};

function expectSame(actual: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, value] of Object.entries(expected)) {
    expectCloseNumbers([actual[name] ?? Number.NaN], [value], stepsTolerance);
  }
}

describe.for(golden.cases)("fit with $name", ({ name, epochs, history: expected, evaluation }) => {
  test("has Keras's history, and evaluates to Keras's numbers", async () => {
    const { outputs = "one", config = single, optimizer, weighted, options } = kinds[name] ?? {};
    const model = network(outputs);
    const trainer = new Trainer(model, { ...config, optimizer: optimizer ?? new SGD({ learningRate: 0.3 }) });
    const y = outputs === "two" ? [labels, amounts] : labels;
    // Whole batches, as ours differ in the losses of single outputs otherwise: see `TrainerConfig.loss`.
    const batchSize = outputs === "two" ? 5 : 6;
    const data = { x, y, ...(weighted ? { sampleWeight } : {}) };
    const { history, epoch: taken } = await trainer.fit(data, { epochs: 3, batchSize, shuffle: false, ...options });
    expect(taken).toEqual(epochs);
    expect(Object.keys(history).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [key, values] of Object.entries(expected)) {
      expectCloseNumbers(history[key] ?? [], values, stepsTolerance);
    }
    expectSame(await trainer.evaluate({ x, y }, { batchSize }), evaluation);
    trainer.dispose();
    model.dispose();
  });
});

test("single batches give Keras's numbers", async () => {
  const model = network("one");
  const trainer = new Trainer(model, {
    optimizer: new SGD({ learningRate: 0.3 }),
    loss: sparse,
    metrics: ["accuracy"],
  });
  const batch = { x, y: labels };
  expectSame(await trainer.trainOnBatch(batch, { classWeight: { 1: 2 } }), golden.batches.train);
  expectSame(await trainer.testOnBatch(batch), golden.batches.test);
  const output = await trainer.predictOnBatch(x.slice(0, 2));
  expectCloseNumbers([...output.data], golden.batches.predict.flat(), stepsTolerance);
  trainer.dispose();
  model.dispose();
});

test("several outputs are predicted in the model's order, and named inputs taken", async () => {
  const model = network("two");
  const trainer = new Trainer(model, { optimizer: "sgd", loss: "mse" });
  const [kind, amount] = await trainer.predictAll({ points: x }, { batchSize: 8 });
  expect([kind?.shape, amount?.shape]).toEqual([
    [20, 3],
    [20, 1],
  ]);
  await expect(trainer.predict(x)).rejects.toMatchObject({ option: "model" });
  expect((await trainer.predictAll(x, { batchSize: 8, steps: 2 }))[1]?.shape).toEqual([16, 1]);
  model.dispose();
});

test.for([
  ["loss", { loss: [sparse] }],
  ["loss", { loss: [null, null] }],
  ["loss", { loss: {} }],
  ["optimizer", { loss: "mse", optimizer: SGD }],
  ["optimizer", { loss: "mse", optimizer: { learningRate: 1 } }],
  ["loss", { loss: { kind: sparse, amount: "mse", other: "mse" } }],
  ["loss", { loss: new SparseCategoricalCrossentropy({ reduction: "none" }) }],
  ["lossWeights", { loss: "mse", lossWeights: [1] }],
  ["metrics", { loss: "mse", metrics: { other: ["mae"] } }],
  ["metrics", { loss: "mse", metrics: [["mae"]] }],
] as const)("a wrong %s for two outputs is refused: %o", ([option, wrong]) => {
  const model = network("two");
  expect(() => Reflect.construct(Trainer, [model, { optimizer: "sgd", ...wrong }])).toThrow(
    expect.objectContaining({ code: "INVALID_CONFIG", option }),
  );
});

test.for([
  ["validationSplit", { validationSplit: 1 }],
  ["validationSplit", { validationSplit: 0.5, validation: { x, y: labels } }],
  ["validationSplit", { validationSplit: 0.99 }],
  ["validationSteps", { validationSteps: 0 }],
  ["validationFreq", { validationFreq: 0.5 }],
  ["stepsPerEpoch", { stepsPerEpoch: -1 }],
  ["classWeight", { classWeight: { 0: -1 } }],
  ["classWeight", { classWeight: { first: 1 } }],
] as const)("a wrong %s is refused: %o", async ([option, wrong]) => {
  const model = network("one");
  const trainer = new Trainer(model, { optimizer: "sgd", loss: sparse });
  await expect(trainer.fit({ x, y: labels }, { epochs: 1, ...(wrong as Partial<FitOptions>) })).rejects.toMatchObject({
    code: "INVALID_CONFIG",
    option,
  });
});

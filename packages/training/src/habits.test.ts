import { Dense, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test, vi } from "vitest";
import * as training from "./index.ts";
import { Callback, type Loss, Trainer } from "./index.ts";

/** What people write first, and what plain JavaScript lets through. */
const x = HostArray.from([
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 0],
]);
const y = new HostArray(Int32Array.of(0, 1, 1, 0), [4]);
const loss = "sparseCategoricalCrossentropy";

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
});

function model(units = 2, activation = "softmax"): Sequential {
  return new Sequential([new Dense({ units, activation: activation as "softmax", inputShape: [2] })], { seed: 1 });
}

/** Trains as plain JavaScript may, and gives the losses. */
async function fit(config: object, options: object = {}, data: unknown = { x, y }, made = model()): Promise<number[]> {
  const trainer = new Trainer(made, { optimizer: "sgd", loss, ...config });
  try {
    const history = await trainer.fit(data as { x: HostArray; y: HostArray }, { shuffle: false, ...options });
    return [...(history.history["loss"] ?? [])];
  } finally {
    trainer.dispose();
    made.dispose();
  }
}

describe("a Map in the place of a record", () => {
  test("is read as one: classWeight, loss, metrics, lossWeights, data", async () => {
    const weighed = await fit({}, { classWeight: { 0: 100 } });
    expect(await fit({}, { classWeight: new Map([[0, 100]]) })).toEqual(weighed);
    expect(weighed).not.toEqual(await fit({}));
    const named = (): Sequential =>
      new Sequential([new Dense({ units: 2, activation: "softmax", inputShape: [2], name: "out" })], { seed: 1 });
    const config = {
      loss: new Map([["out", loss]]),
      metrics: new Map([["out", ["accuracy"]]]),
      lossWeights: new Map([["out", 1]]),
    };
    const data = new Map<string, unknown>([
      ["x", x],
      ["y", new Map([["out", y]])],
      ["sampleWeight", new Map([["out", [100, 1, 1, 100]]])],
    ]);
    expect(await fit(config, {}, data, named())).toEqual(await fit({}, { classWeight: { 0: 100 } }, { x, y }, named()));
  });

  test("is refused for options, as is any other object that has none", async () => {
    for (const options of [new Map([["epochs", 2]]), new Date(), new Set(), Promise.resolve({}), /x/]) {
      const expected =
        /^Trainer\.fit: options must be a plain object, as \{ epochs, initialEpoch, \.\.\. \}, received /;
      const trainer = new Trainer(model(), { loss });
      await expect(trainer.fit({ x, y }, options as object)).rejects.toThrow(expected);
      expect(() => new training.Adam(options as object)).toThrow("Adam: options must be a plain object");
    }
  });

  test.for(["classWeight", "loss", "metrics", "lossWeights"])("%s is no Date", async (name) => {
    const config = name === "classWeight" ? {} : { [name]: new Date() };
    const fitted = fit(config, name === "classWeight" ? { classWeight: new Date() } : {});
    await expect(fitted).rejects.toThrow(new RegExp(`: ${name} must be .*, received Date`));
  });
});

describe("a loss that cannot change is refused:", () => {
  const column = new HostArray(Int32Array.of(0, 0, 0, 0), [4, 1]);
  const binary = new HostArray(Float32Array.of(0, 1, 1, 0), [4, 1]);
  test.for([
    ["sparseCategoricalCrossentropy", column],
    ["categoricalCrossentropy", binary],
    ["categoricalFocalCrossentropy", binary],
    ["binaryCrossentropy", binary],
    ["mse", binary],
  ] as const)("%s after a softmax over one unit", async ([name, labels]) => {
    await expect(fit({ loss: name }, {}, { x, y: labels }, model(1))).rejects.toThrow(/sigmoid/);
  });

  test.for([
    ["sparseCategoricalCrossentropy", column],
    ["categoricalCrossentropy", binary],
    ["categoricalFocalCrossentropy", binary],
  ] as const)("%s of one output unit", async ([name, labels]) => {
    await expect(fit({ loss: name }, {}, { x, y: labels }, model(1, "sigmoid"))).rejects.toThrow(
      /outputs must be of 2 classes or more .*sigmoid.*binaryCrossentropy/,
    );
  });

  test("a function of the labels alone", async () => {
    const constant = fit({ loss: () => tf.scalar(1) });
    await expect(constant).rejects.toThrow("such that the loss depends on each");
  });
});

describe("what a function of one's own gives", () => {
  const wrong: readonly [string, unknown, string][] = [
    ["nothing", () => {}, "undefined"],
    ["a number", () => 1, "1"],
    ["a promise", () => Promise.resolve(1), "Promise"],
  ];
  test.for(wrong)("as a loss is a tensor, and not %s", async ([, given, received]) => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => {});
    await expect(fit({ loss: given })).rejects.toThrow(
      new RegExp(`the result of .* must be a tensor .*received ${received}`),
    );
    errors.mockRestore();
  });

  test.for(wrong)("as a metric is a tensor, and not %s", async ([, given, received]) => {
    await expect(fit({ metrics: [given] })).rejects.toThrow(
      new RegExp(`the result of .* must be a tensor .*received ${received}`),
    );
  });

  test.for(wrong)("as a method of a loss or a metric is a tensor, and not %s", async ([, given, received]) => {
    class OwnLoss extends training.MeanSquaredError {
      static override readonly className: string = "OwnLoss";
      override call = given as Loss["call"];
    }
    class OwnMetric extends training.BinaryAccuracy {
      override measure = given as training.Metric["measure"];
    }
    const labels = {
      x,
      y: HostArray.from([
        [0, 1],
        [0, 1],
        [0, 1],
        [0, 1],
      ]),
    };
    const expected = new RegExp(`the result of .* must be a tensor .*received ${received}`);
    await expect(fit({ loss: new OwnLoss() }, {}, labels)).rejects.toThrow(expected);
    await expect(fit({ loss: "mse", metrics: [new OwnLoss()] }, {}, labels)).rejects.toThrow(expected);
    await expect(fit({ loss: "mse", metrics: [new OwnMetric()] }, {}, labels)).rejects.toThrow(expected);
  });
});

describe("small slips", () => {
  test("a text for a number", async () => {
    await expect(fit({}, { validationSplit: "0.25" })).rejects.toThrow(
      'Trainer.fit: validationSplit must be in (0, 1), received "0.25".',
    );
  });

  test.for([
    ["on_epoch_end", "onEpochEnd"],
    ["onEpochEnds", "onEpochEnd"],
    ["on_batch_end", "onTrainBatchEnd"],
    ["onBatchBegin", "onTrainBatchBegin"],
  ])("%s, a method of a callback that nobody calls", async ([name = "", meant]) => {
    class Mine extends Callback {
      static override readonly className: string = "Mine";
    }
    Object.defineProperty(Mine.prototype, name, { value: () => {}, configurable: true });
    await expect(fit({}, { callbacks: [new Mine()] })).rejects.toThrow(
      `Mine: methods must be among those that are called (did you mean ${meant}?), received "${name}".`,
    );
    class Own extends Callback {
      onWhim(): number {
        return 1;
      }
      helper(): number {
        return this.onWhim();
      }
    }
    expect(await fit({}, { callbacks: [new Own()] })).toHaveLength(1);
  });

  test("a class index that is none", async () => {
    await expect(fit({}, { classWeight: { "01": 5 } })).rejects.toThrow("classWeight must be by class index");
  });

  test("a logger without a file", () => {
    expect(() => new training.CSVLogger({} as { filename: string })).toThrow(
      "CSVLogger: filename must be a path, received undefined.",
    );
  });

  test("true and false for labels", async () => {
    const yes = { x, y: [false, true, true, false] };
    expect(await fit({}, {}, yes)).toEqual(await fit({}));
    const column = { x, y: [[0], [1], [1], [0]] };
    const flags = { x, y: column.y.map(([each]) => [each === 1]) };
    const config = { loss: "binaryCrossentropy" };
    expect(await fit(config, {}, flags, model(1, "sigmoid"))).toEqual(
      await fit(config, {}, column, model(1, "sigmoid")),
    );
  });

  test("the whole of a data set where its training part is meant", async () => {
    const train = { size: 1, batch: () => ({ size: 1, batchCount: 1, batches: () => [] }) };
    const whole = { train, test: train };
    for (const data of [whole, Promise.resolve(whole)]) {
      await expect(fit({}, {}, data)).rejects.toThrow(
        /^Trainer\.fit: data must be .*: give its train, as in data\.train/,
      );
    }
  });
});

describe("methods that people look for on a trainer", () => {
  test.for([
    ["compile", "new Trainer(model, { optimizer, loss, metrics })"],
    ["save", "await saveBundle(trainer.model, folder, { preprocessing, labels }) of @featuremap/formats"],
    ["summary", "console.log(trainer.model.summary())"],
  ] as const)("%s tells what to write", ([name, remedy]) => {
    const trainer = new Trainer(model(), { loss });
    const call = (): unknown => (trainer as unknown as Record<string, () => unknown>)[name]?.();
    expect(call).toThrow(expect.objectContaining({ code: "UNAVAILABLE", message: expect.stringContaining(remedy) }));
    expect(call).toThrow(`Trainer: ${name} is not a method here.`);
    trainer.dispose();
    trainer.model.dispose();
  });
});

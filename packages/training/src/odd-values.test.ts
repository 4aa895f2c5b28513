import { Dense, Sequential } from "@featuremap/layers";
import { FeaturemapError, HostArray } from "@featuremap/tensor";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import * as training from "./index.ts";
import { leastOptions as least } from "./testing/least-options.ts";

/** What plain JavaScript may pass anywhere. */
const odd: readonly unknown[] = [undefined, null, 3, "x", {}, [], Number.NaN, () => 1, new Map(), true];

type Constructor = abstract new (...parameters: never) => object;
const bases: readonly Constructor[] = [
  training.Loss,
  training.Metric,
  training.Optimizer,
  training.LearningRateSchedule,
  training.Callback,
];
const isClass = (value: unknown): value is Constructor =>
  typeof value === "function" && Function.prototype.toString.call(value).startsWith("class");
const exported = Object.entries(training).filter(([, value]) => typeof value === "function");
const configured = exported.filter(
  ([, value]) => isClass(value) && bases.some((base) => value.prototype instanceof base),
) as readonly (readonly [string, Constructor])[];

beforeAll(async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  await setBackend("cpu");
});

/** What is thrown and not one of this project's errors. */
async function rawErrors(calls: readonly (() => unknown)[]): Promise<readonly string[]> {
  const raw: string[] = [];
  for (const call of calls) {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof FeaturemapError)) raw.push(String(error));
    }
  }
  return raw;
}

test.for(exported)("%s takes odd values or refuses them by name", async ([, value]) => {
  const call = (argument: unknown): unknown =>
    isClass(value)
      ? Reflect.construct(value, [argument])
      : Reflect.apply(value as () => unknown, undefined, [argument]);
  expect(await rawErrors(odd.map((each) => () => call(each)))).toEqual([]);
});

test.for(configured)("%s takes odd values of every option or refuses them by name", async ([name, type]) => {
  const names = /among ([^]*), received "qqqq"/.exec(refusal(name, type))?.[1]?.split(", ") ?? [];
  const calls = names.flatMap((option) =>
    odd.map((each) => () => Reflect.construct(type, [{ ...least[name], [option]: each }])),
  );
  expect(await rawErrors(calls)).toEqual([]);
});

function refusal(name: string, type: Constructor): string {
  try {
    Reflect.construct(type, [{ ...least[name], qqqq: 1 }]);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test.for([
  [() => new training.Huber({ name: 3 } as object), "name"],
  [() => new training.BinaryCrossentropy({ fromLogits: "yes" } as object), "fromLogits"],
  [() => new training.Adam({ amsgrad: "yes" } as object), "amsgrad"],
  [() => new training.Adam({ beta1: [] } as object), "beta1"],
  [() => new training.EarlyStopping({ monitor: 3 } as object), "monitor"],
  [() => new training.TensorBoard({ logDir: {} } as object), "logDir"],
  [() => new training.CSVLogger({ filename: "" }), "filename"],
  [
    () => new training.ModelCheckpoint({ filepath: "m", saveBestOnly: 1 } as object as { filepath: string }),
    "saveBestOnly",
  ],
] as const)("%s is refused by name", ([make, option]) => {
  expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});

describe("a trainer", () => {
  const methods = [
    "fit",
    "evaluate",
    "predict",
    "predictAll",
    "trainOnBatch",
    "testOnBatch",
    "predictOnBatch",
  ] as const;
  const x = HostArray.from([
    [0, 1],
    [1, 0],
  ]);
  const y = new HostArray(Int32Array.of(0, 1), [2]);

  test.for(methods)("%s takes odd data and options or refuses them by name", async (method) => {
    const model = new Sequential([new Dense({ units: 2, activation: "softmax", inputShape: [2] })]);
    const trainer = new training.Trainer(model, { loss: "sparseCategoricalCrossentropy" });
    const call =
      (...given: readonly unknown[]) =>
      (): unknown =>
        Reflect.apply(trainer[method], trainer, given);
    const names = [
      "epochs",
      "batchSize",
      "shuffle",
      "callbacks",
      "validationData",
      "validationSplit",
      "validationFreq",
    ];
    const options = [
      ...names,
      "classWeight",
      "signal",
      "verbose",
      "steps",
      "stepsPerEpoch",
      "resetMetrics",
      "sampleWeight",
    ];
    const data = method.startsWith("predict") ? x : { x, y };
    const calls = odd.flatMap((each) => [
      call(each),
      call(data, each),
      call(x, each, {}),
      call(each, y),
      call({ x, y: each }),
      call({ x: each, y }),
      ...options.map((option) => call(data, { [option]: each })),
    ]);
    expect(await rawErrors(calls)).toEqual([]);
    trainer.dispose();
    model.dispose();
  });

  test("refuses odd models and odd options", async () => {
    const model = new Sequential([new Dense({ units: 2, inputShape: [2] })]);
    const make =
      (...given: readonly unknown[]) =>
      (): unknown =>
        Reflect.construct(training.Trainer, given);
    const options = ["optimizer", "loss", "lossWeights", "metrics", "weightedMetrics"];
    const calls = odd.flatMap((each) => [
      make(each),
      make(model, each),
      ...options.map((option) => make(model, { loss: "mse", [option]: each })),
    ]);
    expect(await rawErrors(calls)).toEqual([]);
    model.dispose();
  });
});

describe("classes whose names a minifier has changed", () => {
  test.for(configured)("%s keeps its name in errors", ([name, type]) => {
    const { name: own } = type;
    Object.defineProperty(type, "name", { value: "q" });
    try {
      expect(refusal(name, type)).toMatch(new RegExp(`^${name}: options must be`));
    } finally {
      Object.defineProperty(type, "name", { value: own });
    }
  });

  test("keep their names as metrics and optimizers", () => {
    const types = [training.MeanSquaredLogarithmicError, training.AdamW];
    for (const type of types) Object.defineProperty(type, "name", { value: "q" });
    expect(new training.MeanSquaredLogarithmicError().name).toBe("mean_squared_logarithmic_error");
    expect(new training.AdamW().name).toBe("adam_w");
    Object.defineProperty(types[0], "name", { value: "MeanSquaredLogarithmicError" });
    Object.defineProperty(types[1], "name", { value: "AdamW" });
  });
});

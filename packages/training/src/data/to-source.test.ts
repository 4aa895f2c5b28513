import { ImageDataset } from "@featuremap/datasets";
import { Dense, Flatten, Input, Model, Sequential } from "@featuremap/layers";
import { plainPreprocessing } from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { tensor } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import type { History } from "../run/history.ts";
import { Trainer } from "../trainer/trainer.ts";

useBackend(allowSavedTensors);

const points = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [2, 1],
  [1, 2],
];
const labels = [0, 1, 1, 0, 1, 1];
const x = HostArray.from(points);
const y = new HostArray(Int32Array.from(labels), [6]);
const halves = [
  { x: x.slice(0, 3), y: y.slice(0, 3) },
  { x: x.slice(3, 6), y: y.slice(3, 6) },
];

/** Calls a trainer as plain JavaScript may. */
type Calls = Readonly<Record<"fit" | "evaluate" | "predict" | "trainOnBatch" | "testOnBatch", Call>>;
type Call = (...given: readonly unknown[]) => Promise<Record<string, number> & History & HostArray>;

async function withCalls<Result>(use: (calls: Calls, trainer: Trainer) => Promise<Result>): Promise<Result> {
  const model = new Sequential([new Dense({ units: 2, activation: "softmax", inputShape: [2] })], { seed: 1 });
  const trainer = new Trainer(model, { optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
  try {
    return await use(trainer as unknown as Calls, trainer);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

const lossOf = async (...given: readonly unknown[]): Promise<number> =>
  withCalls(async ({ fit }, trainer) => (await fit.apply(trainer, [...given])).history["loss"]?.[0] ?? Number.NaN);

/** Batches that come one after another. */
function* generator(): Generator<unknown, void> {
  yield* halves;
}
async function* laterGenerator(): AsyncGenerator<unknown, void> {
  yield* halves.map(({ x: inputs, y: targets }) => [inputs, targets]);
}

describe("fit takes every clear form of the same data", () => {
  const options = { shuffle: false, batchSize: 3 };
  const source = { size: 6, batchSize: 3, batchCount: 2, batches: () => halves };
  const forms: Readonly<Record<string, () => readonly unknown[]>> = {
    "{ x, y }": () => [{ x, y }, options],
    "(x, y)": () => [x, y, options],
    "[x, y]": () => [[x, y], options],
    "nested lists": () => [points, labels, options],
    "[lists, lists]": () => [[points, labels], options],
    "typed arrays": () => [Float32Array.from(points.flat()), Uint8Array.from(labels), options],
    doubles: () => [Float64Array.from(points.flat()), labels, options],
    "rows as typed arrays": () => [points.map((row) => Float32Array.from(row)), Int16Array.from(labels), options],
    "by the input's name": () => [{ dense_input: x }, y, options],
    batches: () => [source],
    "batches without size": () => [{ ...source, batches: () => halves.map((half) => ({ ...half })) }],
    "asynchronous batches": () => [{ ...source, batches: laterGenerator }],
    "a list of batches": () => [halves],
    "a generator": () => [generator()],
    "a generator's function": () => [generator],
    "an asynchronous generator": () => [laterGenerator()],
    "an asynchronous generator's function": () => [laterGenerator],
    "a function that gives a list": () => [() => Promise.resolve(halves)],
    "a promise": () => [Promise.resolve({ x, y }), options],
    "(batches, undefined, options)": () => [source, undefined, {}],
  };

  test.for(Object.entries(forms))("%s", async ([, form]) => {
    const [first, ...rest] = form();
    const given = [
      typeof first === "object" && first !== null && "dense_input" in first ? named(first) : first,
      ...rest,
    ];
    expect(await lossOf(...given)).toBe(await lossOf({ x, y }, options));
  });

  /** The input layer is called after the model's first layer, whose number depends on what ran before. */
  function named(given: { readonly dense_input?: unknown }): unknown {
    return given.dense_input;
  }

  test("tensors, which stay the caller's", async () => {
    const [inputs, targets] = [tensor(points), tensor(labels, [6], "int32")];
    expect(await lossOf(inputs, targets, options)).toBe(await lossOf({ x, y }, options));
    expect(await lossOf({ x: inputs, y: targets }, options)).toBe(await lossOf({ x, y }, options));
    expect(inputs.isDisposed).toBe(false);
    inputs.dispose();
    targets.dispose();
  });

  test("sampleWeight beside (x, y), and in a triple", async () => {
    const sampleWeight = [1, 2, 3, 1, 2, 3];
    const whole = await lossOf({ x, y, sampleWeight }, options);
    expect(await lossOf(x, y, { ...options, sampleWeight })).toBe(whole);
    expect(await lossOf([x, y, sampleWeight], options)).toBe(whole);
    await expect(lossOf({ x, y }, { sampleWeight })).rejects.toMatchObject({ option: "sampleWeight" });
  });

  test("validationData as a pair, as in Keras", async () => {
    const { history } = await withCalls(({ fit }, trainer) =>
      fit.call(trainer, x, y, { validationData: [points, labels] }),
    );
    expect(history["val_loss"]).toHaveLength(1);
  });
});

test("evaluate, predict and single batches take the same forms", () =>
  withCalls(async (calls, trainer) => {
    const call = (name: keyof Calls, ...given: readonly unknown[]) => calls[name].apply(trainer, [...given]);
    const { loss } = await call("evaluate", { x, y });
    for (const given of [[x, y], [[x, y]], [points, labels], [{ x, y }]]) {
      expect(await call("evaluate", ...given)).toEqual({ loss });
      expect((await call("testOnBatch", ...given))["loss"]).toBeCloseTo(loss ?? Number.NaN, 6);
    }
    for (const given of [halves, generator(), generator, laterGenerator]) {
      expect((await call("evaluate", given))["loss"]).toBeCloseTo(loss ?? Number.NaN, 6);
    }
    const outputs = (await call("predict", x)).toNested();
    const inputs = tensor(points);
    for (const given of [
      points,
      [x],
      { x },
      { x, y },
      Float32Array.from(points.flat()),
      inputs,
      generator,
      laterGenerator(),
    ]) {
      expect((await call("predict", given)).toNested()).toEqual(outputs);
    }
    inputs.dispose();
    const single = () => [halves[0]?.x, halves[1]?.x];
    expect((await call("predict", single)).toNested()).toEqual(outputs);
    expect((await call("trainOnBatch", points, labels))["loss"]).toBeCloseTo(loss ?? Number.NaN, 6);
  }));

test("a data set is batched, in another order each epoch, and evaluated in its own", async () => {
  const images = new ImageDataset({
    images: new HostArray(
      Uint8Array.from({ length: 40 * 4 }, (_, index) => (index * 37) % 251),
      [40, 2, 2, 1],
    ),
    labels: new HostArray(
      Int32Array.from({ length: 40 }, (_, index) => index % 2),
      [40],
    ),
    classNames: ["even", "odd"],
    preprocessing: plainPreprocessing([2, 2], "grayscale"),
  });
  const losses = async (data: Parameters<Trainer["fit"]>[0]): Promise<readonly number[]> => {
    const flat = new Sequential(
      [new Flatten({ inputShape: [2, 2, 1] }), new Dense({ units: 2, activation: "softmax" })],
      {
        seed: 3,
      },
    );
    const trainer = new Trainer(flat, { optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
    const heard: number[] = [];
    const callbacks = [new LambdaCallback({ onTrainBatchEnd: (_batch, { loss = 0 }) => void heard.push(loss) })];
    await trainer.fit(data, { epochs: 2, callbacks });
    heard.push((await trainer.evaluate(images))["loss"] ?? Number.NaN, (await trainer.predict(images)).size);
    trainer.dispose();
    flat.dispose();
    return heard;
  };
  const heard = await losses(images);
  expect(heard).toHaveLength(6); // 40 images are two batches of 32 at most
  expect(heard).toEqual(await losses(images.batch(32, { shuffle: true, seed: 3 })));
  expect(heard.at(-1)).toBe(80);
});

test("several inputs and outputs come in lists and records of arrays, and in batches", async () => {
  const [one, two] = [Input({ shape: [2], name: "one" }), Input({ shape: [1], name: "two" })];
  const outputs = [new Dense({ units: 1, name: "left" }).apply(one), new Dense({ units: 1, name: "right" }).apply(two)];
  const model = new Model({ inputs: [one, two], outputs });
  const trainer = new Trainer(model, { optimizer: "sgd", loss: "mse" });
  const ones = labels.map((label) => [label]);
  const whole = await trainer.evaluate([points, ones], [ones, ones]);
  expect(await trainer.evaluate({ one: points, two: ones }, { left: ones, right: ones })).toEqual(whole);
  const batch = { x: { one: x, two: ones }, y: [ones, ones] };
  expect(await trainer.evaluate([batch])).toEqual(whole);
  expect((await trainer.predictAll([points, ones])).map(({ shape }) => shape)).toEqual([
    [6, 1],
    [6, 1],
  ]);
  trainer.dispose();
  model.dispose();
});

test("what is no data is told what is", async () => {
  const refused = withCalls(({ fit }, trainer) => fit.call(trainer, 3));
  await expect(refused).rejects.toThrow(
    "Trainer.fit: data must be a data set, its batches, { x, y }, [x, y], or a list",
  );
});

describe("batches of one's own", () => {
  const half = halves[0] ?? {};
  const source = (batches: (epoch: number) => unknown, more: object = {}): Readonly<Record<string, unknown>> => ({
    size: 3,
    batchSize: 3,
    batchCount: 1,
    batches,
    ...more,
  });

  test.for([
    ["size", source(() => [{ ...half, size: 4 }]), "SHAPE_MISMATCH", "size must be 3, the examples in x, received 4"],
    ["labels", source(() => [{ ...half, y }]), "SHAPE_MISMATCH", "y must be labels for 3 examples, received 6"],
    ["weights", source(() => [{ ...half, sampleWeight: y }]), "SHAPE_MISMATCH", "weights for 3 examples, received 6"],
    ["x", source(() => [{ y }]), "INVALID_CONFIG", "batch must be { x, y, sampleWeight? }"],
    ["x of text", source(() => [{ x: ["a"], y }]), "INVALID_CONFIG", "x must be"],
    ["no y", source(() => [{ x }]), "INVALID_CONFIG", "y must be"],
    ["a misspelt name", source(() => [{ ...half, weight: y }]), "INVALID_CONFIG", "options must be among"],
    ["no examples", source(() => [{ x: x.slice(0, 0), y: y.slice(0, 0) }]), "INVALID_CONFIG", "one example or more"],
    ["a batch of null", source(() => [null]), "INVALID_CONFIG", "batch must be"],
    ["no iterable", source(() => 3), "INVALID_CONFIG", "an iterable of batches, received 3"],
    ["too few batches", source(() => [half], { batchCount: 2 }), "INVALID_CONFIG", "2 batches, as batchCount says"],
    ["no batches", source(() => []), "INVALID_CONFIG", "1 batches, as batchCount says, received"],
    ["no batch in a list", (): unknown => [], "INVALID_CONFIG", "one batch or more"],
    ["no batchCount", source(() => [half], { batchCount: undefined }), "INVALID_CONFIG", "batchCount of the batches"],
    ["a size of NaN", source(() => [half], { size: Number.NaN }), "INVALID_CONFIG", "size of the batches"],
    [
      "a function that gives nothing",
      (): unknown => undefined,
      "INVALID_CONFIG",
      "an iterable of batches, received undefined",
    ],
  ] as const)("are refused with %s", async ([, data, code, message]) => {
    for (const name of ["fit", "evaluate"] as const) {
      const refused = withCalls((calls, trainer) => calls[name].call(trainer, data));
      await expect(refused).rejects.toMatchObject({ code });
      await expect(refused).rejects.toThrow(message);
    }
  });
});

describe("a generator, whose batches come but once", () => {
  function* endless(): Generator<unknown, void> {
    for (;;) for (const half of halves) yield half;
  }

  test("goes on from epoch to epoch with stepsPerEpoch", async () => {
    const steps: string[] = [];
    const heard = new LambdaCallback({ onProgress: ({ step, steps: of }) => void steps.push(`${step}/${of}`) });
    const options = { epochs: 3, stepsPerEpoch: 3, callbacks: [heard] };
    const { epoch, history } = await withCalls(({ fit }, trainer) => fit.call(trainer, endless(), options));
    expect(epoch).toEqual([0, 1, 2]);
    expect(history["loss"]?.every(Number.isFinite)).toBe(true);
    expect(steps.at(-1)).toBe("3/3");
  });

  test("is refused where more epochs are asked for than it can give", async () => {
    const fit = (...given: readonly unknown[]): ReturnType<Call> =>
      withCalls((calls, trainer) => calls.fit.apply(trainer, [...given]));
    const expected = "a function that gives the batches of each epoch";
    await expect(fit(generator(), { epochs: 2 })).rejects.toThrow(expected);
    await expect(fit(generator(), { epochs: 2, stepsPerEpoch: 2 })).rejects.toThrow(expected);
    await expect(fit(x, y, { epochs: 2, validation: generator() })).rejects.toThrow(expected);
    expect((await fit(generator, { epochs: 2 })).epoch).toEqual([0, 1]);
  });

  test("takes only so many steps of an endless one", () =>
    withCalls(async ({ evaluate, predict }, trainer) => {
      expect((await evaluate.call(trainer, endless(), { steps: 4 }))["loss"]).toBeGreaterThan(0);
      expect((await predict.call(trainer, endless(), { steps: 3 })).shape).toEqual([9, 2]);
    }));
});

test.for([
  ["nothing", []],
  ["null", [null]],
  ["a number", [3]],
  ["text", ["mnist"]],
  ["x alone", [x]],
  ["an object of nothing known", [{}]],
] as const)("%s is refused with the forms that work", async ([, given]) => {
  for (const name of ["fit", "evaluate", "trainOnBatch", "testOnBatch"] as const) {
    const refused = withCalls((calls, trainer) => calls[name].apply(trainer, [...given]));
    await expect(refused).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    await expect(refused).rejects.toThrow(`Trainer.${name}`);
  }
});

test("a trainer without a loss predicts, and says what is missing where it is needed", async () => {
  const model = new Sequential([new Dense({ units: 2, inputShape: [2] })]);
  for (const trainer of [new Trainer(model), new Trainer(model, {}), new Trainer(model, { loss: null })]) {
    expect((await trainer.predict(points)).shape).toEqual([6, 2]);
    await expect(trainer.fit(x, y)).rejects.toThrow(/^Trainer\.fit: loss must be given to the Trainer, as in/);
    for (const name of ["evaluate", "trainOnBatch", "testOnBatch"] as const) {
      const call = (trainer as unknown as Calls)[name];
      await expect(call.call(trainer, { x, y })).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "loss" });
    }
  }
  model.dispose();
  expect(() => Reflect.construct(Trainer, [undefined])).toThrow("Trainer: model must be a model");
});

test("an ImageDataset's class weights may have more classes than a call can have arguments", async () => {
  const classes = 150_000;
  const { weighBatch } = await import("./class-weights.ts");
  const target = new HostArray(new Float32Array(classes).fill(0).fill(1, classes - 1), [1, classes]);
  const weighed = weighBatch({ inputs: [x], targets: [target], size: 1 }, { [classes - 1]: 3 });
  expect(weighed.sampleWeights?.[0]?.data).toEqual(Float32Array.of(3));
});

describe("inputs of a shape that the model does not take are blamed themselves, not the labels", () => {
  test.for([
    [new Float32Array(17), "4 numbers for each example of (2, 2, 1), received 17."],
    [new HostArray(new Float32Array(16), [16]), "(None, 2, 2, 1), received (16,)."],
    [points, "(None, 2, 2, 1), received (6, 2)."],
  ] as const)("%o", async ([inputs, message]) => {
    const flatten = new Flatten({ inputShape: [2, 2, 1] });
    const model = new Sequential([flatten, new Dense({ units: 2, activation: "softmax" })], { seed: 1 });
    const trainer = new Trainer(model, { loss: "sparseCategoricalCrossentropy" });
    await expect(trainer.fit(inputs, [0, 1, 0, 1])).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
      message: `Trainer.fit: x must be ${message}`,
    });
    trainer.dispose();
    model.dispose();
  });
});

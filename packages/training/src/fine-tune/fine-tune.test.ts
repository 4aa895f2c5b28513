import {
  BatchNormalization,
  Conv2D,
  Dense,
  Dropout,
  GlobalAveragePooling2D,
  MaxPooling2D,
  type Model,
  ReLU,
  Sequential,
} from "@featuremap/layers";
import type { Batch, BatchSource } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test, vi } from "vitest";
import type { LabelledData } from "../data/to-source.ts";
import { EarlyStopping } from "../callbacks/early-stopping.ts";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import { smallPictures } from "../testing/small-pictures.ts";
import type { FineTuneOptions } from "./fine-tune-options.ts";
import { type FineTuned, fineTune } from "./fine-tune.ts";
import type { Unfreeze } from "./unfreeze-options.ts";

useBackend(allowSavedTensors);

const count = 12;
const { x, y } = smallPictures(count, 8);

const base = (): Sequential =>
  new Sequential(
    [
      new Conv2D({ filters: 3, kernelSize: 3, name: "conv1", inputShape: [8, 8, 1] }),
      new BatchNormalization({ name: "bn1" }),
      new ReLU(),
      new MaxPooling2D(),
      new Conv2D({ filters: 4, kernelSize: 2, name: "conv2" }),
      new ReLU(),
    ],
    { name: "base", seed: 1 },
  );

const classifier = (dropout = 0): Sequential =>
  new Sequential(
    [
      base(),
      new GlobalAveragePooling2D(),
      new Dropout({ rate: dropout }),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 2 },
  );

const settings: FineTuneOptions = { epochs: 4, freezeEpochs: 2, batchSize: 5, learningRate: 0.01 };

async function tuned(model: Model, options: object = {}, data: LabelledData = { x, y }): Promise<FineTuned> {
  return fineTune(model, data, { ...settings, ...options });
}

const weightsOf = async (model: Model): Promise<Record<string, readonly number[]>> => {
  const entries: [string, readonly number[]][] = [];
  for (const [path, weight] of model.namedWeights()) entries.push([path, [...(await weight.read()).data]]);
  return Object.fromEntries(entries);
};

/** Weights that are not the same to the bit. */
async function changed(model: Model, before: Record<string, readonly number[]>): Promise<string[]> {
  const after = await weightsOf(model);
  return Object.keys(before).filter((path) => before[path]?.some((value, index) => value !== after[path]?.[index]));
}

describe("while the base is frozen", () => {
  test("kept features give the losses that pictures give, in the order of the same seed", async () => {
    const validationData = { x, y };
    const frozen = { epochs: 4, freezeEpochs: 4, validationData };
    const kept = await tuned(classifier(), frozen);
    const computed = await tuned(classifier(), { ...frozen, cacheFeatures: false });
    for (const name of ["loss", "accuracy", "val_loss", "val_accuracy"]) {
      const expected = computed.history.history[name] ?? [];
      expect(expected).toHaveLength(4);
      for (const [epoch, value] of (kept.history.history[name] ?? []).entries()) {
        expect(Math.abs(value - (expected[epoch] ?? Number.NaN))).toBeLessThan(1e-5);
      }
    }
    expect(kept.notes[0]).toContain("features of 24 pictures are computed once and kept as float32, 4 numbers each");
    kept.model.dispose();
    computed.model.dispose();
  });

  test.for([true, false])("its weights stay as they are to the bit, features kept: %s", async (cacheFeatures) => {
    const model = classifier(0.3);
    const before = await weightsOf(model);
    await tuned(model, { epochs: 2, cacheFeatures });
    expect(await changed(model, before)).toEqual(["dense/kernel", "dense/bias"]);
    model.dispose();
  });

  test("where there is no disk, features take half the memory where float32 would take too much, and are not kept where that would too", async () => {
    const half = await tuned(classifier(), { epochs: 1, cacheBytes: 100, cacheFolder: false });
    expect(half.notes[0]).toContain("kept as float16");
    const none = await tuned(classifier(), { epochs: 1, cacheBytes: 95, cacheFolder: false });
    expect(none.notes[0]).toBe(
      "Features are not kept, for they would take 96 bytes, of 95 that are allowed (cacheBytes).",
    );
    const [loss = 0] = half.history.history["loss"] ?? [];
    expect(loss).toBeCloseTo(none.history.history["loss"]?.[0] ?? 0, 3);
    half.model.dispose();
    none.model.dispose();
  });

  test("several copies of augmented data are kept, and epochs take one after the other", async () => {
    const read: number[] = [];
    const source: BatchSource = {
      size: count,
      batchSize: 6,
      batchCount: 2,
      seed: 4,
      *batches(epoch): Generator<Batch> {
        read.push(epoch);
        for (const start of [0, 6]) yield { x: x.slice(start, start + 6), y: y.slice(start, start + 6), size: 6 };
      },
    };
    const { model, history } = await tuned(
      classifier(),
      { batchSize: undefined, epochs: 5, freezeEpochs: 4, copies: 2 },
      source,
    );
    // The last is read by the training of all layers.
    expect(read).toEqual([0, 1, 4]);
    expect(history.epoch).toEqual([0, 1, 2, 3, 4]);
    model.dispose();
  });

  test("no more copies are kept than epochs take", async () => {
    const { model, notes } = await tuned(classifier(), { epochs: 2, freezeEpochs: 2, copies: 1e9, cacheBytes: 0 });
    expect(notes[0]).toMatch(/features of 24 pictures are computed once and kept on the disk/);
    model.dispose();
  });
});

describe("once it is unfrozen", () => {
  test("its layers learn, but BatchNormalization", async () => {
    const model = classifier();
    const before = await weightsOf(model);
    const { notes } = await tuned(model);
    expect((await changed(model, before)).filter((path) => path.includes("bn1"))).toEqual([]);
    expect(await changed(model, before)).toContain("base/conv1/kernel");
    expect(notes.at(-1)).toBe("From epoch 3 on 2 layers of the base learn too.");
    model.dispose();
  });

  test.for<[Unfreeze, boolean, readonly string[]]>([
    [1, false, ["conv2"]],
    [0, false, []],
    [["conv1"], false, ["conv1"]],
    ["all", true, ["conv1", "bn1", "conv2"]],
  ])("unfreeze: %j, with BatchNormalization: %s", async ([unfreeze, trainBatchNormalization, layers]) => {
    const model = classifier();
    const before = await weightsOf(model);
    await tuned(model, { unfreeze, trainBatchNormalization });
    const moved = (await changed(model, before)).filter((path) => path.startsWith("base/"));
    expect([...new Set(moved.map((path) => path.split("/")[1]))]).toEqual(layers);
    model.dispose();
  });

  test("layers further from the head take smaller steps", async () => {
    const model = classifier();
    const start = await weightsOf(model);
    const once = { epochs: 1, freezeEpochs: 0, batchSize: count, shuffle: false, optimizer: "sgd" as const };
    await tuned(model, once);
    const whole = await weightsOf(model);
    const scaled = classifier();
    await tuned(scaled, { ...once, learningRatePerDepth: 0.5 });
    const parts = await weightsOf(scaled);
    const step = (after: Record<string, readonly number[]>, path: string): number =>
      (after[path]?.[0] ?? 0) - (start[path]?.[0] ?? 0);
    for (const [path, factor] of [
      ["dense/kernel", 1],
      ["base/conv2/kernel", 0.5],
      ["base/conv1/kernel", 0.25],
    ] as const) {
      expect(step(parts, path) / step(whole, path)).toBeCloseTo(factor, 2);
    }
    model.dispose();
    scaled.dispose();
  });
});

test("the same seeds give the same losses", async () => {
  const once = await tuned(classifier(0.4));
  const again = await tuned(classifier(0.4));
  expect(again.history).toEqual(once.history);
  once.model.dispose();
  again.model.dispose();
});

test("callbacks hear of all epochs, and see the whole model", async () => {
  const epochs: number[] = [];
  const models = new Set<Model>();
  const callback = new LambdaCallback({
    onEpochEnd: (epoch, _logs, run) => {
      epochs.push(epoch);
      models.add(run.model);
    },
  });
  const model = classifier();
  await tuned(model, { callbacks: [callback] });
  expect(epochs).toEqual([0, 1, 2, 3]);
  expect([...models]).toEqual([model]);
  model.dispose();
});

test("a callback that stops the first part begins the second", async () => {
  const callbacks = [new EarlyStopping({ monitor: "loss", patience: 0, minDelta: 100 })];
  const { model, history } = await tuned(classifier(), { freezeEpochs: 8, epochs: 9, callbacks });
  expect(history.epoch).toEqual([0, 1, 8]);
  model.dispose();
});

test("the signal ends it, and keeps what was learned", async () => {
  const controller = new AbortController();
  const model = classifier();
  const before = await weightsOf(model);
  const callbacks = [new LambdaCallback({ onEpochEnd: () => controller.abort() })];
  const { history } = await tuned(model, { callbacks, signal: controller.signal });
  expect(history).toMatchObject({ epoch: [0], stopped: "aborted" });
  expect(await changed(model, before)).toContain("dense/kernel");
  const aborted = await tuned(model, { signal: AbortSignal.abort() });
  expect(aborted.history).toMatchObject({ epoch: [], stopped: "aborted", abortedAt: { epoch: 0, step: 0 } });
  const later = await tuned(model, { initialEpoch: 1 });
  expect(later.history.epoch).toEqual([1, 2, 3]);
  model.dispose();
});

test("says what it does to whoever asks", async () => {
  const onNote = vi.fn<(note: string) => void>();
  const { model, notes } = await tuned(classifier(), { onNote });
  expect(onNote.mock.calls.map(([note]) => note)).toEqual(notes);
  model.dispose();
});

test.for<[string, object, string]>([
  ["an unknown option", { rate: 1 }, "fineTune: options must be among"],
  ["a base that is not there", { base: "none" }, "fineTune: base must be the name of one of the layers"],
  ["a base that ends the model", { base: "dense" }, "fineTune: base must be a layer before the last"],
  ["layers that are not there", { unfreeze: ["dense"] }, "fineTune: unfreeze must be names of layers of the base"],
  ["what is not layers", { unfreeze: "some" }, 'fineTune: unfreeze must be "all", a number of layers'],
  ["a rate above 1 per depth", { learningRatePerDepth: 1.5 }, "fineTune: learningRatePerDepth must be in (0, 1]"],
  ["what makes no optimizer", { optimizer: () => 1 }, "fineTune: what optimizer gives must be an optimizer"],
  ["what is not callbacks", { callbacks: [{}] }, "fineTune: callbacks must be a list"],
  ["a limit that is no time", { timeLimit: 3 }, "fineTune: timeLimit must be { minutes }"],
  ["classes for a classifier of one", { classes: 1 }, "fineTune: classes must be"],
])("refuses %s", async ([, options, message]) => {
  const model = classifier();
  await expect(tuned(model, options)).rejects.toThrow(message);
  model.dispose();
});

test("refuses what is not a model", async () => {
  await expect(Reflect.apply(fineTune, undefined, [{}, { x, y }])).rejects.toThrow("fineTune: model must be a model");
});

import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { BatchNormalization, Dense, Dropout, GaussianNoise, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { AUC } from "../../metrics/thresholds/auc.ts";
import { Adam } from "../../optimizers/adam.ts";
import { type SectorArrays, sectors } from "../../testing/tiny-problem.ts";
import { Trainer } from "../../trainer/trainer.ts";
import type { FitOptions } from "../../trainer/trainer-options.ts";
import { BackupAndRestore, type BackupAndRestoreConfig } from "./backup-and-restore.ts";
import type { Callback } from "../../run/callback.ts";
import { EarlyStopping } from "../early-stopping.ts";
import { LambdaCallback } from "../lambda-callback.ts";
import { LearningRateScheduler } from "../learning-rate-scheduler.ts";
import { ModelCheckpoint } from "../model-checkpoint.ts";
import { ReduceLROnPlateau } from "../reduce-lr-on-plateau.ts";

useBackend(allowSavedTensors);

const folder = temporaryFolder("test");

/** Draws for dropout and noise, moving statistics, slots, moving means and half a gradient: all there is to remember. */
function forgetfulTrainer(): Trainer {
  const inner = new Sequential([new GaussianNoise({ stddev: 0.1 }), new Dropout({ rate: 0.2, seed: 5 })]);
  const model = new Sequential(
    [
      new Dense({ units: 6, activation: "tanh", inputShape: [2] }),
      inner,
      new BatchNormalization(),
      new Dropout({ rate: 0.3 }),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 1 },
  );
  const optimizer = new Adam({ learningRate: 0.05, gradientAccumulationSteps: 2, useEma: true, emaMomentum: 0.9 });
  const loss = "sparseCategoricalCrossentropy";
  return new Trainer(model, { optimizer, loss, metrics: ["accuracy"] });
}

interface Outcome {
  readonly epochs: readonly number[];
  /** Loss and metrics of each epoch by its number. */
  readonly numbers: ReadonlyMap<number, Record<string, number>>;
  readonly weights: readonly HostArray[];
}

const steps = 5;

async function run(options: FitOptions, data: SectorArrays = sectors(40, { seed: 3 })): Promise<Outcome> {
  const trainer = forgetfulTrainer();
  try {
    const fitted = await trainer.fit(data, { epochs: 4, batchSize: 40 / steps, ...options });
    const numbers = fitted.epoch.map((epoch, index) => {
      const entries = Object.entries(fitted.history).map(
        ([name, values]) => [name, values[index] ?? Number.NaN] as const,
      );
      return [epoch, Object.fromEntries(entries)] as const;
    });
    return { epochs: fitted.epoch, numbers: new Map(numbers), weights: await trainer.model.getWeights() };
  } finally {
    trainer.dispose();
    trainer.model.dispose();
  }
}

function expectSameRest(rest: Outcome, whole: Outcome): void {
  expect(rest.weights).toEqual(whole.weights);
  for (const [epoch, numbers] of rest.numbers) expect(numbers).toEqual(whole.numbers.get(epoch));
}

/** What makes an interruption, after so many batches in all. */
function failsAfter(batches: number): Callback {
  let seen = 0;
  return new LambdaCallback({
    onTrainBatchBegin: () => {
      if (seen++ === batches) throw new Error("power is off");
    },
  });
}

const backup = (config: Partial<BackupAndRestoreConfig> = {}): BackupAndRestore =>
  new BackupAndRestore({ backupDir: folder.path(), ...config });

describe("a training with dropout, noise, shuffling, moving means and accumulated gradients", () => {
  test.for([
    ["epoch", 12, [2, 3]],
    ["epoch", 10, [2, 3]],
    [1, 12, [2, 3]],
    [2, 7, [1, 2, 3]],
    [3, 17, [2, 3]],
    [7, 14, [2, 3]],
  ] as const)("goes on with saveFreq %s after batch %i as if nothing had happened", async ([saveFreq, at, epochs]) => {
    const whole = await run({});
    await expect(run({ callbacks: [backup({ saveFreq }), failsAfter(at)] })).rejects.toThrow("power is off");
    const rest = await run({ callbacks: [backup({ saveFreq })] });
    expect(rest.epochs).toEqual(epochs);
    expectSameRest(rest, whole);
    await expect(readdir(folder.path())).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("goes on at the very step where the signal ended it, whatever saveFreq is", async () => {
    const whole = await run({});
    const abort = new AbortController();
    let seen = 0;
    const aborting = new LambdaCallback({ onTrainBatchEnd: () => void (++seen === 8 && abort.abort()) });
    const first = await run({ callbacks: [backup(), aborting], signal: abort.signal });
    expect(first.epochs).toEqual([0]);
    const rest = await run({ callbacks: [backup()] });
    expect(rest.epochs).toEqual([1, 2, 3]);
    expectSameRest(rest, whole);
  });

  test("goes on in the same order without a seed of the data's, which the first run had picked", async () => {
    const model = (): Sequential =>
      new Sequential([new Dense({ units: 3, activation: "softmax", inputShape: [2], kernelInitializer: "zeros" })]);
    const losses: number[][] = [];
    const fit = async (...callbacks: Callback[]): Promise<void> => {
      const heard: number[] = [];
      losses.push(heard);
      const trainer = new Trainer(model(), { optimizer: "sgd", loss: "sparse_categorical_crossentropy" });
      const hearing = new LambdaCallback({ onTrainBatchEnd: (_batch, { loss = 0 }) => void heard.push(loss) });
      try {
        await trainer.fit(sectors(40), { batchSize: 4, callbacks: [hearing, ...callbacks] });
      } finally {
        trainer.dispose();
        trainer.model.dispose();
      }
    };
    await expect(fit(failsAfter(6), backup({ saveFreq: 1, deleteCheckpoint: false }))).rejects.toThrow("power is off");
    await fit(backup({ deleteCheckpoint: false }));
    const kept = await readFile(folder.path("backup.safetensors"));
    expect(kept.length).toBeGreaterThan(0);
    // Both halves together are one epoch of all examples: the mean of the untouched first half goes on.
    expect(losses.map(({ length }) => length)).toEqual([6, 4]);
  });

  test("remembers what other callbacks know", async () => {
    const others = (): Callback[] => [
      new ReduceLROnPlateau({ monitor: "loss", patience: 1, factor: 0.5, minDelta: 10, cooldown: 1 }),
      new EarlyStopping({ monitor: "loss", patience: 3, minDelta: 10, restoreBestWeights: true }),
      new ModelCheckpoint({
        filepath: folder.path("saved/{epoch}-{batch}"),
        monitor: "loss",
        saveWeightsOnly: true,
        saveFreq: 3,
      }),
    ];
    const whole = await run({ epochs: 8, callbacks: others() });
    const files = await readdir(folder.path("saved"));
    await rm(folder.path("saved"), { recursive: true });
    const broken = run({ epochs: 8, callbacks: [backup({ saveFreq: 4 }), ...others(), failsAfter(13)] });
    await expect(broken).rejects.toThrow("power is off");
    const rest = await run({ epochs: 8, callbacks: [backup({ saveFreq: 4 }), ...others()] });
    expectSameRest(rest, whole);
    expect(rest.epochs.at(-1)).toBe(whole.epochs.at(-1));
    expect(await readdir(folder.path("saved"))).toEqual(files);
  });

  test("does not set an epoch's learning rate twice", async () => {
    const halving = (): Callback => new LearningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2));
    const whole = await run({ callbacks: [halving()] });
    const broken = run({ callbacks: [halving(), backup({ saveFreq: 2 }), failsAfter(13)] });
    await expect(broken).rejects.toThrow("power is off");
    expectSameRest(await run({ callbacks: [halving(), backup({ saveFreq: 2 })] }), whole);

    const abort = new AbortController();
    const aborting = new LambdaCallback({ onEpochBegin: (epoch) => void (epoch === 2 && abort.abort()) });
    await run({ callbacks: [halving(), backup(), aborting], signal: abort.signal });
    const rest = await run({ callbacks: [halving(), backup()] });
    expect(rest.epochs).toEqual([2, 3]);
    expectSameRest(rest, whole);
  });
});

test("sums of every metric go on within an epoch, also where it was all but validated", async () => {
  const fit = async (callbacks: readonly Callback[], signal?: AbortSignal) => {
    const model = new Sequential([new Dense({ units: 1, activation: "sigmoid", inputShape: [2] })], { seed: 1 });
    const metrics = [new AUC(), "binaryAccuracy"] as const;
    const config = { optimizer: "sgd", loss: "binaryCrossentropy", metrics, weightedMetrics: ["mse"] } as const;
    const trainer = new Trainer(model, config);
    const { x, y } = sectors(40);
    const labels = HostArray.from([...y.data].map((label) => Math.min(label, 1)));
    const sampleWeight = HostArray.from([...y.data].map((label) => label + 0.5));
    const options = { epochs: 2, batchSize: 8, validation: { x, y: labels }, callbacks };
    const { history } = await trainer.fit(
      { x, y: labels, sampleWeight },
      { ...options, ...(signal ? { signal } : {}) },
    );
    trainer.dispose();
    model.dispose();
    return history;
  };
  const whole = await fit([]);
  const abort = new AbortController();
  const aborting = new LambdaCallback({ onTestBegin: () => abort.abort() });
  expect(await fit([backup(), aborting], abort.signal)).toEqual({});
  expect(await fit([backup()])).toEqual(whole);
});

test("what else is in the backup's folder stays", async () => {
  await writeFile(folder.path("notes.txt"), "mine");
  await run({ callbacks: [backup()] });
  expect(await readdir(folder.path())).toEqual(["notes.txt"]);
});

describe("doubleCheckpoint", () => {
  test("falls back on the backup before, where the last is damaged", async () => {
    const whole = await run({});
    const config = { saveFreq: 2, doubleCheckpoint: true } as const;
    await expect(run({ callbacks: [backup(config), failsAfter(9)] })).rejects.toThrow("power is off");
    expect((await readdir(folder.path())).toSorted()).toEqual(["backup.safetensors", "previous.safetensors"]);
    await writeFile(folder.path("backup.safetensors"), "half of");
    await expect(run({ callbacks: [backup()] })).rejects.toMatchObject({ code: "INVALID_FORMAT" });
    const rest = await run({ callbacks: [backup(config)] });
    expectSameRest(rest, whole);
    await expect(readdir(folder.path())).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("a backup is refused", () => {
  test("for data in another order", async () => {
    await expect(run({ callbacks: [backup(), failsAfter(7)] })).rejects.toThrow("power is off");
    const { size, batchSize, batchCount } = { size: 40, batchSize: 8, batchCount: 5 };
    const source = { size, batchSize, batchCount, seed: 9, *batches() {} };
    const trainer = forgetfulTrainer();
    await expect(trainer.fit(source, { epochs: 4, callbacks: [backup()] })).rejects.toMatchObject({
      option: "seed of the batches",
    });
    trainer.model.dispose();
  });

  test.for<[string, Partial<FitOptions>, (data: SectorArrays) => SectorArrays]>([
    [
      "another label",
      {},
      ({ x, y }) => ({ x, y: new HostArray(y.data.with(3, (y.data[3] ?? 0) === 0 ? 1 : 0), y.shape) }),
    ],
    ["another example", {}, ({ x, y }) => ({ x: new HostArray(x.data.with(7, 0.5), x.shape), y })],
    ["other batches", { batchSize: 5 }, (data) => data],
  ])("for arrays with %s, at the end of an epoch too", async ([, options, change]) => {
    await expect(run({ callbacks: [backup(), failsAfter(7)] })).rejects.toThrow("power is off");
    const other = run({ ...options, callbacks: [backup()] }, change(sectors(40, { seed: 3 })));
    await expect(other).rejects.toMatchObject({ option: "fingerprint of the data" });
    expect((await run({ callbacks: [backup()] })).epochs).toEqual([1, 2, 3]);
  });

  test.for<[string, Partial<FitOptions>]>([
    ["class weights", { classWeight: { 0: 2 } }],
    ["a number of steps", { stepsPerEpoch: 3 }],
  ])("for other arrays with %s", async ([, options]) => {
    await expect(run({ ...options, callbacks: [backup(), failsAfter(7)] })).rejects.toThrow("power is off");
    const { x, y } = sectors(40);
    const other = run({ ...options, callbacks: [backup()] }, { x: new HostArray(x.data.with(7, 0.5), x.shape), y });
    await expect(other).rejects.toMatchObject({ option: "fingerprint of the data" });
    expect((await run({ ...options, callbacks: [backup()] })).epochs.at(-1)).toBe(3);
  });

  test("for batches that tell of other data, or no longer", async () => {
    const { x, y } = sectors(40, { seed: 3 });
    const sourceOf = (fingerprint?: string) => ({
      size: 40,
      batchSize: 40,
      batchCount: 1,
      fingerprint,
      batches: () => [{ x, y, size: 40 }],
    });
    const fit = async (fingerprint: string | undefined, callbacks: Callback[]): Promise<unknown> => {
      const trainer = forgetfulTrainer();
      try {
        return await trainer.fit(sourceOf(fingerprint), { epochs: 3, callbacks });
      } finally {
        trainer.dispose();
        trainer.model.dispose();
      }
    };
    await expect(fit("one", [backup(), failsAfter(1)])).rejects.toThrow("power is off");
    for (const other of ["two", undefined]) {
      await expect(fit(other, [backup()])).rejects.toThrow(
        "Trainer.fit: fingerprint of the data must be that of the training that was interrupted",
      );
    }
    expect(await fit("one", [backup()])).toMatchObject({ epoch: [1, 2] });
  });

  test("for a model that is not built", async () => {
    await expect(run({ callbacks: [backup(), failsAfter(7)] })).rejects.toThrow("power is off");
    const trainer = new Trainer(new Sequential([new Dense({ units: 3 })]), { optimizer: "sgd", loss: "mse" });
    await expect(trainer.fit(sectors(8), { callbacks: [backup()] })).rejects.toMatchObject({ option: "model" });
  });

  test.for([
    ["saveFreq", { saveFreq: 0 }],
    ["saveFreq", { saveFreq: "batch" }],
    ["backupDir", { backupDir: "" }],
  ] as const)("where %s is %o", ([option, wrong]) => {
    expect(() => Reflect.construct(BackupAndRestore, [{ backupDir: folder.path(), ...wrong }])).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });
});

test("ModelCheckpoint saves every so many batches through epochs, and then knows no validation", async () => {
  const checkpoint = (more: object): ModelCheckpoint =>
    new ModelCheckpoint({
      filepath: folder.path("{epoch}-{batch:02d}-{loss:.1f}"),
      saveWeightsOnly: true,
      saveFreq: 4,
      ...more,
    });
  await run({ epochs: 3, callbacks: [checkpoint({})] });
  const saved = (await readdir(folder.path())).map((name) => name.replace(/-\d\.\d$/, "")).toSorted();
  expect(saved).toEqual(["1-04", "2-03", "3-02"]);
  const validation = sectors(8);
  const best = run({ callbacks: [checkpoint({ saveBestOnly: true })], validation });
  await expect(best).rejects.toMatchObject({ option: "monitor" });
});

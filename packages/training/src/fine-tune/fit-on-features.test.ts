import { mkdir, readdir } from "node:fs/promises";
import { Conv2D, Dense, Dropout, GlobalAveragePooling2D, type Model, Sequential } from "@featuremap/layers";
import type { Batch, BatchSource, HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { describe, expect, test, vi } from "vitest";
import { BackupAndRestore } from "../callbacks/backup/backup-and-restore.ts";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import { Adam } from "../optimizers/adam.ts";
import type { Callback } from "../run/callback.ts";
import type { History } from "../run/history.ts";
import { smallPictures } from "../testing/small-pictures.ts";
import { Trainer } from "../trainer/trainer.ts";
import { type FitOnFeaturesOptions, fitOnFeatures } from "./fit-on-features.ts";

useBackend(allowSavedTensors);
const folder = temporaryFolder();

const count = 14;
const { x, y } = smallPictures(count, 6);
const data = { x, y, batchSize: 4, seed: 5 };
const validation = { x: x.slice(0, 5), y: y.slice(0, 5) };

const makeModel = (): Sequential =>
  new Sequential(
    [
      new Conv2D({ filters: 3, kernelSize: 3, activation: "relu", name: "seeing", inputShape: [6, 6, 1] }),
      new GlobalAveragePooling2D(),
      new Dropout({ rate: 0.3 }),
      new Dense({ units: 3, activation: "softmax", name: "answer" }),
    ],
    { seed: 2 },
  );

/** Freezes all but the last layer for two epochs. */
class Freezing extends LambdaCallback {
  constructor() {
    super({
      onEpochBegin: (epoch, { model }) => {
        for (const layer of (model as Sequential).layers.slice(0, -1)) layer.trainable = epoch >= 2;
      },
    });
  }
}

interface Outcome {
  readonly history: History;
  readonly weights: readonly HostArray[];
}

async function trained(
  options: Partial<FitOnFeaturesOptions> = {},
  fit: (trainer: Trainer, settings: FitOnFeaturesOptions) => Promise<History> = (trainer, settings) =>
    fitOnFeatures(trainer, data, settings),
): Promise<Outcome> {
  const model: Model = makeModel();
  const loss = "sparseCategoricalCrossentropy";
  const trainer = new Trainer(model, { optimizer: new Adam({ learningRate: 0.01 }), loss, metrics: ["accuracy"] });
  try {
    const { callbacks = [], ...others } = options;
    const all = [new Freezing(), ...callbacks];
    const history = await fit(trainer, { epochs: 4, frozenUntil: 2, validation, ...others, callbacks: all });
    return { history, weights: await model.getWeights() };
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

/** The same by `fit`, which computes the base in each epoch. */
const plainly = (): Promise<Outcome> =>
  trained({}, (trainer, { epochs = 1, callbacks = [] }) => trainer.fit(data, { epochs, callbacks, validation }));

function expectAlike(one: Outcome, other: Outcome): void {
  expect(one.history.epoch).toEqual(other.history.epoch);
  for (const [name, values] of Object.entries(one.history.history)) {
    for (const [epoch, value] of values.entries()) {
      expect(Math.abs(value - (other.history.history[name]?.[epoch] ?? Number.NaN))).toBeLessThan(1e-5);
    }
  }
}

describe("fitOnFeatures", () => {
  test("gives what fit gives, in frozen epochs and behind them", async () => {
    const notes: string[] = [];
    const done: number[] = [];
    const kept = await trained({ onNote: (note) => void notes.push(note), onFeatures: (each) => void done.push(each) });
    const plain = await plainly();
    expect(Object.keys(kept.history.history)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    expectAlike(kept, plain);
    for (const [index, { data: values }] of kept.weights.entries()) {
      values.forEach((value, at) => expect(value).toBeCloseTo(plain.weights[index]?.data[at] ?? 9, 5));
    }
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain("features of 19 pictures are computed once and kept as float32, 3 numbers each");
    expect(done).toEqual([4, 8, 12, 14, 18, 19]);
  });

  test("features that are too large for memory are on the disk, and nothing is left of them", async () => {
    const notes: string[] = [];
    const inMemory = await trained();
    const onDisk = await trained({
      cacheBytes: 0,
      cacheFolder: folder.path("cache"),
      onNote: (note) => void notes.push(note),
    });
    expect(notes[0]).toContain("kept on the disk, 3 numbers each");
    expect(onDisk).toEqual(inMemory);
    // It was made, and goes again.
    await expect(readdir(folder.path("cache"))).rejects.toMatchObject({ code: "ENOENT" });
    await mkdir(folder.path("cache"));
    const fail = new LambdaCallback({
      onTrainBatchBegin: () => {
        throw new Error("the power is off");
      },
    });
    const failing = trained({ cacheBytes: 0, cacheFolder: folder.path("cache"), callbacks: [fail] });
    await expect(failing).rejects.toThrow("the power is off");
    expect(await readdir(folder.path("cache"))).toEqual([]);
  });

  test("where neither memory nor disk takes them, the base is computed in each epoch", async () => {
    const onNote = vi.fn<(note: string) => void>();
    const none = await trained({ cacheBytes: 0, cacheFolder: "/dev/null/none", onNote });
    expect(onNote.mock.calls[0]?.[0]).toMatch(/^Features are not kept, for they .* of 0 that are allowed.*\/dev\/null/);
    expect(none).toEqual(await plainly());
  });

  test("each picture is looked at once while the base is frozen, also one that is varied later", async () => {
    const read: string[] = [];
    const source = (name: string, seed?: number): BatchSource => ({
      size: count,
      batchSize: 7,
      batchCount: 2,
      ...(seed === undefined ? {} : { seed }),
      *batches(epoch): Generator<Batch> {
        read.push(`${name} ${epoch}`);
        for (const start of [0, 7]) yield { x: x.slice(start, start + 7), y: y.slice(start, start + 7), size: 7 };
      },
    });
    await trained({}, (trainer, settings) =>
      fitOnFeatures(trainer, source("varied", 4), {
        ...settings,
        pictures: source("plain"),
        validation: source("judged"),
      }),
    );
    expect(read).toEqual(["plain 0", "judged 0", "varied 2", "judged 0", "varied 3", "judged 0"]);
  });

  test("goes on to the bit from a backup of any step", async () => {
    const whole = await trained();
    for (const stop of [3, 6, 9]) {
      const backupDir = folder.path(`backup-${stop}`);
      const backup = (): Callback => new BackupAndRestore({ backupDir, saveFreq: 1 });
      let steps = 0;
      const cut = new LambdaCallback({
        onTrainBatchBegin: () => {
          if (steps++ === stop) throw new Error("the power is off");
        },
      });
      await expect(trained({ callbacks: [backup(), cut] })).rejects.toThrow("the power is off");
      const rest = await trained({ callbacks: [backup()] });
      expect(rest.weights).toEqual(whole.weights);
      const loss = whole.history.history["loss"]?.slice(Math.floor(stop / 4));
      expect(rest.history.history["loss"]).toEqual(loss);
    }
  });

  test("the signal and the time limit end it while features are computed, and a backup stays as it was", async () => {
    const controller = new AbortController();
    const aborted = await trained({ signal: controller.signal, onFeatures: () => controller.abort() });
    expect(aborted.history).toMatchObject({ epoch: [], stopped: "aborted", abortedAt: { epoch: 0, step: 0 } });

    const whole = await trained();
    const backupDir = folder.path("backup-again");
    const backup = (): Callback => new BackupAndRestore({ backupDir, saveFreq: 1 });
    let steps = 0;
    const late = new AbortController();
    const stop = new LambdaCallback({ onTrainBatchEnd: () => void (++steps === 2 && late.abort()) });
    await trained({ callbacks: [backup(), stop], signal: late.signal });
    const again = new AbortController();
    await trained({ callbacks: [backup()], signal: again.signal, onFeatures: () => again.abort() });
    expect((await trained({ callbacks: [backup()] })).weights).toEqual(whole.weights);
  });

  test.for<[string, object, string]>([
    ["an unknown option", { rate: 1 }, "fitOnFeatures: options must be among"],
    ["a base that is not there", { base: "none" }, "fitOnFeatures: base must be the name of one of the layers"],
    ["no number of epochs", { frozenUntil: -1 }, "fitOnFeatures: frozenUntil must be"],
    ["a folder that is none", { cacheFolder: 3 }, "fitOnFeatures: cacheFolder must be the path of a folder, or false"],
  ])("refuses %s", async ([, options, message]) => {
    await expect(trained(options)).rejects.toThrow(message);
  });
});

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { BatchNormalization, Conv2D, Sequential } from "@featuremap/layers";
import type { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { expect, test, vi } from "vitest";
import { BackupAndRestore } from "../callbacks/backup/backup-and-restore.ts";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import type { History } from "../run/history.ts";
import { smallPictures } from "../testing/small-pictures.ts";
import type { FineTuneOptions } from "./fine-tune-options.ts";
import { fineTune } from "./fine-tune.ts";

useBackend(allowSavedTensors);
const folder = temporaryFolder();

const data = smallPictures(12, 6);

interface Outcome {
  readonly history: History;
  readonly weights: readonly HostArray[];
}

/** A training in a process of its own: a base and a head that are made anew. */
async function tuned(options: FineTuneOptions = {}): Promise<Outcome> {
  const base = new Sequential(
    [
      new Conv2D({ filters: 3, kernelSize: 3, activation: "relu", name: "conv1", inputShape: [6, 6, 1] }),
      new BatchNormalization({ name: "bn1" }),
      new Conv2D({ filters: 3, kernelSize: 2, activation: "relu", name: "conv2" }),
    ],
    { name: "base", seed: 1 },
  );
  const settings = {
    classes: 3,
    epochs: 4,
    freezeEpochs: 2,
    batchSize: 5,
    learningRate: 0.01,
    learningRatePerDepth: 0.5,
  };
  try {
    const { model, history } = await fineTune(base, data, { ...settings, ...options });
    const weights = await model.getWeights();
    model.layers.at(-1)?.dispose();
    return { history, weights };
  } finally {
    base.dispose();
  }
}

/** Fails before a step, counted over both parts. */
function cutAt(step: number): LambdaCallback {
  let steps = 0;
  return new LambdaCallback({
    onTrainBatchBegin: () => {
      if (steps++ === step) throw new Error("the power is off");
    },
  });
}

test("goes on to the bit, in either part and where one follows the other", async () => {
  const whole = await tuned();
  const losses = whole.history.history["loss"] ?? [];
  // An epoch has three steps.
  for (const [stop, epochsDone] of [
    [2, 0],
    [4, 1],
    [6, 2],
    [7, 2],
    [11, 3],
  ] as const) {
    const backupDir = folder.path(`stop-${stop}`);
    const backup = (): BackupAndRestore => new BackupAndRestore({ backupDir, saveFreq: 1 });
    await expect(tuned({ callbacks: [backup(), cutAt(stop)] })).rejects.toThrow("the power is off");
    const rest = await tuned({ callbacks: [backup()] });
    expect(rest.history.epoch).toEqual([0, 1, 2, 3].slice(epochsDone));
    expect(rest.history.history["loss"]).toEqual(losses.slice(epochsDone));
    expect(rest.weights).toEqual(whole.weights);
    expect(existsSync(backupDir)).toBe(false);
  }
});

test("the time limit ends it in either part, and the next call goes on", async () => {
  const whole = await tuned();
  const backup = (): BackupAndRestore => new BackupAndRestore({ backupDir: folder.path("late"), saveFreq: 1 });
  const first = await tuned({ callbacks: [backup()], timeLimit: { minutes: 1e-7 } });
  expect(first.history).toMatchObject({ epoch: [], stopped: "timeLimit" });
  let later = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + later);
  const wait = new LambdaCallback({
    onEpochBegin: (epoch) => {
      if (epoch === 3) later += 3_600_000;
    },
  });
  const second = await tuned({ callbacks: [wait, backup()], timeLimit: { minutes: 30 } });
  vi.restoreAllMocks();
  expect(second.history).toMatchObject({ epoch: [0, 1, 2], stopped: "timeLimit" });
  const third = await tuned({ callbacks: [backup()] });
  expect(third.history.epoch).toEqual([3]);
  expect(third.weights).toEqual(whole.weights);
});

test("without a second part its backup goes when it has ended, unless it is to be kept", async () => {
  const backupDir = folder.path("frozen");
  await tuned({ epochs: 2, callbacks: [new BackupAndRestore({ backupDir })] });
  expect(existsSync(backupDir)).toBe(false);
  await tuned({ epochs: 2, callbacks: [new BackupAndRestore({ backupDir, deleteCheckpoint: false })] });
  expect(await readdir(`${backupDir}/head`)).toContain("backup.safetensors");
});

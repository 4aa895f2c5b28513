import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BackupAndRestore } from "../callbacks/backup/backup-and-restore.ts";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import type { History } from "../run/history.ts";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "../trainer/trainer.ts";
import type { FitOptions } from "../trainer/trainer-options.ts";

useBackend(allowSavedTensors);

let folder = "";
/** Milliseconds; only what a test says takes time. */
let now = 0;
const clock = vi.spyOn(performance, "now");
beforeEach(async () => {
  now = 0;
  clock.mockReset().mockImplementation(() => now);
  folder = await mkdtemp(join(tmpdir(), "featuremap-limit-"));
});
afterEach(async () => {
  clock.mockReset();
  await rm(folder, { recursive: true, force: true });
});

async function run(options: FitOptions): Promise<{ fitted: History; weights: readonly HostArray[] }> {
  const model = sectorModel();
  const trainer = new Trainer(model, { optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
  try {
    const fitted = await trainer.fit(sectors(40, { seed: 3 }), { epochs: 3, batchSize: 8, ...options });
    return { fitted, weights: await model.getWeights() };
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

const validation = sectors(16);

describe("a time limit", () => {
  /** Each of the five steps of an epoch takes a minute. */
  const slow = (): LambdaCallback =>
    new LambdaCallback({ onTrainBatchEnd: () => void (now += 60_000), readsBatchLogs: () => false });
  const backup = (): BackupAndRestore => new BackupAndRestore({ backupDir: join(folder, "backup") });

  test("ends training after the step under way, and another fit goes on there, to the bit", async () => {
    const whole = await run({ validation });
    const first = await run({ validation, timeLimit: { minutes: 6.5 }, callbacks: [slow(), backup()] });
    expect(first.fitted).toMatchObject({ epoch: [0], stopped: "timeLimit", abortedAt: { epoch: 1, step: 2 } });
    expect(await readdir(join(folder, "backup"))).toEqual(["backup.safetensors"]);
    const second = await run({ validation, timeLimit: { minutes: 3 }, callbacks: [slow(), backup()] });
    expect(second.fitted).toMatchObject({ epoch: [1], stopped: "timeLimit" });
    const rest = await run({ validation, timeLimit: { minutes: 60 }, callbacks: [slow(), backup()] });
    expect(rest.fitted.stopped).toBeUndefined();
    expect(rest.weights).toEqual(whole.weights);
    expect(rest.fitted.history["val_loss"]).toEqual(whole.fitted.history["val_loss"]?.slice(2));
  });

  test("that is over while a model is validated lets it be, and begins no other epoch", async () => {
    const validating = new LambdaCallback({ onTestBegin: () => void (now += 60_000) });
    const begun: number[] = [];
    const hearing = new LambdaCallback({ onEpochBegin: (epoch) => void begun.push(epoch) });
    const { fitted } = await run({ validation, timeLimit: { minutes: 1 }, callbacks: [validating, hearing] });
    expect(fitted).toMatchObject({ epoch: [0], stopped: "timeLimit" });
    expect(fitted.history["val_loss"]).toHaveLength(1);
    expect(fitted).not.toHaveProperty("abortedAt");
    expect(begun).toEqual([0]);
  });

  test("is not what ended a training whose last epoch was done", async () => {
    const { fitted } = await run({ epochs: 1, timeLimit: { minutes: 5 }, callbacks: [slow()] });
    expect(fitted).not.toHaveProperty("stopped");
    expect(fitted.epoch).toEqual([0]);
  });

  test("gives way to a signal that ended training too", async () => {
    const { fitted } = await run({ timeLimit: { minutes: 1 }, callbacks: [slow()], signal: AbortSignal.abort() });
    expect(fitted.stopped).toBe("aborted");
  });

  test.for([{ minutes: 0 }, { minutes: "1" }, { seconds: 3 }, 10, null])(
    "is refused or absent for %o",
    async (limit) => {
      const fitting = run({ epochs: 1, timeLimit: limit as never });
      const outcome = await fitting.then(
        () => "trained",
        (error: Error) => error.message,
      );
      const refused = /^Trainer\.fit: timeLimit must be \{ minutes \} with a number above 0, received/;
      expect(outcome).toMatch(limit === null ? /^trained$/ : refused);
    },
  );
});

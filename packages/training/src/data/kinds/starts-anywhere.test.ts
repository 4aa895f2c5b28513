import { Dense, Sequential } from "@featuremap/layers";
import type { Batch, BatchSource, HostArray } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { BackupAndRestore } from "../../callbacks/backup/backup-and-restore.ts";
import { LambdaCallback } from "../../callbacks/lambda-callback.ts";
import { sectors } from "../../testing/tiny-problem.ts";
import { Trainer } from "../../trainer/trainer.ts";
import type { FitOptions } from "../../trainer/trainer-options.ts";

useBackend(allowSavedTensors);

const folder = temporaryFolder("test");

const { x, y } = sectors(40, { seed: 3 });
const whole: readonly Batch[] = Array.from({ length: 5 }, (_, index) => ({
  x: x.slice(index * 8, (index + 1) * 8),
  y: y.slice(index * 8, (index + 1) * 8),
  size: 8,
}));
const sizes = { size: 40, batchSize: 8, batchCount: 5 };

/** A source that begins anywhere, and the first batch that it was asked for each time. */
function seekable(isAsync: boolean): { source: BatchSource; asked: (readonly [epoch: number, from: number])[] } {
  const asked: (readonly [number, number])[] = [];
  const source: BatchSource = {
    ...sizes,
    startsAnywhere: true,
    batches(epoch, from = 0) {
      asked.push([epoch, from]);
      const batches = whole.slice(from);
      return isAsync ? later(batches) : batches;
    },
  };
  return { source, asked };
}

async function* later(batches: readonly Batch[]): AsyncGenerator<Batch, void> {
  yield* batches;
}

/** As sources were before they could begin anywhere. */
const plain: BatchSource = { ...sizes, batches: () => whole };

async function run(source: BatchSource, options: FitOptions): Promise<readonly HostArray[]> {
  const layers = [new Dense({ units: 3, activation: "softmax", inputShape: [2] })];
  const trainer = new Trainer(new Sequential(layers, { seed: 1 }), { loss: "sparseCategoricalCrossentropy" });
  try {
    await trainer.fit(source, { epochs: 2, ...options });
    return await trainer.model.getWeights();
  } finally {
    trainer.dispose();
    trainer.model.dispose();
  }
}

/** Breaks down after so many batches, then goes on; gives the weights of the second run. */
async function interrupted(source: BatchSource, at: number, options: FitOptions = {}): Promise<readonly HostArray[]> {
  const backup = (): BackupAndRestore => new BackupAndRestore({ backupDir: folder.path(), saveFreq: 1 });
  let seen = 0;
  const fails = new LambdaCallback({
    onTrainBatchBegin: () => {
      if (seen++ === at) throw new Error("power is off");
    },
  });
  await expect(run(source, { ...options, callbacks: [backup(), fails] })).rejects.toThrow("power is off");
  return run(source, { ...options, callbacks: [backup()] });
}

describe("a training that goes on within an epoch", () => {
  test.for([false, true])("reads no batch that was done but the last, asynchronous: %s", async (isAsync) => {
    const { source, asked } = seekable(isAsync);
    expect(await interrupted(source, 8)).toEqual(await run(plain, {}));
    // The second epoch was interrupted after its third batch.
    expect(asked).toEqual([
      [0, 0],
      [1, 0],
      [1, 2],
    ]);
  });

  test("goes through what was done of a source that begins nowhere but at its beginning", async () => {
    expect(await interrupted(plain, 8)).toEqual(await run(plain, {}));
  });

  test.for([
    [2, 3, 4, [0, 3]],
    [7, 2, 9, [1, 3]],
  ] as const)("does so with %i steps an epoch, too", async ([stepsPerEpoch, epochs, at, last]) => {
    const { source, asked } = seekable(false);
    const options = { stepsPerEpoch, epochs };
    expect(await interrupted(source, at, options)).toEqual(await run(plain, options));
    expect(asked.slice(1).find(([, from]) => from > 0)).toEqual(last);
  });

  test("says so where a source gives other batches than it was asked for", async () => {
    const source: BatchSource = { ...plain, startsAnywhere: true };
    await expect(interrupted(source, 8)).rejects.toThrow('data must be 5 batches, as batchCount says, received "7"');
  });
});

import { join } from "node:path";
import type { Model } from "@featuremap/layers";
import type { BatchSource, HostArray } from "@featuremap/tensor";
import { BackupAndRestore, type Callback, LambdaCallback, Trainer, type TrainerConfig } from "@featuremap/training";
import { expect } from "vitest";

/** A training that can be begun anew, as a process that starts again does. */
export interface Training {
  /** The batches, decoded by so many workers. */
  readonly data: (workers: number) => Promise<BatchSource>;
  readonly model: () => Model;
  readonly compile: () => TrainerConfig;
  readonly epochs: number;
}

/** What a training came to. */
export interface Outcome {
  readonly losses: readonly number[] | undefined;
  readonly weights: readonly HostArray[];
}

export async function train(training: Training, callbacks: readonly Callback[] = [], workers = 0): Promise<Outcome> {
  const { data, model, compile, epochs } = training;
  const trainer = new Trainer(model(), compile());
  try {
    const { history } = await trainer.fit(await data(workers), { epochs, callbacks });
    return { losses: history["loss"], weights: await trainer.model.getWeights() };
  } finally {
    trainer.dispose();
    trainer.model.dispose();
  }
}

/**
 * Expects of a training that breaks down within its second epoch and begins anew the numbers of one that went through,
 * whoever decoded: two workers, then one, and at last this thread.
 */
export async function expectExactResume(training: Training, folder: string): Promise<void> {
  const { batchCount } = await training.data(0);
  expect(batchCount).toBeGreaterThan(2);
  const backup = (): Callback => new BackupAndRestore({ backupDir: join(folder, "backup"), saveFreq: 1 });
  let begun = 0;
  const powerCut = new LambdaCallback({
    onTrainBatchBegin: () => {
      if (begun++ === batchCount + 2) throw new Error("the power is off");
    },
  });
  await expect(train(training, [backup(), powerCut], 2)).rejects.toThrow("the power is off");
  let since = 0;
  const counter = new LambdaCallback({ onTrainBatchBegin: () => void since++ });
  const resumed = await train(training, [backup(), counter], 1);
  expect(since).toBe(training.epochs * batchCount - (batchCount + 2));
  const whole = await train(training);
  // As in Keras, an epoch that was over before is not in the second history.
  expect(resumed.losses).toEqual(whole.losses?.slice(1));
  expect(resumed.weights).toEqual(whole.weights);
}

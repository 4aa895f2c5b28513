import type { Application } from "@featuremap/applications";
import type { ImageBatch } from "@featuremap/datasets";
import { AbortedError } from "@featuremap/tensor";
import { SparseCategoricalCrossentropy, Trainer } from "@featuremap/training";
import { tensor } from "@tensorflow/tfjs-core";
import { madeUpImages } from "./made-up-images.ts";

/** Something to measure, built and ready. */
export interface Workload {
  readonly parameters: number;
  /**
   * Does the work so many times, each time with a batch, and returns once it is done.
   *
   * @throws {AbortedError} the signal was aborted.
   */
  run(times: number): Promise<void>;
  dispose(): void;
}

/** What to build a workload from. */
export interface WorkloadOptions {
  readonly network: Application;
  readonly batchSize: number;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** Images to train on; more than a few batches, so that none lies in a cache from its last use. */
const trainingImages = 6_400;

/** Steps of `Trainer.fit`, from bytes in memory, in a new order each epoch: what `featuremap train` does. */
export function trainingWorkload({ network, batchSize, seed, signal }: WorkloadOptions): Workload {
  const model = network.build({ seed });
  const loss = new SparseCategoricalCrossentropy({ fromLogits: network.outputs === "logits" });
  const trainer = new Trainer(model, { optimizer: network.defaults.optimizer, loss });
  const images = madeUpImages(network, Math.max(trainingImages, batchSize), seed);
  const source = images.batch(batchSize, { seed, dropRemainder: true });
  const endless = (function* (): Generator<ImageBatch, never> {
    for (let epoch = 0; ; epoch++) yield* source.batches(epoch);
  })();
  return {
    parameters: model.countParams(),
    async run(times) {
      const part = {
        size: times * batchSize,
        batchSize,
        batchCount: times,
        *batches() {
          for (let time = 0; time < times; time++) yield endless.next().value;
        },
      };
      const { stopped } = await trainer.fit(part, { epochs: 1, ...(signal !== undefined && { signal }) });
      if (stopped !== undefined) throw interrupted();
    },
    dispose() {
      trainer.dispose();
      model.dispose();
    },
  };
}

/** Predictions for one batch again and again, from numbers on the host to numbers on the host. */
export function inferenceWorkload({ network, batchSize, seed, signal }: WorkloadOptions): Workload {
  const model = network.build({ seed });
  const [batch] = madeUpImages(network, batchSize, seed).batch(batchSize).batches(0);
  return {
    parameters: model.countParams(),
    async run(times) {
      for (let time = 0; time < times; time++) {
        if (signal?.aborted === true) throw interrupted();
        if (batch === undefined) return;
        const input = tensor(batch.x.data, [...batch.x.shape]);
        const output = model.predict(input);
        await output.data();
        input.dispose();
        output.dispose();
      }
    },
    dispose: () => model.dispose(),
  };
}

function interrupted(): AbortedError {
  return new AbortedError("Stopped before the measurement ended.");
}

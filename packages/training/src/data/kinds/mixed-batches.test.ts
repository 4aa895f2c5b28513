import { ImageDataset, mixBatches } from "@featuremap/datasets";
import { plainPreprocessing } from "@featuremap/images";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { HostArray, RandomStream } from "@featuremap/tensor";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { expect, test } from "vitest";
import { BackupAndRestore } from "../../callbacks/backup/backup-and-restore.ts";
import type { Callback } from "../../run/callback.ts";
import { LambdaCallback } from "../../callbacks/lambda-callback.ts";
import { CategoricalCrossentropy } from "../../losses/crossentropy/categorical-crossentropy.ts";
import { Trainer } from "../../trainer/trainer.ts";

useBackend(allowSavedTensors);

const folder = temporaryFolder("test");

const random = new RandomStream(1);
const dataset = new ImageDataset({
  images: new HostArray(
    Uint8Array.from({ length: 20 * 16 }, () => random.integer(256)),
    [20, 4, 4, 1],
  ),
  labels: new HostArray(
    Int32Array.from({ length: 20 }, (_, index) => index % 3),
    [20],
  ),
  classNames: ["a", "b", "c"],
  preprocessing: plainPreprocessing([4, 4], "grayscale", 1 / 255),
});

/** Trains with smoothed labels of mixed images, and is validated with images as they are. */
async function run(mixUp: number, callbacks: readonly Callback[]) {
  const layers = [new Flatten({ inputShape: [4, 4, 1] }), new Dense({ units: 3, activation: "softmax" })];
  const loss = new CategoricalCrossentropy({ labelSmoothing: 0.1 });
  const trainer = new Trainer(new Sequential(layers, { seed: 1 }), { optimizer: "adam", loss, metrics: ["accuracy"] });
  const source = mixBatches(dataset.batch(4, { seed: 3 }), { mixUp, cutMix: 1 });
  const validation = dataset.batch(10, { oneHot: true });
  try {
    const { history } = await trainer.fit(source, { epochs: 3, validation, callbacks });
    return { history, weights: await trainer.model.getWeights() };
  } finally {
    trainer.dispose();
    trainer.model.dispose();
  }
}

test("a training with mixed images goes on to the bit within an epoch, and refuses other mixtures", async () => {
  const whole = await run(0.4, []);
  const backup = (): BackupAndRestore => new BackupAndRestore({ backupDir: folder.path(), saveFreq: 2 });
  let seen = 0;
  const powerOff = new LambdaCallback({
    onTrainBatchBegin: () => {
      if (seen++ === 9) throw new Error("power is off");
    },
  });
  await expect(run(0.4, [backup(), powerOff])).rejects.toThrow("power is off");
  await expect(run(0.3, [backup()])).rejects.toMatchObject({ option: "fingerprint of the data" });
  const rest = await run(0.4, [backup()]);
  expect(rest.weights).toEqual(whole.weights);
  for (const [name, values] of Object.entries(rest.history)) {
    expect(values).toEqual(whole.history[name]?.slice(-values.length));
  }
});

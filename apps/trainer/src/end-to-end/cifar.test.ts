import { join } from "node:path";
import { n3 } from "@featuremap/applications";
import { cifar10 } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { pad, randomCrop, randomFlipLeftRight } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { Adam, SparseCategoricalCrossentropy, Trainer } from "@featuremap/training";
import { describe, expect, test } from "vitest";
import { disc, temporaryFolder, writeFiles } from "../testing/made-pictures.ts";
import { expectExactResume } from "../testing/resumed-training.ts";

useBackend(() => openDevice("wasm", { threads: 1 }));

/** A file of CIFAR-10's binary version: for each picture its class, and its red, its green and its blue values. */
function cifarFile(seed: number, count: number): Uint8Array {
  const record = 1 + 3 * 1024;
  const file = new Uint8Array(count * record);
  for (let index = 0; index < count; index++) {
    const label = index % 10;
    const pixels = disc(label, seed * 1000 + index, [32, 32]);
    file[index * record] = label;
    for (let value = 0; value < pixels.length; value++) {
      file[index * record + 1 + (value % 3) * 1024 + Math.floor(value / 3)] = pixels[value] ?? 0;
    }
  }
  return file;
}

async function writeCifar(folder: string): Promise<void> {
  const batches = [1, 2, 3, 4, 5].map((batch) => [`data_batch_${batch}.bin`, cifarFile(batch, 20)] as const);
  await writeFiles(folder, { ...Object.fromEntries(batches), "test_batch.bin": cifarFile(6, 40) });
}

const network = (): Model => n3.build({ seed: 3 });
const compile = () => ({
  optimizer: new Adam(),
  loss: new SparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ["accuracy"] as const,
});
const augment = [pad(4), randomCrop(32, 32), randomFlipLeftRight()];

describe("a network on CIFAR-10's files", () => {
  test("learns from augmented pictures, and is judged by the test file", async (context) => {
    const folder = await temporaryFolder(context);
    await writeCifar(join(folder, "cifar-10-batches-bin"));
    const { train, test: judged } = await cifar10({ directory: folder });
    const model = network();
    expect(model.countParams()).toBe(122_570);
    const trainer = new Trainer(model, compile());
    const validation = judged.batch(40);
    const { history } = await trainer.fit(train.batch(10, { seed: 1, augment }), { epochs: 8, validation });
    expect(history["loss"]?.at(-1)).toBeLessThan((history["loss"]?.[0] ?? 0) / 4);
    const logs = await trainer.evaluate(validation);
    expect(logs["accuracy"]).toBeGreaterThan(0.9);
    expect(logs["accuracy"]).toBeCloseTo(history["val_accuracy"]?.at(-1) ?? 0, 6);
    trainer.dispose();
    model.dispose();
  });

  test("goes on within an epoch as if it had never stopped", async (context) => {
    const folder = await temporaryFolder(context);
    await writeCifar(folder);
    const data = async () => (await cifar10({ directory: folder })).train.take(40).batch(8, { seed: 1, augment });
    await expectExactResume({ data, model: network, compile, epochs: 2 }, folder);
  });
});

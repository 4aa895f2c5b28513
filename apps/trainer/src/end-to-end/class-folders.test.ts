import { join } from "node:path";
import { n4 } from "@featuremap/applications";
import { type DirectoryOptions, imageDatasetFromDirectory } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import type { Model } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { Adam, SparseCategoricalCrossentropy, Trainer } from "@featuremap/training";
import { describe, expect, test } from "vitest";
import { discPicture, temporaryFolder, writeFiles } from "../testing/made-pictures.ts";
import { expectExactResume } from "../testing/resumed-training.ts";

useBackend(() => openDevice("wasm", { threads: 1 }));

const flowers = ["daisy", "dandelion", "roses", "sunflowers", "tulips"];

/** Photos of different sizes, as flowers are: a folder for each class. */
async function writePhotos(folder: string, each: number): Promise<void> {
  for (const [label, name] of flowers.entries()) {
    for (let index = 0; index < each; index++) {
      const photo = discPicture(label, index, [40 + (index % 5) * 9, 50 + (index % 3) * 14]);
      await writeFiles(folder, { [`${name}/${index}.jpg`]: await photo.jpeg().toBuffer() });
    }
  }
}

/** N4, for pictures of another size. */
const network = (side: number): Model => n4.build({ inputShape: [side, side, 3], classes: flowers.length, seed: 4 });
const compile = () => ({
  optimizer: new Adam(),
  loss: new SparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ["accuracy"] as const,
});
const options = { imageSize: [32, 32], batchSize: 8, seed: 123, validationSplit: 0.2, subset: "both" } as const;

describe("a network on a folder for each class", () => {
  test("learns from photos of any size, with a part kept for validation", async (context) => {
    const folder = await temporaryFolder(context);
    await writePhotos(folder, 16);
    const [train, validation] = await imageDatasetFromDirectory(folder, options);
    expect([train.size, validation.size, train.classNames]).toEqual([64, 16, flowers]);
    const large = network(180);
    expect(large.countParams()).toBe(3_989_285);
    large.dispose();
    const model = network(32);
    const trainer = new Trainer(model, compile());
    const { history } = await trainer.fit(train, { epochs: 8, validationData: validation });
    expect(history["loss"]?.at(-1)).toBeLessThan((history["loss"]?.[0] ?? 0) / 4);
    expect(history["val_accuracy"]?.at(-1)).toBeGreaterThan(0.9);
    const scores = await trainer.predict(validation);
    expect(scores.shape).toEqual([16, 5]);
    trainer.dispose();
    model.dispose();
  });

  test("learns the same with 0 and with 2 workers, both parts from what was decoded before", async (context) => {
    const folder = await temporaryFolder(context);
    await writePhotos(join(folder, "photos"), 8);
    const cache = join(folder, "decoded");
    const run = async (more: Pick<DirectoryOptions, "workers" | "cache">) => {
      const [training, validation] = await imageDatasetFromDirectory(join(folder, "photos"), { ...options, ...more });
      const trainer = new Trainer(network(32), compile());
      const { history } = await trainer.fit(training, { epochs: 2, validation });
      trainer.dispose();
      trainer.model.dispose();
      return history;
    };
    const plain = await run({ workers: 0, cache: false });
    for (const workers of [0, 2]) {
      expect(await run({ workers })).toEqual(plain);
      expect(await run({ workers, cache })).toEqual(plain);
    }
  });

  test("goes on within an epoch as if it had never stopped", async (context) => {
    const folder = await temporaryFolder(context);
    await writePhotos(join(folder, "photos"), 8);
    const data = async (workers: number) =>
      (await imageDatasetFromDirectory(join(folder, "photos"), { ...options, workers }))[0];
    await expectExactResume({ data, model: () => network(32), compile, epochs: 2 }, folder);
  });
});

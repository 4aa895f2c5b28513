import { imageDatasetFromDirectory } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { type LossName, Trainer } from "@featuremap/training";
import { expect, test } from "vitest";
import { discPicture, temporaryFolder, writeFiles } from "../testing/made-pictures.ts";

useBackend(() => openDevice("wasm", { threads: 1 }));

test.for([
  ["sparseCategoricalCrossentropy", 3],
  ["categoricalCrossentropy", 3],
  ["binaryCrossentropy", 1],
  ["meanSquaredError", 3],
] as [LossName, number][])(
  "photos without labels are predicted, and nothing learns from them by %s",
  async ([loss, units], context) => {
    const folder = await temporaryFolder(context);
    const photo = await discPicture(1, 1, [8, 8]).png().toBuffer();
    await writeFiles(folder, { "one.png": photo, "two.png": photo, "three.png": photo });
    const photos = await imageDatasetFromDirectory(folder, { labels: null, imageSize: 8, batchSize: 2 });
    const model = new Sequential([new Flatten({ inputShape: [8, 8, 3] }), new Dense({ units, activation: "sigmoid" })]);
    const trainer = new Trainer(model, { loss, metrics: ["accuracy"] });
    expect((await trainer.predict(photos)).shape).toEqual([3, units]);
    for (const use of [trainer.fit(photos), trainer.evaluate(photos)]) {
      await expect(use).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
    }
    trainer.dispose();
    model.dispose();
  },
);

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDevice } from "@featuremap/devices";
import { saveBundle } from "@featuremap/formats";
import { plainPreprocessing } from "@featuremap/images";
import { Dense, Flatten, Sequential } from "@featuremap/layers";
import sharp from "sharp";
import { writeCelebA, writeCifar, writeFlowers, writePets } from "./tutorial-folders.ts";

/** A small classifier in the folder `model`, and a picture. */
async function writeClassifier(folder: string): Promise<void> {
  const device = await openDevice("cpu");
  const model = new Sequential([
    new Flatten({ inputShape: [8, 8, 3] }),
    new Dense({ units: 2, activation: "softmax" }),
  ]);
  const preprocessing = plainPreprocessing([8, 8], "rgb", 1 / 255);
  await saveBundle(model, join(folder, "model"), { preprocessing, labels: ["cat", "dog"] });
  model.dispose();
  await device.dispose();
  const background = { r: 90, g: 120, b: 60 };
  const picture = sharp({ create: { width: 16, height: 16, channels: 3, background } });
  await writeFile(join(folder, "photo.png"), await picture.png().toBuffer());
}

/** What a page's code finds in the folder where it runs, by the page's path: each writes its files there. */
export const prepare: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  "docs/guides/servers.md": writeClassifier,
  "docs/tutorials/celeba.md": writeCelebA,
  "docs/tutorials/cifar-10.md": writeCifar,
  "docs/tutorials/dogs-and-cats.md": writePets,
  "docs/tutorials/flowers.md": writeFlowers,
};

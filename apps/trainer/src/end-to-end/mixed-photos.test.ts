import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { n6 } from "@featuremap/applications";
import { type ImageFileBatchOptions, imageFolders } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { loadBundle, saveBundle } from "@featuremap/formats";
import { colorJitter, randomFlipLeftRight, randomTranslation } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { Adam, Trainer } from "@featuremap/training";
import { describe, expect, test } from "vitest";
import { predict } from "../commands/predict/predict.ts";
import type { PredictedImage } from "../commands/predict/classify-batch.ts";
import { discPicture, temporaryFolder, writeFiles } from "../testing/made-pictures.ts";
import { expectExactResume, train } from "../testing/resumed-training.ts";

useBackend(() => openDevice("wasm", { threads: 1 }));

/** Dark and bright discs, which a grey photo tells too. */
const classes = { cat: 7, dog: 8 };

/** What a person's folder holds: photos of all kinds and sizes, one that broke on its way, and a note. */
async function writePhotos(folder: string, each: number): Promise<void> {
  for (const [name, colour] of Object.entries(classes)) {
    for (let index = 0; index < each; index++) {
      const photo = discPicture(colour, index, [30 + (index % 4) * 11, 36 + (index % 3) * 13]);
      const kinds = [
        ["colour.jpg", () => photo.jpeg()],
        ["grey.jpg", () => photo.greyscale().jpeg()],
        ["alpha.png", () => photo.ensureAlpha(0.5).png()],
        ["turned.jpg", () => photo.jpeg().withMetadata({ orientation: 6 })],
        ["small.webp", () => photo.webp({ lossless: true })],
      ] as const;
      const [kind, encode] = kinds[index % kinds.length] ?? kinds[0];
      await writeFiles(folder, { [`${name}/${index}-${kind}`]: await encode().toBuffer() });
    }
  }
  const whole = await discPicture(7, 99, [40, 40]).jpeg().toBuffer();
  await writeFiles(folder, { "dog/broken.jpg": whole.subarray(0, 40), "cat/notes.txt": "Ask for more cats." });
}

/** N6, narrower and for smaller pictures. */
const network = (): Model => n6.build({ inputShape: [24, 24, 3], filters: [8, 16], dropout: 0.1, seed: 6 });
const compile = () => ({
  optimizer: new Adam({ learningRate: 0.01 }),
  loss: n6.loss,
  metrics: ["accuracy"] as const,
});
const augment = [randomFlipLeftRight(), randomTranslation(0.1, 0.1), colorJitter({ brightness: 0.1 })];
const options: ImageFileBatchOptions = { imageSize: [24, 24], labelMode: "binary", seed: 1, augment };

describe("a network on a folder of photos of all kinds", () => {
  test("learns, skips what is not a photo, and answers alike in the command", async (context) => {
    const folder = await temporaryFolder(context);
    await writePhotos(folder, 15);
    const { train: photos } = await imageFolders(folder);
    const [learn, keep] = await photos.split(0.8, { seed: 2, stratify: true });
    const model = network();
    const trainer = new Trainer(model, compile());
    const batches = learn.batch(6, options);
    const { history } = await trainer.fit(batches, { epochs: 10 });
    expect(history["loss"]?.at(-1)).toBeLessThan((history["loss"]?.[0] ?? 0) / 4);
    const validation = keep.batch(8, { imageSize: [24, 24], labelMode: "binary" });
    expect((await trainer.evaluate(validation))["accuracy"]).toBeGreaterThan(0.9);
    const skipped = [...learn.skipped, ...keep.skipped].map(({ path }) => relative(folder, path));
    expect([...new Set(skipped)].toSorted()).toEqual([join("cat", "notes.txt"), join("dog", "broken.jpg")]);

    const bundle = join(folder, "model");
    const { preprocessing, classNames } = batches;
    if (preprocessing === undefined) throw new Error("What was trained on has a description.");
    await saveBundle(model, bundle, { preprocessing, labels: classNames });
    const whole = photos.filter(({ path }) => !path.endsWith("broken.jpg"));
    const expected = await trainer.predict(whole.batch(8, { imageSize: [24, 24] }));
    const loaded = await loadBundle(bundle);
    expect(loaded.preprocessing).toEqual(preprocessing);
    loaded.model.dispose();
    trainer.dispose();
    model.dispose();

    const answers: PredictedImage[] = [];
    const files = whole.filePaths;
    const { failed } = await predict({
      bundle,
      source: { words: files },
      onImage: (image) => void answers.push(image),
    });
    expect([failed, answers.map(({ image }) => image)]).toEqual([0, files]);
    for (const [index, { predictions }] of answers.entries()) {
      for (const { label, probability } of predictions) {
        // Training's pixels are rounded to bytes.
        const ofDog = expected.at(index, 0);
        expect(probability).toBeCloseTo(label === "dog" ? ofDog : 1 - ofDog, 2);
      }
    }
  });

  test("learns the same with 0 and with 2 workers, decoded anew or once", async (context) => {
    const folder = await temporaryFolder(context);
    await writePhotos(join(folder, "photos"), 10);
    const skipped = [join("photos", "cat", "notes.txt"), join("photos", "dog", "broken.jpg")];
    const run = async (more: ImageFileBatchOptions) => {
      const { train: files } = await imageFolders(join(folder, "photos"));
      const data = async () => files.batch(6, { ...options, ...more });
      const outcome = await train({ data, model: network, compile, epochs: 3 });
      expect(files.skipped.map(({ path }) => relative(folder, path)).toSorted()).toEqual(skipped);
      return outcome;
    };
    const plain = await run({ workers: 0, cache: false });
    for (const workers of [0, 2]) {
      expect(await run({ workers })).toEqual(plain);
      expect(await run({ workers, cache: join(folder, `decoded by ${workers}`) })).toEqual(plain);
    }
    // What was decoded is not written anew: packs have names of their own.
    const cache = join(folder, "decoded by 0");
    const packs = await readdir(cache, { recursive: true });
    expect(packs.length).toBeGreaterThan(1);
    expect(await run({ workers: 2, cache })).toEqual(plain);
    expect(await readdir(cache, { recursive: true })).toEqual(packs);
  });

  test("goes on within an epoch as if it had never stopped, from what was decoded before", async (context) => {
    const folder = await temporaryFolder(context);
    await writePhotos(join(folder, "photos"), 10);
    const data = async (workers: number) => {
      const { train: photos } = await imageFolders(join(folder, "photos"));
      return photos.batch(4, { ...options, workers, cache: join(folder, "decoded") });
    };
    await expectExactResume({ data, model: network, compile, epochs: 2 }, folder);
  });
});

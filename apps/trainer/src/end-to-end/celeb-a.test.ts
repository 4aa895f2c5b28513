import { join } from "node:path";
import { n5 } from "@featuremap/applications";
import { celebA } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { randomFlipLeftRight } from "@featuremap/images";
import type { Model } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { Adam, BinaryCrossentropy, Trainer } from "@featuremap/training";
import { describe, expect, test } from "vitest";
import { discPicture, temporaryFolder, writeFiles } from "../testing/made-pictures.ts";
import { expectExactResume } from "../testing/resumed-training.ts";

useBackend(() => openDevice("wasm", { threads: 1 }));

/** Faces of CelebA's shape, their two lists, and parts of 6/10, 2/10 and 2/10. */
async function writeCelebA(folder: string, count: number): Promise<void> {
  const rows: string[] = [];
  const parts: string[] = [];
  for (let index = 0; index < count; index++) {
    const name = `${String(index + 1).padStart(6, "0")}.jpg`;
    const isMale = index % 2;
    rows.push(`${name} ${index % 3 === 0 ? " 1" : "-1"} ${isMale === 1 ? " 1" : "-1"}`);
    parts.push(`${name} ${index % 10 < 6 ? 0 : index % 10 < 8 ? 1 : 2}`);
    const face = discPicture(isMale, index, [54, 44]);
    await writeFiles(folder, { [`img_align_celeba/${name}`]: await face.jpeg().toBuffer() });
  }
  await writeFiles(folder, {
    "list_attr_celeba.txt": `${count}\nEyeglasses Male \n${rows.join("\n")}\n`,
    "list_eval_partition.txt": `${parts.join("\n")}\n`,
  });
}

const network = (): Model => n5.build({ seed: 5 });
const compile = () => ({ optimizer: new Adam(), loss: new BinaryCrossentropy(), metrics: ["accuracy"] as const });
const options = { imageSize: [64, 64], labelMode: "binary", scale: 1 / 255 } as const;
const forTraining = { ...options, seed: 1, augment: [randomFlipLeftRight()] };

describe("a network on CelebA's files", () => {
  test("learns an attribute, goes on where it ended, and is judged by the official parts", async (context) => {
    const folder = await temporaryFolder(context);
    await writeCelebA(folder, 60);
    const { train, validation, test: judged } = await celebA({ directory: folder, attribute: "Male" });
    expect([train.size, validation.size, judged.size]).toEqual([36, 12, 12]);
    const model = network();
    expect(model.countParams()).toBe(388_673);
    const trainer = new Trainer(model, compile());
    const batches = train.batch(6, forTraining);
    const more = { validation: validation.batch(12, options), stepsPerEpoch: 6 };
    const first = await trainer.fit(batches, { ...more, epochs: 3 });
    const rest = await trainer.fit(batches, { ...more, epochs: 8, initialEpoch: first.epoch.length });
    expect([first.epoch, rest.epoch]).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6, 7],
    ]);
    expect(rest.history["loss"]?.at(-1)).toBeLessThan((first.history["loss"]?.[0] ?? 0) / 2);
    const logs = await trainer.evaluate(judged.batch(6, options));
    expect(logs["accuracy"]).toBeGreaterThan(0.9);
    const probabilities = await trainer.predict(judged.batch(6, options));
    const answers = Array.from(probabilities.data, (probability) => (probability > 0.5 ? 1 : 0));
    const right = answers.filter((answer, index) => answer === judged.labels?.[index]).length;
    expect(right / judged.size).toBeCloseTo(logs["accuracy"] ?? 0, 6);
    trainer.dispose();
    model.dispose();
  });

  test("goes on within an epoch as if it had never stopped", async (context) => {
    const folder = await temporaryFolder(context);
    await writeCelebA(join(folder, "faces"), 30);
    const data = async (workers: number) => {
      const { train } = await celebA({ directory: join(folder, "faces"), attribute: "Male" });
      return train.batch(6, { ...forTraining, workers });
    };
    await expectExactResume({ data, model: network, compile, epochs: 2 }, folder);
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dense, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeSafetensors, loadBundle, loadWeights } from "../index.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-weights-"));
});
afterAll(async () => rm(folder, { recursive: true }));

const made = (): Sequential => new Sequential([new Dense({ units: 1, inputShape: [2], name: "out" })]);
const bytes = encodeSafetensors(
  new Map([
    ["out/kernel", HostArray.from([[1], [2]])],
    ["out/bias", HostArray.from([3])],
  ]),
);

describe("loadWeights", () => {
  test("gives a model the weights of a file, or of bytes at hand", async () => {
    const file = join(folder, "best.safetensors");
    await writeFile(file, bytes);
    for (const weights of [file, bytes]) {
      const model = made();
      await loadWeights(model, weights);
      expect((await model.getWeights()).map(({ data }) => [...data])).toEqual([[1, 2], [3]]);
    }
  });

  test("refuses weights of another model, and leaves this one as it was", async () => {
    const model = new Sequential([new Dense({ units: 1, inputShape: [2], name: "other" })], { seed: 1 });
    const before = await model.getWeights();
    await expect(loadWeights(model, bytes)).rejects.toThrow(
      'weights: weight "other/kernel" must be among the stored tensors, found nothing.',
    );
    expect(await model.getWeights()).toEqual(before);
  });

  test("refuses what is not a model, and a model that has no weights yet", async () => {
    await expect(loadWeights({} as Sequential, bytes)).rejects.toThrow("loadWeights: model must be a model");
    const unbuilt = new Sequential([new Dense({ units: 1 })]);
    await expect(loadWeights(unbuilt, bytes)).rejects.toThrow(
      "loadWeights: model must be one whose input shape is known",
    );
    await expect(loadWeights(made(), 3 as unknown as string)).rejects.toThrow("loadWeights: weights must be");
  });
});

describe("loadBundle says what a file of another kind is:", () => {
  test.for([
    ["model.keras", Uint8Array.of(0x50, 0x4b, 3, 4, 0), "a zip archive, like .keras files"],
    ["model.h5", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10), "an HDF5 file, like Keras's .h5 files"],
    ["best.safetensors", bytes, "only weights: loadWeights(model, file) reads them"],
  ] as const)("%s", async ([name, content, found]) => {
    const file = join(folder, name);
    await writeFile(file, content);
    await expect(loadBundle(file)).rejects.toThrow(
      `${file}: document must be the model.json of a bundle, found ${found}`,
    );
  });
});

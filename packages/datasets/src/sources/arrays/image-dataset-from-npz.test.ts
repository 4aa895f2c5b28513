import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesOf, goldenFiles } from "../golden-files.test-support.ts";
import { testFolder } from "../pictures/test-folder.test-support.ts";
import { imageDatasetFromNpz } from "./image-dataset-from-npz.ts";

test("imageDatasetFromNpz reads Keras's arrays", async (context) => {
  const folder = await testFolder(context, {
    "a.npz": bytesOf(goldenFiles.pictures.npz),
    "b.npz": bytesOf(goldenFiles.npz.plain),
  });
  const { train, test: judged } = await imageDatasetFromNpz(join(folder, "a.npz"));
  expect([train.images.shape, [...train.labels.data], train.classNames]).toEqual([
    [3, 2, 3, 1],
    [0, 0, 1],
    ["0", "1"],
  ]);
  expect(judged.images.at(0, 1, 2, 0)).toBe(40);
  expect(judged.preprocessing).toMatchObject({ channels: "grayscale", scale: 1 / 255 });
  const named = await imageDatasetFromNpz(join(folder, "a.npz"), { classNames: ["cat", "dog", "bird"] });
  expect(named.test.classNames).toEqual(["cat", "dog", "bird"]);
  await expect(imageDatasetFromNpz(join(folder, "b.npz"))).rejects.toThrow(
    "array x_test must be one of its arrays, found x_train, y_train",
  );
});

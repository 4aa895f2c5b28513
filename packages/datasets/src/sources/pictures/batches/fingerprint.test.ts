import { randomFlipLeftRight, randomRotation } from "@featuremap/images";
import { describe, expect, test } from "vitest";
import type { ImageFileBatchOptions } from "./image-file-batch-options.ts";
import { ImageFiles, type ImageFilesContents } from "../image-files.ts";

const paths = ["/photos/cat/1.png", "/photos/cat/2.png", "/photos/dog/1.png"];

function print(contents: Partial<ImageFilesContents> = {}, options: ImageFileBatchOptions = {}, batchSize = 2): string {
  const files = new ImageFiles({ paths, labels: [0, 0, 1], classNames: ["cat", "dog"], ...contents });
  return files.batch(batchSize, { imageSize: 8, seed: 1, ...options }).fingerprint;
}

describe("the fingerprint of batches of files", () => {
  test("is the same for another seed, other threads, and the folder in another place", () => {
    const moved = paths.map((path) => path.replace("/photos", "/mnt/disk/photos"));
    expect(print({ paths: moved }, { seed: 2, workers: 0, cache: false })).toBe(print());
  });

  test("is another for other files, labels, classes and options", () => {
    const all = [
      print(),
      print({ paths: paths.with(2, "/photos/dog/2.png") }),
      print({ paths: paths.toReversed() }),
      print({ labels: [0, 1, 1] }),
      print({ classNames: ["dog", "cat"] }),
      print({ labels: undefined, classNames: [] }),
      print({ paths: [...paths, "/photos/dog/3.png"], labels: [0, 0, 1, 1] }),
      print({}, {}, 3),
      print({}, { imageSize: 9 }),
      print({}, { scale: 1 / 255 }),
      print({}, { labelMode: "categorical" }),
      print({}, { shuffle: false }),
      print({}, { augment: [randomFlipLeftRight()] }),
      print({}, { augment: [randomRotation(0.1)] }),
      print({}, { augment: [randomRotation(0.2)] }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

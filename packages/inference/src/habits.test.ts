import type { Picture } from "@featuremap/images";
import { describe, expect, test } from "vitest";
import { loadClassifier } from "./index.ts";
import { copyingBundle, picture } from "./testing/small-bundle.ts";

test.for([
  ["nothing", undefined],
  ["null", null],
  ["a number", 42],
  ["a list", []],
  ["a date", new Date(0)],
  ["an address of another kind", "ftp://example.com/model"],
  ["no address", "https://"],
  ["files that are not bytes", new Map([["model.json", "{}"]])],
] as const)("loadClassifier(%s) speaks of no function that nobody called", async ([, source]) => {
  const loading = loadClassifier(source as never, { device: "cpu" });
  await expect(loading).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  await expect(loading).rejects.not.toThrow("loadBundle");
});

test("loadClassifier() names what it takes", async () => {
  await expect(loadClassifier(undefined as never)).rejects.toThrow(
    "loadClassifier: source must be a bundle's path or address, a map of its files, or a loaded bundle, received undefined.",
  );
});

describe("a classifier", () => {
  const pictures = [picture(9, 0, 0, 0), picture(0, 9, 0, 0), picture(0, 0, 0, 9)];
  const named = async (given: Iterable<Picture>): Promise<(string | undefined)[]> => {
    const classifier = await loadClassifier(await copyingBundle(), { device: "cpu", outputs: "logits" });
    try {
      return (await classifier.classifyBatch(given)).map(({ predictions }) => predictions[0]?.label);
    } finally {
      classifier.dispose();
    }
  };

  test.for<[string, () => Iterable<Picture>]>([
    ["a list", () => pictures],
    ["a set", () => new Set(pictures)],
    // As NodeList and FileList of a page are.
    ["what can be gone through", () => ({ [Symbol.iterator]: () => pictures.values() })],
  ])("takes many pictures as %s", async ([, given]) => {
    expect(await named(given())).toEqual(["north-west", "north-east", "south-east"]);
  });

  test.for(["a.png", undefined, picture(1, 2, 3, 4), 3])("refuses %j for many pictures", async (given) => {
    await expect(named(given as never)).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "pictures" });
  });

  test.for(["photo.jpg", new Uint8Array(8)])("says what to give in Node in place of %j", async (given) => {
    await expect(named([given as never])).rejects.toThrow(
      "picture must be Pixels { data, width, height }, as returned by await decodeImage(await readFile(path)) of " +
        "@featuremap/images, or the file's bytes as new Blob([bytes])",
    );
  });

  test("takes a file in Node", async () => {
    // A bitmap of 2 x 2 pixels, the lower line first, of which the right one below is white.
    const header = Buffer.alloc(54);
    header.write("BM");
    for (const [at, value] of [
      [2, 70],
      [10, 54],
      [14, 40],
      [18, 2],
      [22, 2],
    ] as const)
      header.writeUInt32LE(value, at);
    header.writeUInt16LE(1, 26);
    header.writeUInt16LE(24, 28);
    const file = Buffer.concat([header, Buffer.from([0, 0, 0, 255, 255, 255, 0, 0]), Buffer.alloc(8)]);
    expect(await named([new Blob([file])])).toEqual(["south-east"]);
  });

  test("tells of predict what to write", async () => {
    const classifier = await loadClassifier(await copyingBundle(), { device: "cpu", outputs: "logits" });
    expect(() => (classifier as unknown as { predict: () => void }).predict()).toThrow(
      "Classifier: predict is not a method here. Write await classifier.classify(picture)",
    );
    classifier.dispose();
  });
});

import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { collect } from "../bytes/collect.ts";
import { flowers } from "../named/flowers.ts";
import { bytesOf, goldenFiles } from "../golden-files.test-support.ts";
import type { ImageFiles } from "../pictures/image-files.ts";
import { png, testFolder } from "../pictures/test-folder.test-support.ts";
import { imageFilesFromTfRecords } from "../tfrecord/image-files-from-tf-records.ts";
import { filesOfArchive, imageFilesFromArchive } from "./image-files-from-archive.ts";
import { imageFilesFromShards } from "./image-files-from-shards.ts";

const { pictures } = goldenFiles;

/** Shade and class of each picture. */
async function shades(files: ImageFiles): Promise<[number | undefined, string | undefined][]> {
  const examples = await collect(files.images({ imageSize: [2, 3] }));
  return examples.map(({ image, label }) => [
    new Set(image.data).size === 1 ? image.data[0] : undefined,
    files.classNames[label],
  ]);
}

const named = [
  [10, "cat"],
  [20, "cat"],
  [30, "dog"],
  [40, "dog"],
];
const numbered = [
  [10, "0"],
  [20, "0"],
  [30, "1"],
  [40, "1"],
];

async function cacheIn(folder: string): Promise<string> {
  const cache = join(folder, "cache");
  vi.stubEnv("FEATUREMAP_CACHE", cache);
  return cache;
}

beforeEach(() => {
  vi.stubEnv("FEATUREMAP_CACHE", "/dev/null/nowhere");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const none = new Uint8Array(0);

/** A file in a tar archive; the archive ends with two empty blocks. */
function tarFile(name: string, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write("0000644\0", 100);
  header.write(bytes.length.toString(8).padStart(11, "0"), 124);
  header.write("        0", 148);
  header.write(
    header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0") + "\0",
    148,
  );
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

describe("pictures in an archive", () => {
  test("of one name count once, as the last of them", async (context) => {
    const folder = await testFolder(context, {});
    const [first = none, second = none, third = none] = [10, 20, 30].map((level) => png(3, 2, [level, level, level]));
    const parts = [tarFile("cat/1.png", first), tarFile("dog/1.png", second), tarFile("cat/1.png", third)];
    const path = join(folder, "updated.tar");
    await writeFile(path, Buffer.concat([...parts, Buffer.alloc(1024)]));
    expect(await shades(await imageFilesFromArchive(path))).toEqual([
      [30, "cat"],
      [20, "dog"],
    ]);
  });

  test.for<[string[], string]>([
    [["train/cat/1.png", "train/dog/1.png", "test/cat/1.png"], "train, test"],
    [["data/Train/cat/1.png", "data/valid/cat/1.png", "data/notes/1.png"], "data/Train, data/valid"],
    [["training/1.png", "testing/2.png"], "training, testing"],
  ])("do not mix the parts of %j", ([names, parts]) => {
    const archive = { source: "photos.zip", names, read: async () => new Uint8Array(0) };
    expect(() => filesOfArchive(archive, {}, "imageFilesFromArchive")).toThrow(
      `imageFilesFromArchive: classOf must be a function that returns the class for files of one part and undefined for others, since photos.zip has ${parts}`,
    );
    const [first = ""] = names;
    const one = filesOfArchive(archive, { classOf: (name) => (name === first ? "cat" : undefined) }, "archive");
    expect(one.filePaths).toEqual([first]);
  });

  test("may have classes that are called as parts are", () => {
    const archive = { source: "a.zip", names: ["train/1.png", "bus/1.png"], read: async () => new Uint8Array(0) };
    expect(filesOfArchive(archive, {}, "archive").classNames).toEqual(["bus", "train"]);
  });

  test.for(["zip", "tar"] as const)(
    "are read out of a %s, sorted, from the disk and from a blob",
    async (kind, context) => {
      const folder = await testFolder(context, { [`photos.${kind}`]: bytesOf(pictures[kind]) });
      const files = await imageFilesFromArchive(join(folder, `photos.${kind}`));
      expect(files.filePaths[0]).toBe("photos/cat/a.png");
      expect(await shades(files)).toEqual(named);
      expect(files.skipped).toEqual([{ path: "photos/LICENSE.txt", reason: expect.stringContaining(".png") }]);
      const blob = new Blob([bytesOf(pictures[kind]) as Uint8Array<ArrayBuffer>]);
      expect(await shades(await imageFilesFromArchive(blob))).toEqual(named);
    },
  );

  test("are read out of a packed tar, which is unpacked into the cache folder once", async (context) => {
    const folder = await testFolder(context, { "photos.tgz": bytesOf(pictures.tgz) });
    const cache = await cacheIn(folder);
    expect(await shades(await imageFilesFromArchive(join(folder, "photos.tgz")))).toEqual(named);
    expect(await shades(await flowers({ archive: join(folder, "photos.tgz") }))).toEqual(named);
    const unpacked = await readdir(join(cache, "unpacked"));
    expect(unpacked).toEqual([expect.stringMatching(/^[0-9a-f]{16}-photos$/)]);
    await writeFile(join(folder, "photos.tgz"), bytesOf(pictures.tgz).subarray(0, 300));
    await expect(imageFilesFromArchive(join(folder, "photos.tgz"))).rejects.toThrow("must be a whole gzip file");
    expect(await readdir(join(cache, "unpacked"))).toEqual(unpacked);
  });

  test("have the classes that a function tells", async () => {
    const blob = new Blob([bytesOf(pictures.zip) as Uint8Array<ArrayBuffer>]);
    const files = await imageFilesFromArchive(blob, { classOf: (name) => name.at(-5), classNames: ["b", "a"] });
    expect([...(files.labels ?? [])]).toEqual([1, 0, 1, 0]);
  });

  test.for<[string, string]>([
    ["", "an empty file"],
    ["hello", 'a file that begins with "hello"'],
    ["x".repeat(2000), 'a file that begins with "xxxxxxxx"'],
  ])("are not looked for in what is not an archive: %j", async ([contents, found], context) => {
    const folder = await testFolder(context, {});
    await writeFile(join(folder, "photos.zip"), contents);
    await expect(imageFilesFromArchive(join(folder, "photos.zip"))).rejects.toThrow(
      `photos.zip: the archive must be a zip or tar archive, found ${found}`,
    );
  });

  test("are said to be missing where none is in it", async () => {
    const blob = new Blob([bytesOf(goldenFiles.zip.accepted.stored) as Uint8Array<ArrayBuffer>]);
    await expect(imageFilesFromArchive(blob)).rejects.toThrow("one with pictures in folders");
    await expect(imageFilesFromArchive("/nowhere.zip")).rejects.toThrow("Cannot read /nowhere.zip: no such file");
  });
});

describe("pictures in shards", () => {
  test("have their classes beside them, as numbers or in JSON", async (context) => {
    const folder = await testFolder(
      context,
      Object.fromEntries(pictures.shards.map((shard, index) => [`${index}.tar`, bytesOf(shard)])),
    );
    expect(await shades(await imageFilesFromShards(["0.tar", "1.tar"].map((name) => join(folder, name))))).toEqual(
      numbered,
    );
    const json = new Blob([bytesOf(pictures.jsonShard) as Uint8Array<ArrayBuffer>]);
    expect(await shades(await imageFilesFromShards([json]))).toEqual(named);
    await expect(imageFilesFromShards([json], { label: "cls" })).rejects.toThrow("one with a class");
    await expect(imageFilesFromShards([json], { labelField: "name" })).rejects.toThrow("000.json must be a class");
  });
});

describe("pictures in TensorFlow's records", () => {
  test("are read encoded and raw", async (context) => {
    const folder = await testFolder(context, {
      "a.tfrecord": bytesOf(pictures.tfrecord),
      "b.tfrecord": bytesOf(pictures.rawTfrecord),
    });
    expect(await shades(await imageFilesFromTfRecords([join(folder, "a.tfrecord")]))).toEqual(numbered);
    expect(await shades(await imageFilesFromTfRecords([join(folder, "b.tfrecord")]))).toEqual(named);
  });

  test("need the features that are asked for", async () => {
    const blob = new Blob([bytesOf(pictures.tfrecord) as Uint8Array<ArrayBuffer>]);
    await expect(imageFilesFromTfRecords([blob], { labelFeature: "breed" })).rejects.toThrow(
      'record 0: labelFeature "breed" must be one of its features, with a class, found image/class/label, image/encoded',
    );
  });
});

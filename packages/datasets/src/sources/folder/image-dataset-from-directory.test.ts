import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { inflateSync } from "node:zlib";
import { preprocessPixels, readPicture } from "@featuremap/images";
import type { HostArray } from "@featuremap/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../bytes/collect.ts";
import golden from "./folder.golden.json" with { type: "json" };
import { type DirectoryOptions, imageDatasetFromDirectory } from "./image-dataset-from-directory.ts";
import { imageFolders } from "./image-folders.ts";

let root = "";
const folders = { files: "", alpha: "" };

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), Buffer.from(contents, "base64"));
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "featuremap-folder-"));
  for (const name of ["files", "alpha"] as const) {
    folders[name] = join(root, name);
    await write(folders[name], golden[name]);
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Keras's names as they are written here. */
function camelCase(options: object): DirectoryOptions {
  const value = (each: unknown): unknown => (each === "channels_first" ? "channelsFirst" : each);
  const name = (each: string): string => each.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(options).map(([key, each]) => [name(key), value(each)]));
}

interface Paths {
  readonly filePaths: readonly string[];
}

describe("imageDatasetFromDirectory", () => {
  test.for(golden.listings)("takes Keras's files, labels and classes for $options", async (expected) => {
    const options = { ...camelCase(expected.options), subset: undefined as never };
    const { subset = null } = camelCase(expected.options);
    const found = await imageDatasetFromDirectory(folders.files, { ...options, subset: subset as "training" | null });
    expect(found.filePaths.map((path) => relative(folders.files, path))).toEqual(expected.files);
    expect(found.labels === undefined ? null : [...found.labels]).toEqual(expected.labels);
    expect(found.classNames).toEqual(expected.labels === null ? [] : expected.classNames);
  });

  test("gives both parts at once", async () => {
    const options = { seed: 123, validationSplit: 0.2 };
    const [training, validation] = await imageDatasetFromDirectory(folders.files, { ...options, subset: "both" });
    const [one, other] = golden.listings.filter(
      ({ options: each }) => each.validation_split === 0.2 && each.seed === 123,
    );
    expect(training.filePaths.map((path) => relative(folders.files, path))).toEqual(one?.files);
    expect(validation.filePaths.map((path) => relative(folders.files, path))).toEqual(other?.files);
    expect(validation.order(1)).toEqual(validation.order(0));
    expect(training.order(1)).not.toEqual(training.order(0));
  });

  test.for(golden.pixels)("gives Keras's pixels and labels for $options", async (expected) => {
    const folder = "files" in expected ? folders.alpha : folders.files;
    const found = await imageDatasetFromDirectory(folder, {
      ...(camelCase(expected.options) as object),
      shuffle: false,
    });
    const batches = await collect(found.batches(0));
    expect(batches.map(({ size }) => size)).toEqual(expected.sizes);
    const arrays = batches.map(({ x, y }) => [x, y] as [HostArray, HostArray]);
    expect([expected.shape[0], ...(arrays[0]?.[0].shape.slice(1) ?? [])]).toEqual(expected.shape);
    expect(arrays.flatMap(([, y]) => y.toNested())).toEqual(expected.labels);
    expect(arrays[0]?.[1].dtype).toBe(expected.labelType);
    const pixels = arrays.flatMap(([x]) => [...x.data]);
    const wanted = inflateSync(Buffer.from(expected.pixels, "base64"));
    expect(pixels).toHaveLength(wanted.length);
    const differences = pixels.map((value, index) => Math.abs(value - (wanted[index] ?? 0)));
    // As TensorFlow decodes JPEG by default, its pixels differ from everybody else's; and it rounds grey otherwise.
    const isCoarse = "jpeg" in expected || "color_mode" in expected.options;
    expect(Math.max(...differences)).toBeLessThanOrEqual(isCoarse ? 3 : 1);
  });

  test("has Keras's defaults", async () => {
    const found = await imageDatasetFromDirectory(folders.alpha);
    expect([found.batchSize, found.size, found.batchCount]).toEqual([32, 2, 1]);
    const [batch] = await collect(found.batches(0));
    expect(batch?.x.shape).toEqual([2, 256, 256, 3]);
    expect(batch?.y.dtype).toBe("int32");
    expect(found.preprocessing).toMatchObject({ size: [256, 256], channels: "rgb", scale: 1, crop: "none" });
  });

  test.for([
    [{ padToAspectRatio: true }, { resize: "bilinear", crop: "pad" }],
    [
      { cropToAspectRatio: true, interpolation: "nearest" },
      { resize: "nearest", crop: "center" },
    ],
    [{ interpolation: "lanczos3" }, { resize: "lanczos3", crop: "none" }],
    [
      { interpolation: "area", colorMode: "grayscale", padToAspectRatio: true },
      { resize: "area", crop: "pad" },
    ],
  ] as const)("describes to pages what it does by %j", async ([options, description]) => {
    const found = await imageDatasetFromDirectory(folders.files, { ...options, imageSize: [9, 7], shuffle: false });
    const { preprocessing } = found;
    expect(preprocessing).toMatchObject(description);
    if (preprocessing === undefined) return;
    const [path = ""] = found.filePaths;
    const { x } = await found.at(0);
    const seen = preprocessPixels(await readPicture(new Blob([await readFile(path)])), preprocessing);
    const differences = seen.data.map((value, index) => Math.abs(value - (x.data[index] ?? -1)));
    // Bytes are rounded where a page keeps fractions.
    expect(Math.max(...differences)).toBeLessThanOrEqual(description.resize === "bilinear" ? 0.5 : 0);
  });

  test.for([
    ["format", "grain", "one kind of batches"],
    ["rescale", 1 / 255, "scale: 1 / 255 does that"],
    ["target_size", [8, 8], "imageSize: [height, width]"],
    ["classMode", "binary", "labelMode"],
    ["saveToDir", "out", "nothing is saved"],
    ["smart_resize", true, "cropToAspectRatio: true"],
  ] as const)("says of Keras's %s what to write", async ([option, value, instead]) => {
    const call = imageDatasetFromDirectory(folders.alpha, { [option]: value } as never);
    await expect(call).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option,
      message: expect.stringContaining(instead),
    });
  });

  test("refuses a verbose that is neither true nor false, and an order of axes that there is none", async () => {
    for (const [option, value] of [
      ["verbose", "yes"],
      ["dataFormat", "channels_middle"],
    ] as const) {
      const call = imageDatasetFromDirectory(folders.alpha, { [option]: value } as never);
      await expect(call).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
    }
  });

  test("takes Keras's words for the order of axes, and verbose", async () => {
    const options = { imageSize: [9, 7], verbose: true } as const;
    const shapes = (["channels_first", "channelsFirst", "channels_last"] as const).map(async (dataFormat) => {
      const found = await imageDatasetFromDirectory(folders.alpha, { ...options, dataFormat });
      return (await found.at(0)).x.shape;
    });
    expect(await Promise.all(shapes)).toEqual([
      [2, 3, 9, 7],
      [2, 3, 9, 7],
      [2, 9, 7, 3],
    ]);
  });

  test("goes through every picture once an epoch, in an order that seed and epoch alone decide", async () => {
    const options = { seed: 4, batchSize: 3, imageSize: 8 };
    const once = await imageDatasetFromDirectory(folders.files, options);
    const again = await imageDatasetFromDirectory(folders.files, options);
    expect([...once.order(0)].toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 12 }, (_, index) => index),
    );
    const [whole, later] = [await collect(once.batches(2)), await collect(again.batches(2, 2))];
    expect(later).toEqual(whole.slice(2));
  });

  test("gives pictures one by one without a batch size", async () => {
    const options = { seed: 4, batchSize: null, imageSize: 8 } as const;
    const found = await imageDatasetFromDirectory(folders.files, options);
    const examples = await collect(found);
    const batches = await imageDatasetFromDirectory(folders.files, { ...options, batchSize: 12 });
    expect(examples.map(({ path }) => path).toSorted()).toEqual(batches.filePaths.toSorted());
    expect(examples.map(({ path }) => path)).not.toEqual(batches.filePaths);
    expect(examples[0]?.image).toMatchObject({ width: 8, height: 8 });
  });

  test("lists what is not a picture", async () => {
    const { skipped } = await imageDatasetFromDirectory(folders.files);
    expect(skipped.map(({ path }) => relative(folders.files, path)).toSorted()).toEqual([
      "cat/notes.txt",
      "empty/readme.md",
    ]);
    expect(skipped[0]?.reason).toContain(".jpg");
  });

  test.for<[option: string, options: object, message: string]>([
    ["options", { batchsize: 3 }, "did you mean batchSize?"],
    ["labelMode", { labelMode: "one-hot" }, '"categorical"'],
    ["labelMode", { labelMode: "binary" }, 'must be "int" or "categorical" with 4 classes'],
    ["colorMode", { colorMode: "bgr" }, '"grayscale", "rgb" or "rgba"'],
    ["imageSize", { imageSize: [3] }, "[height, width]"],
    ["imageSize", { imageSize: [1e6, 1e6] }, "imageDatasetFromDirectory: imageSize must be"],
    ["interpolation", { interpolation: "cubic" }, "bicubic"],
    ["classNames", { classNames: ["cat", "mouse"] }, "must be among the folders in"],
    ["classNames", { classNames: ["cat"], labels: null }, 'only where labels is "inferred"'],
    ["labels", { labels: [1, 2] }, "13 class indices"],
    ["labels", { labels: "folders" }, '"inferred", null or a list'],
    ["padToAspectRatio", { padToAspectRatio: true, cropToAspectRatio: true }, "must be false if"],
    ["seed", { validationSplit: 0.2, subset: "both" }, "so that both parts come from one order"],
    ["subset", { validationSplit: 0.2 }, "with validationSplit"],
    ["validationSplit", { subset: "training" }, "with subset"],
    ["validationSplit", { validationSplit: 1.2, subset: "training" }, "a share in (0, 1)"],
    [
      "validationSplit",
      { validationSplit: 0.01, subset: "training", seed: 1 },
      "leaves neither part of 12 files empty",
    ],
    ["stratify", { stratify: true }, "left out without validationSplit"],
    ["extensions", { extensions: ["jpg"] }, "a list of endings"],
  ])("refuses a wrong %s: %j", async ([option, options, message]) => {
    const opened = imageDatasetFromDirectory(folders.files, options);
    await expect(opened).rejects.toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error);
    await expect(opened).rejects.toThrow(message);
  });

  test("says which folder is not there, and which has no picture", async () => {
    await expect(imageDatasetFromDirectory(join(root, "nowhere"))).rejects.toThrow("nowhere: no such file or folder");
    await expect(imageDatasetFromDirectory(join(folders.files, "cat"))).resolves.toHaveProperty("classNames", [
      "a",
      "a b",
    ]);
    const ofOneClass = join(folders.alpha, "a");
    const opened = imageDatasetFromDirectory(ofOneClass);
    await expect(opened).rejects.toThrow(
      `There are no pictures in the folders of ${ofOneClass} (none), but 1 in the folder itself. Name the`,
    );
    await expect(opened).rejects.toThrow("labels: null takes them without classes");
    await expect(imageFolders(ofOneClass)).rejects.toThrow("but 1 in the folder itself. Name the parent folder");
    const empty = await mkdtemp(join(root, "empty-"));
    await expect(imageDatasetFromDirectory(empty)).rejects.toThrow(`${empty} (none). Pictures end in .bmp`);
  });
});

describe("damaged files", () => {
  async function folderWith(good: number, bad: number): Promise<string> {
    const folder = await mkdtemp(join(root, "damaged-"));
    const picture = golden.alpha["a/one.png"];
    for (let index = 0; index < good; index++) await write(folder, { [`a/${index}.png`]: picture });
    for (let index = 0; index < bad; index++) {
      const contents = ["", Buffer.from("no picture").toString("base64"), picture.slice(0, 100)][index % 3] ?? "";
      await write(folder, { [`a/bad-${index}.png`]: contents });
    }
    return folder;
  }

  test("are skipped, counted and named with their reason", async () => {
    const found = await imageDatasetFromDirectory(await folderWith(60, 3), { imageSize: 8, batchSize: 21, seed: 1 });
    const batches = await collect(found.batches(0));
    expect(batches.reduce((sum, { size }) => sum + size, 0)).toBe(60);
    expect(found.skipped).toHaveLength(3);
    for (const { path, reason } of found.skipped) {
      expect(path).toContain("bad-");
      expect(reason).toContain(path);
    }
    expect((await collect(found.batches(1))).reduce((sum, { size }) => sum + size, 0)).toBe(60);
  });

  test("are an error where they are more than 5 %, or than one says", async () => {
    const folder = await folderWith(10, 2);
    const found = await imageDatasetFromDirectory(folder, { imageSize: 8, seed: 1 });
    await expect(collect(found.batches(0))).rejects.toThrow(
      /pictures, except for 5 % \(damagedShare\), found \d of 12 that are not/,
    );
    const patient = await imageDatasetFromDirectory(folder, { imageSize: 8, seed: 1, damagedShare: 0.5, batchSize: 1 });
    const sizes = (await collect(patient.batches(0))).map(({ size }) => size);
    // A batch of which nothing is left has the next picture.
    expect(sizes).toEqual(Array.from({ length: 12 }, () => 1));
  });
});

describe("beyond Keras", () => {
  const both = { validationSplit: 0.25, subset: "both", seed: 3 } as const;

  async function manyFiles(): Promise<string> {
    const folder = await mkdtemp(join(root, "many-"));
    for (let index = 0; index < 40; index++) await write(folder, { [`${index < 32 ? "a" : "b"}/${index}.png`]: "" });
    return folder;
  }

  test("stratify gives both parts the same shares of classes", async () => {
    const [training, validation] = await imageDatasetFromDirectory(await manyFiles(), { ...both, stratify: true });
    const count = (labels: Int32Array | undefined): number[] =>
      [0, 1].map((each) => labels?.filter((label) => label === each).length ?? 0);
    expect([count(training.labels), count(validation.labels)]).toEqual([
      [24, 6],
      [8, 2],
    ]);
    expect(new Set([...training.filePaths, ...validation.filePaths]).size).toBe(40);
  });

  test("keepTogether leaves no group in both parts", async () => {
    const group = (path: string): number => Math.floor(Number(/(\d+)\.png$/.exec(path)?.[1]) / 3);
    const keepTogether = (paths: readonly string[]): number[] => paths.map(group);
    const [training, validation] = await imageDatasetFromDirectory(await manyFiles(), { ...both, keepTogether });
    const groups = new Set(training.filePaths.map(group));
    expect(validation.filePaths.filter((path) => groups.has(group(path)))).toEqual([]);
    expect(validation.size).toBeGreaterThanOrEqual(8);
    expect(validation.size).toBeLessThanOrEqual(12);
  });

  test("splitFile keeps a division, whatever the seed, and tells of other files", async () => {
    const folder = await manyFiles();
    const splitFile = join(root, "runs", "split.json");
    const [training, validation] = await imageDatasetFromDirectory(folder, { ...both, splitFile });
    expect(JSON.parse(await readFile(splitFile, "utf8"))).toMatchObject({ version: 1 });
    const [again, judged] = await imageDatasetFromDirectory(folder, { ...both, seed: 9, splitFile });
    expect([again.filePaths.toSorted(), judged.filePaths.toSorted()]).toEqual([
      training.filePaths.toSorted(),
      validation.filePaths.toSorted(),
    ]);
    await write(folder, { "b/new.png": "" });
    await expect(imageDatasetFromDirectory(folder, { ...both, splitFile })).rejects.toThrow(
      "b/new.png (delete it to split them again)",
    );
    await rm(join(folder, "b/new.png"));
    await rm(join(folder, "b/39.png"));
    await expect(imageDatasetFromDirectory(folder, { ...both, splitFile })).rejects.toThrow("found b/39.png");
  });

  test("splitFile gives one division to all who ask at once", async () => {
    const folder = await manyFiles();
    const splitFile = join(root, "together", "split.json");
    const options = { validationSplit: 0.25, splitFile, batchSize: 4 } as const;
    const parts = await Promise.all(
      (["training", "validation", "both"] as const).map((subset) =>
        imageDatasetFromDirectory(folder, { ...options, subset } as const),
      ),
    );
    const [training, validation, [again, judged]] = parts as unknown as [Paths, Paths, [Paths, Paths]];
    const sorted = ({ filePaths }: Paths): readonly string[] => filePaths.toSorted();
    expect([sorted(training), sorted(validation)]).toEqual([sorted(again), sorted(judged)]);
    expect(await readdir(join(root, "together"))).toEqual(["split.json"]);
  });

  test("splitFile tells of other shares than it was made for", async () => {
    const folder = await manyFiles();
    const splitFile = join(root, "shares", "split.json");
    await imageDatasetFromDirectory(folder, { ...both, splitFile });
    await expect(imageDatasetFromDirectory(folder, { ...both, validationSplit: 0.5, splitFile })).rejects.toThrow(
      /split\.json: validationSplit must be 0\.5, found [\d.]+ \(delete it to split them again\)/,
    );
    await expect(imageDatasetFromDirectory(folder, { ...both, stratify: true, splitFile })).rejects.toThrow(
      "stratify must be true, found false",
    );
  });

  test("followLinks enters folders that links lead to, and circles once", async () => {
    const folder = await manyFiles();
    await symlink(join(folder, "b"), join(folder, "a/linked"));
    await symlink(join(folder, "a"), join(folder, "a/circle"));
    expect((await imageDatasetFromDirectory(folder)).size).toBe(40);
    expect((await imageDatasetFromDirectory(folder, { followLinks: true })).size).toBe(48);
  });
});

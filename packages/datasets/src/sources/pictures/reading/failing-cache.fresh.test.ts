import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Pixels, colorJitter, randomFlipLeftRight } from "@featuremap/images";
import { UnavailableError } from "@featuremap/tensor";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { collect } from "../../bytes/collect.ts";
import { imageFolders } from "../../folder/image-folders.ts";
import { ImageFiles } from "../image-files.ts";
import { decodedPictures } from "./decoded-pictures.ts";
import { png, testFolder } from "../test-folder.test-support.ts";

/** Files that can still be written, and bytes that the system says are free. */
const disk = vi.hoisted(() => ({ files: Number.POSITIVE_INFINITY, free: 2 ** 40, reason: "" }));

vi.mock(import("@featuremap/files"), async (original) => {
  const files = await original();
  return {
    ...files,
    async writeFileWhole(path, contents) {
      if (disk.files-- > 0) return files.writeFileWhole(path, contents);
      throw new UnavailableError(`Cannot write ${path}: ${disk.reason}`, "Choose a writable place.");
    },
  };
});
vi.mock(import("#pack-folder"), async (original) => ({
  ...(await original()),
  freeBytes: () => Promise.resolve(disk.free),
}));

const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
beforeEach(() => Object.assign(disk, { files: Number.POSITIVE_INFINITY, free: 2 ** 40, reason: "" }));
afterEach(() => warn.mockClear());

type TestContext = Parameters<typeof testFolder>[0];
const side = 2048;
const pictureBytes = side * side;

/** Three pictures of 4 MB, in a cache that nobody asked for; each is a pack of its own where `packs` is true. */
async function threePictures(context: TestContext) {
  const folder = await testFolder(context, Object.fromEntries(["0", "1", "2"].map((name) => [`${name}.png`, name])));
  vi.stubEnv("FEATUREMAP_CACHE", join(folder, "cache"));
  context.onTestFinished(async () => void vi.unstubAllEnvs());
  const paths = ["0", "1", "2"].map((name) => join(folder, `${name}.png`));
  const files = { size: 3, filePaths: paths, labels: undefined, classNames: [], onDisk: true, basePaths: paths };
  const at = (index: number) => ({ path: paths[index] ?? "", label: 0, contents: async () => new Uint8Array(0) });
  const made: number[] = [];
  /** What an epoch reads, by a program that begins with it. */
  const program = () => {
    const batchable = { ...files, at, baseIndex: (index: number) => index };
    const kept = decodedPictures(batchable, { cache: undefined, recipe: "", pictureBytes: 2 ** 25 });
    return async () => {
      const pass = new AbortController();
      for (const place of [0, 1, 2]) {
        const make = async (): Promise<Pixels> => {
          made.push(place);
          return { data: new Uint8Array(8 * pictureBytes).fill(place), width: 8 * side, height: side };
        };
        const { data, width } = (await kept?.get(place, make, pass.signal)) ?? (await make());
        expect([data[0], data.at(-1), width]).toEqual([place, place, 8 * side]);
      }
      pass.abort();
      return made.splice(0);
    };
  };
  return { folder, program, cache: join(folder, "cache") };
}

describe("a cache that nobody asked for", () => {
  test.for(["no space is left on the disk", "the disk is read-only"])(
    "gives what it has and tells once where it cannot be written any more: %s",
    async (reason, context) => {
      const { program, cache } = await threePictures(context);
      // The mark that the folder can be written, and the first picture.
      Object.assign(disk, { files: 2, reason });
      const epoch = program();
      expect(await epoch()).toEqual([0, 1, 2]);
      // What could not be written is still at hand, and nothing more.
      expect(await epoch()).toEqual([2]);
      expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(`${cache}.*${reason}`));
      expect(await program()()).toEqual([1, 2]);
      disk.files = Number.POSITIVE_INFINITY;
      expect(await program()()).toEqual([1, 2]);
      expect(await program()()).toEqual([]);
    },
  );

  test("is read where it is whole and cannot be written", async (context) => {
    const { program } = await threePictures(context);
    expect(await program()()).toEqual([0, 1, 2]);
    disk.files = 0;
    const epoch = program();
    expect([await epoch(), await epoch()]).toEqual([[], []]);
    expect(warn).not.toHaveBeenCalled();
  });

  test("is used again where it leaves less than its own size free", async (context) => {
    const { program } = await threePictures(context);
    disk.free = 2 ** 27;
    expect(await program()()).toEqual([0, 1, 2]);
    const epoch = program();
    expect([await epoch(), await epoch()]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    disk.free = 2 ** 29;
    expect(await program()()).toEqual([0, 1, 2]);
    disk.free = 2 ** 20;
    expect(await program()()).toEqual([]);
  });
});

const numbered = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [`a/${10 + index}.png`, png(4, 4, [index, 0, 0])] as const),
);

describe("a cache that was asked for", () => {
  test("is told to be full, no picture is blamed, and later nothing is missing", async (context) => {
    const folder = await testFolder(context, numbered);
    const cache = await testFolder(context, {});
    const { train } = await imageFolders(folder);
    const options = { imageSize: 4, workers: 0 };
    const expected = await collect(train.batch(8, { ...options, cache: false }).batches(0));
    Object.assign(disk, { files: 1, reason: "no space is left on the disk" });
    const batches = train.batch(8, { ...options, cache });
    await expect(collect(batches.batches(0))).rejects.toThrow(`no space is left on the disk`);
    expect(batches.skipped).toEqual([]);
    expect((await readdir(cache, { recursive: true })).filter((name) => name.endsWith(".pack"))).toEqual([]);
    disk.files = Number.POSITIVE_INFINITY;
    expect(await collect(train.batch(8, { ...options, cache }).batches(1))).toEqual(expected);
  });

  test.for([
    [0, false],
    [1, false],
    [1, true],
  ] as const)(
    "is made anew where its folder goes between epochs; %i workers, random flips: %s",
    async (given, context) => {
      const [workers, isRandom] = given;
      const folder = await testFolder(context, numbered);
      const cache = join(await testFolder(context, {}), "kept");
      const { train } = await imageFolders(folder);
      const options = { imageSize: 4, workers, seed: 1, augment: isRandom ? [randomFlipLeftRight()] : [] };
      const kept = train.batch(8, { ...options, cache });
      const plain = train.batch(8, { ...options, cache: false });
      const packs = async () =>
        (await readdir(cache, { recursive: true }).catch(() => [])).filter((name) => name.endsWith(".pack"));
      for (let epoch = 0; epoch < 3; epoch++) {
        expect(await collect(kept.batches(epoch))).toEqual(await collect(plain.batches(epoch)));
        await vi.waitFor(async () => expect(await packs()).toHaveLength(1));
        await rm(cache, { recursive: true });
      }
      expect(kept.skipped).toEqual([]);
    },
  );
});

describe.for<readonly [what: string, environment: Record<string, string>]>([
  ["cannot be opened", {}],
  ...(process.platform === "linux"
    ? ([["has no place", { FEATUREMAP_CACHE: "", XDG_CACHE_HOME: "", HOME: "" }]] as const)
    : []),
])("a cache that %s", ([, environment]) => {
  test.for([0, 2])("costs no picture; %i workers", async (workers, context) => {
    const folder = await testFolder(context, {
      ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`a/${index}.png`, png(9, 9, [index, 0, 0])])),
      "no-folder": "a file",
    });
    vi.stubEnv("FEATUREMAP_CACHE", join(folder, "no-folder"));
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    context.onTestFinished(async () => void vi.unstubAllEnvs());
    const paths = (await readdir(join(folder, "a"))).map((name) => join(folder, "a", name));
    // Too many pictures for memory, as the data set says; of which a few are read.
    const batchable = new ImageFiles({ paths: [...paths, ...Array.from({ length: 400 }, () => paths[0] ?? "")] });
    const files = batchable.batch(8, { imageSize: 300, augment: [colorJitter({ brightness: 0.3 })], seed: 3, workers });
    for (const epoch of [0, 1]) {
      let count = 0;
      for await (const { size } of files.batches(epoch)) {
        expect(size).toBe(8);
        if (++count === 4) break;
      }
    }
    expect(files.skipped).toEqual([]);
    const few = new ImageFiles({ paths }).batch(8, { imageSize: 8, workers });
    for (const epoch of [0, 1]) expect(await collect(few.batches(epoch))).toHaveLength(3);
    const asked = batchable.batch(8, { imageSize: 8, cache: join(folder, "no-folder"), workers });
    await expect(collect(asked.batches(0))).rejects.toThrow(/no-folder/);
    expect(asked.skipped).toEqual([]);
  });
});

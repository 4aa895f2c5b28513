import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  colorJitter,
  decodeImage,
  preprocessPixels,
  randomFlipLeftRight,
  randomResizedCrop,
  readPicture,
  resizePixels,
} from "@featuremap/images";
import { HostArray } from "@featuremap/tensor";
import sharp from "sharp";
import { type TestContext, describe, expect, test } from "vitest";
import { collect } from "../../bytes/collect.ts";
import type { ImageFileBatchOptions } from "./image-file-batch-options.ts";
import { ImageFiles } from "../image-files.ts";
import { png, testFolder } from "../test-folder.test-support.ts";

/** A folder with 12 pictures of two classes. */
function picturesFolder(context: TestContext): Promise<string> {
  const pictures = Array.from({ length: 12 }, (_, index) => [
    `${index % 2 === 0 ? "a" : "b"}/${index}.png`,
    png(10 + index, 9, [index * 20, 255 - index * 20, 100]),
  ]);
  return testFolder(context, Object.fromEntries(pictures));
}

async function bytesOf(files: ImageFiles, options: ImageFileBatchOptions, epoch = 0): Promise<number[][]> {
  const batches = await collect(files.batch(4, { imageSize: 8, ...options }).batches(epoch));
  return batches.map(({ x }) => [...x.data]);
}

describe("batches of picture files", () => {
  test.for([
    ["as they are", {}],
    ["changed", { augment: [randomFlipLeftRight(), colorJitter({ brightness: 0.5 })] }],
    ["cut out of the whole picture", { augment: [randomResizedCrop([8, 8], { flip: 0.5 })] }],
    ["in grey, with borders", { colorMode: "grayscale", padToAspectRatio: true, augment: [randomFlipLeftRight()] }],
  ] as const)("are the same with 0, 1 and 3 threads, kept or not; %s", async ([, options], context) => {
    const folder = await picturesFolder(context);
    const files = await filesOf(folder);
    const shuffled = { ...options, seed: 5 };
    const expected = await bytesOf(files, { ...shuffled, workers: 0, cache: false }, 1);
    const kept = await testFolder(context, {});
    for (const workers of [0, 1, 3]) {
      for (const cache of [false, undefined, kept]) {
        const given = cache === undefined ? { ...shuffled, workers } : { ...shuffled, workers, cache };
        expect(await bytesOf(files, given, 1)).toEqual(expected);
      }
    }
    expect(await bytesOf(files, { ...shuffled, workers: 2 }, 2)).not.toEqual(expected);
  });

  test("are written to the memory of those that were given back, and to no other", async (context) => {
    const folder = await picturesFolder(context);
    await writeFile(join(folder, "a", "4.png"), "no picture");
    const files = await filesOf(folder, 0.5);
    for (const workers of [0, 2]) {
      const options = { imageSize: 8, workers, seed: 3, scale: 1 / 255, augment: [randomFlipLeftRight()] };
      const [batches, others] = [files.batch(4, options), files.batch(4, options)];
      const buffers = new Set<ArrayBufferLike>();
      let kept: { readonly given: Float32Array; readonly copy: Float32Array } | undefined;
      for (const epoch of [0, 1, 2]) {
        const expected = await collect(others.batches(epoch));
        let index = 0;
        for await (const batch of batches.batches(epoch)) {
          expect(batch).toEqual(expected[index++]);
          const given = batch.x.data as Float32Array;
          buffers.add(given.buffer);
          if (kept === undefined) kept = { given, copy: given.slice() };
          else batches.recycle(batch);
        }
      }
      expect(kept?.given).toEqual(kept?.copy);
      expect(buffers.size).toBeLessThan(8);
      for (const odd of [undefined, {}, 3]) {
        expect(() => batches.recycle(odd as never)).toThrow(
          /ImageFileBatches\.recycle: batch must be one that these gave/,
        );
      }
    }
  });

  test("are not written to memory that was given back twice, or never was theirs", async (context) => {
    const batches = (await filesOf(await picturesFolder(context))).batch(4, { imageSize: 8 });
    const first = await batches.at(0);
    batches.recycle(first);
    const second = await batches.at(1);
    const copy = (second.x.data as Float32Array).slice();
    batches.recycle(first);
    const own = new HostArray(new Float32Array(4 * 8 * 8 * 3).fill(7), [4, 8, 8, 3]);
    batches.recycle({ x: own, y: first.y, size: 4 });
    await batches.at(2);
    await batches.at(0);
    expect(second.x.data).toEqual(copy);
    expect(own.data.every((value) => value === 7)).toBe(true);
  });

  test("are of files decoded at a part of their size, as far as is asked", async (context) => {
    const levels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * index) >> 4);
    const jpeg = await sharp(levels, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    const folder = await testFolder(context, { "a.jpg": jpeg });
    const files = new ImageFiles({ paths: [join(folder, "a.jpg")], labels: [0], classNames: ["a"] });
    const cut = randomResizedCrop([8, 8], { scale: [1, 1], ratio: [1, 1] });
    for (const [scaledDecode, plain, part] of [
      [false, 64, 64],
      [true, 8, 16],
      [1, 8, 8],
      [2.5, 32, 32],
      [5, 64, 64],
    ] as const) {
      for (const [side, augment] of [
        [plain, []],
        [part, [cut]],
      ] as const) {
        for (const workers of [0, 1]) {
          const options = { imageSize: 8, scaledDecode, augment, workers, seed: 1, cache: false, shuffle: false };
          const { x } = await files.batch(1, options).at(0);
          const decoded = await decodeImage(jpeg, { atLeast: [side, side] });
          expect(decoded.width).toBe(side);
          const expected = resizePixels(decoded, [8, 8], { antialias: augment.length > 0 });
          expect([...x.data]).toEqual([...expected.data]);
        }
      }
    }
    for (const scaledDecode of [0, 0.5, 65, Number.NaN, "2"]) {
      expect(() => files.batch(1, { imageSize: 8, scaledDecode: scaledDecode as number })).toThrow(
        "scaledDecode must be true, false or a number in [1, 64]",
      );
    }
  });

  test("refuse pictures to which changes of your own gave another number of channels", async (context) => {
    const files = await filesOf(await picturesFolder(context));
    const toGrey = { name: "toGrey", arguments: [], apply: () => ({ data: new Uint8Array(64), width: 8, height: 8 }) };
    const batches = files.batch(4, { imageSize: 8, augment: [toGrey], seed: 1 });
    await expect(batches.at(0)).rejects.toThrow(
      "a picture must be 8 x 8 pixels of 3 bytes after augmentation, received 8 x 8 pixels of 1 bytes",
    );
  });

  test("take steps of tf.data, or say what stands in their place", async (context) => {
    const batches = (await filesOf(await picturesFolder(context))).batch(4, { imageSize: 8 });
    const whole = await collect(batches);
    expect(await collect(batches.take(1))).toEqual(whole.slice(0, 1));
    expect(await collect(batches.skip(1))).toEqual(whole.slice(1));
    expect(await collect(batches.map(({ size }) => size * 2))).toEqual([8, 8, 8]);
    for (const method of ["cache", "prefetch", "repeat", "shuffle"]) {
      const call = (batches as unknown as Record<string, (() => unknown) | undefined>)[method];
      expect(call).toThrow(new RegExp(`^ImageFileBatches: ${method} is not a method here\\. Write .*\\.$`));
    }
  });

  test.for(["exif", "stored"] as const)(
    "describe for pages how a file's pixels lie: %s",
    async (orientation, context) => {
      const columns = sharp(Uint8Array.of(255, 0, 0, 0, 0, 255), { raw: { width: 2, height: 1, channels: 3 } });
      const bytes = await columns.png().withMetadata({ orientation: 6 }).toBuffer();
      const folder = await testFolder(context, { "turned.png": bytes });
      const files = new ImageFiles({ paths: [join(folder, "turned.png")], labels: [0], classNames: ["turned"] });
      const batches = files.batch(1, { imageSize: [2, 2], orientation });
      const { x } = await batches.at(0);
      const { preprocessing } = batches;
      expect(preprocessing.orientation).toBe(orientation === "stored" ? "stored" : undefined);
      const seen = await readPicture(new Blob([Uint8Array.from(bytes)]), { orientation: preprocessing.orientation });
      expect(preprocessPixels(seen, preprocessing).data).toEqual(x.data);
      expect(x.data[2 * 3]).toBe(orientation === "stored" ? 255 : 0);
    },
  );

  test.for<ImageFileBatchOptions>([
    { colorMode: "rgba", padToAspectRatio: true, interpolation: "bicubic" },
    { colorMode: "rgba", cropToAspectRatio: true, interpolation: "area", scale: 1 / 255 },
    { colorMode: "rgb", padToAspectRatio: true },
    { colorMode: "grayscale", interpolation: "lanczos3" },
  ])("describe for pages how pixels become what training sees: %j", async (options, context) => {
    const noise = Uint8Array.from({ length: 7 * 4 * 4 }, (_, at) => (at * 37) % 256);
    const bytes = await sharp(noise, { raw: { width: 7, height: 4, channels: 4 } })
      .png()
      .toBuffer();
    const folder = await testFolder(context, { "glass.png": bytes });
    const files = new ImageFiles({ paths: [join(folder, "glass.png")], labels: [0], classNames: ["glass"] });
    const batches = files.batch(1, { imageSize: [5, 5], ...options });
    const seen = await readPicture(new Blob([Uint8Array.from(bytes)]));
    expect(preprocessPixels(seen, batches.preprocessing).data).toEqual((await batches.at(0)).x.data);
  });

  test("decode each file once: later epochs do not need it", async (context) => {
    const folder = await picturesFolder(context);
    const files = await filesOf(folder);
    const batches = files.batch(4, { imageSize: 8 });
    const first = await collect(batches.batches(0));
    await rm(folder, { recursive: true });
    expect(await collect(batches.batches(1))).toEqual(first);
  });

  test("find what an earlier training kept, in parts chosen another way, until a file changes", async (context) => {
    const folder = await picturesFolder(context);
    const cache = await testFolder(context, {});
    const path = join(folder, "a", "0.png");
    const before = await bytesOf(await filesOf(folder), { cache });
    const packs = await readdir(cache, { recursive: true });
    expect(packs.length).toBeGreaterThan(1);
    const files = await filesOf(folder);
    const [part] = await bytesOf(files.select([3, 0, 1]), { cache });
    const [whole] = before;
    expect(part?.slice(192, 384)).toEqual(whole?.slice(0, 192));
    // Packs made anew have names of their own.
    expect(await readdir(cache, { recursive: true })).toEqual(packs);
    const changed = png(9, 9, [1, 2, 3]);
    await writeFile(path, changed);
    const [[...again] = []] = await bytesOf(files, { cache });
    expect(again.slice(0, 3)).toEqual([1, 2, 3]);
  });

  test("name the damaged file, from a thread and from what was kept", async (context) => {
    const folder = await picturesFolder(context);
    await writeFile(join(folder, "b", "1.png"), "no picture");
    const cache = await testFolder(context, {});
    for (const workers of [2, 2, 0]) {
      const files = await filesOf(folder, 0.2);
      expect((await bytesOf(files, { cache, workers })).flat()).toHaveLength(11 * 192);
      expect(files.skipped).toMatchObject([
        { path: join(folder, "b", "1.png"), reason: expect.stringContaining("1.png") },
      ]);
    }
  });

  test("run changes with code of the user's own in this thread", async (context) => {
    const files = await filesOf(await picturesFolder(context));
    const black = {
      name: "randomFlipLeftRight",
      arguments: [],
      apply: (pixels: { data: Uint8Array }) => ({ ...pixels, data: new Uint8Array(pixels.data.length) }),
    };
    const batches = await bytesOf(files, { augment: [randomFlipLeftRight(), black as never], seed: 1, workers: 2 });
    expect(new Set(batches.flat())).toEqual(new Set([0]));
  });

  test.for([
    ["workers", { workers: -1 }],
    ["workers", { workers: "2" }],
    ["cache", { cache: "" }],
    ["cache", { cache: 5 }],
  ] as const)("refuse a wrong %s: %j", async ([option, options], context) => {
    const files = await filesOf(await picturesFolder(context));
    expect(() => files.batch(4, options as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});

async function filesOf(folder: string, damagedShare = 0.05): Promise<ImageFiles> {
  const paths = (
    await Promise.all(
      ["a", "b"].map(async (name) => (await readdir(join(folder, name))).map((file) => join(folder, name, file))),
    )
  )
    .flat()
    .toSorted();
  const labels = paths.map((path) => (path.includes(join("/", "b", "/")) ? 1 : 0));
  return new ImageFiles({ paths, labels, classNames: ["a", "b"], damagedShare });
}

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { crc32, inflateSync } from "node:zlib";
import type { Pixels } from "@featuremap/images";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../testing/saved-model.ts";
import golden from "./odd-pictures.golden.json" with { type: "json" };
import { openPicture } from "./open-picture.ts";

const folder = temporaryFolder();

async function decode(bytes: Uint8Array): Promise<Pixels> {
  const path = folder.path("picture");
  await writeFile(path, bytes);
  return (await openPicture(path)).decode();
}

function goldenFile(name: string): Uint8Array {
  const found = [...golden.cases, ...golden.refused].find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`There is no picture named ${name}.`);
  return Buffer.from(found.file, "base64");
}

describe("pictures are read as Pillow reads them", () => {
  const cases = golden.cases.flatMap(({ pixels, ...entry }) => (pixels === undefined ? [] : [{ ...entry, pixels }]));

  test.for(cases)("$name", async ({ name, file, width, height, pixels }) => {
    const picture = await decode(Buffer.from(file, "base64"));
    expect([picture.width, picture.height]).toEqual([width, height]);
    const expected = inflateSync(Buffer.from(pixels, "base64"));
    const largest = Math.max(...picture.data.map((value, index) => Math.abs(value - (expected[index] ?? 256))));
    // Of values of 5 and 6 bits Pillow cuts the fraction off, where browsers round.
    expect(largest).toBeLessThanOrEqual(name.startsWith("bmp, 16 bits") ? 1 : 0);
  });
});

describe("what is not read is said", () => {
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic")]);
  const range = "an image of 8 or 16 bits for each value";

  test.for<[string, Uint8Array, expected: string, found: string]>([
    ["nothing", new Uint8Array(), "an image", "an empty file"],
    ["a HEIC photo", heic, "an image", "HEIC, which is not read here"],
    ["a PDF document", Buffer.from("%PDF-1.7"), "an image", "a PDF document, which is not read here"],
    ["a video", Buffer.from("\0\0\0\u0018ftypisom\0\0\0\0isommp41"), "an image", "a video, which is not read here"],
    ["text", Buffer.from("not a picture"), "an image", "something else"],
    ["floats in [0, 1]", goldenFile("tiff of floats"), range, "a TIFF of type float"],
    ["large integers", goldenFile("tiff of integers"), range, "a TIFF of type int"],
    ["half a PNG", goldenFile("png").subarray(0, 90), "an image that can be decoded", "a PNG that is damaged, or"],
    ["half a JPEG", goldenFile("jpeg").subarray(0, 700), "an image that can be decoded", "a JPEG that is damaged, or"],
    ["half a BMP", goldenFile("bmp, 24 bits").subarray(0, 300), "a whole one of 438 bytes", "300 bytes"],
    ["half a BMP in runs", goldenFile("bmp, runs of 8 bits").subarray(0, 150), "a whole one", "one that ends within"],
    ["a BMP's first bytes", Buffer.from("BM1234"), "longer than its header", "6 bytes"],
  ])("%s", async ([, bytes, expected, found]) => {
    const error: unknown = await decode(bytes).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "INVALID_FORMAT", source: folder.path("picture") });
    expect(error).toMatchObject({ message: expect.stringContaining(` must be ${expected}`) });
    expect(error).toMatchObject({ message: expect.stringContaining(`, found ${found}`) });
    expect(error).toMatchObject({ message: expect.stringMatching(/^[^\n]{1,400}$/) });
  });

  test("a folder", async () => {
    await mkdir(folder.path("folder"));
    await expect(openPicture(folder.path("folder"))).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: `Cannot read ${folder.path("folder")}: it is a folder. Name a regular file.`,
    });
  });

  test.runIf(existsSync("/dev/zero"))("a device that never ends", async () => {
    await expect(openPicture("/dev/zero")).rejects.toThrow("it is a device, a pipe or a socket");
  });
});

describe("pictures of more pixels than are allowed are refused before they are decoded", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="16000" height="16000"/>';
  const bmp = Buffer.from(goldenFile("bmp, runs of 8 bits"));
  bmp.writeInt32LE(16_000, 18);
  bmp.writeInt32LE(16_000, 22);

  const png = Buffer.from(goldenFile("png"));
  png.writeUInt32BE(16_000, 16);
  png.writeUInt32BE(16_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);

  test.for<[string, Uint8Array]>([
    ["PNG", png],
    ["SVG", Buffer.from(svg)],
    ["BMP", bmp],
  ])("%s", async ([, bytes]) => {
    const path = folder.path("bomb");
    await writeFile(path, bytes);
    const before = process.memoryUsage.rss();
    await expect(openPicture(path)).rejects.toMatchObject({
      code: "INVALID_FORMAT",
      message: `${path}: the file must be an image of at most 100000000 pixels (--max-pixels raises it), found 16000 x 16000 = 256000000.`,
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
    await expect(openPicture(path, { maxPixels: 256e6 })).resolves.toMatchObject({ bytes: 4 * 256e6 + bytes.length });
  });
});

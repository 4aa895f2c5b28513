import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../testing/saved-model.ts";
import { openPicture } from "./open-picture.ts";

const folder = temporaryFolder();

/** A column of half-transparent red, one of opaque blue. */
const columns = () =>
  sharp(Uint8Array.of(255, 0, 0, 128, 0, 0, 255, 255), { raw: { width: 2, height: 1, channels: 4 } }).png();

test("a picture is decoded as it is asked for, upright", async () => {
  const path = folder.path("picture");
  await writeFile(path, await columns().withMetadata({ orientation: 6 }).toBuffer());
  const opened = await openPicture(path);
  expect(await opened.decode("rgb")).toEqual({ width: 1, height: 2, data: Uint8Array.of(255, 0, 0, 0, 0, 255) });
  const { data } = await opened.decode("rgba");
  expect(Array.from(data)).toEqual([255, 0, 0, 128, 0, 0, 255, 255]);
  expect(await opened.decode("rgb", "stored")).toMatchObject({ width: 2, height: 1 });
});

describe("what is not read is said", () => {
  test.for<[string, Uint8Array, found: string]>([
    ["nothing", new Uint8Array(), "an empty file"],
    ["a PDF document", Buffer.from("%PDF-1.7"), "a PDF document, which is not supported"],
    ["a video", Buffer.from("\0\0\0\u0018ftypisom\0\0\0\0isommp41"), "a video, which is not supported"],
    ["text", Buffer.from("not a picture"), "something else"],
  ])("%s", async ([, bytes, found]) => {
    const path = folder.path("odd");
    await writeFile(path, bytes);
    const error: unknown = await openPicture(path).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "INVALID_FORMAT", source: path });
    expect(error).toMatchObject({ message: expect.stringContaining(`must be an image (PNG, JPEG`) });
    expect(error).toMatchObject({ message: expect.stringContaining(`, found ${found}`) });
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

test("pictures of more pixels than are allowed are refused before they are decoded", async () => {
  const path = folder.path("bomb.svg");
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="16000" height="16000"/>';
  await writeFile(path, svg);
  await expect(openPicture(path)).rejects.toMatchObject({
    code: "INVALID_FORMAT",
    message: `${path}: the file must be an image of at most 100000000 pixels (--max-pixels raises it), found 16000 x 16000 = 256000000.`,
  });
  await expect(openPicture(path, { maxPixels: 256e6 })).resolves.toMatchObject({ bytes: 4 * 256e6 + svg.length });
});

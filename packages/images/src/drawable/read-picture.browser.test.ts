import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import { launchChromium } from "@featuremap/testing/chromium";
import { type ScriptPage, bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReadResult } from "../testing/pictures-script.ts";

declare function readFileInPage(...file: readonly (string | number)[]): Promise<Record<string, ReadResult>>;
declare function readKinds(): Promise<Record<string, ReadResult>>;

const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];

/** A PNG of one bit a pixel, all of them 0. */
function blackPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
  };
  const header = Buffer.concat([uint32(width), uint32(height), Buffer.of(1, 0, 0, 0, 0)]);
  const rows = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))));
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

describe("pictures in Chromium", () => {
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  let opened: ScriptPage;

  beforeAll(async () => {
    const script = await bundleScript(fileURLToPath(new URL("../testing/pictures-script.ts", import.meta.url)), {
      sources: true,
    });
    browser = await launchChromium();
    opened = await openScriptPage(browser, script, "readKinds");
  });
  afterAll(() => browser.close());

  function readFile(
    bytes: Uint8Array,
    name: string,
    type: string,
    { limit = 1e8, orientation = "exif" }: { limit?: number; orientation?: "exif" | "stored" } = {},
  ): Promise<Record<string, ReadResult>> {
    const parts = [Buffer.from(bytes).toString("base64"), name, type, limit, orientation] as const;
    return opened.page.evaluate((file) => readFileInPage(...file), parts);
  }

  const solid = (width: number, height: number): Sharp =>
    sharp({ create: { width, height, channels: 3, background: "#ff0000" }, limitInputPixels: false });

  /** Half red, half blue, as no format compresses to nothing. */
  const twoColours = (): Sharp =>
    sharp(Uint8Array.of(255, 0, 0, 0, 0, 255), { raw: { width: 2, height: 1, channels: 3 } }).resize(64, 32, {
      kernel: "nearest",
    });

  test("every kind that the type names is read at its own size, and nothing else is", async () => {
    const results = await opened.page.evaluate(() => readKinds());
    const kinds = ["canvas", "offscreen", "bitmap"];
    for (const kind of kinds)
      expect({ kind, ...results[kind] }).toEqual({ kind, size: [64, 48], first: red, last: blue });
    expect(results["strip"]).toEqual({ size: [30_000, 2], first: red, last: blue });
    expect(results["tall"]).toEqual({ size: [3, 20_000], first: red, last: blue });
    expect(results["large"]).toEqual({ size: [5000, 4500], first: red, last: blue });
    expect(results["imageData"]).toMatchObject({ size: [5, 4], first: [0, 0, 0, 0] });
    // sRGB has no such red: its own strongest is the nearest.
    expect(results["p3"]).toMatchObject({ size: [1, 1], first: red });
    expect(results["clear"]).toMatchObject({ size: [3, 2], first: [0, 0, 0, 0] });
    expect(results["firstGround"]).toMatchObject({ size: [2, 2], first: [1, 2, 3, 255] });
    expect(results["secondGround"]).toMatchObject({ size: [2, 2], first: [253, 254, 255, 255] });
    for (const kind of ["video", "frame"]) expect({ kind, ...results[kind] }).toMatchObject({ kind, size: [64, 48] });
    const [r = 0, g = 255] = results["video"]?.first ?? [];
    expect(r > 200 && g < 60).toBe(true);

    const refused = ["empty", "closed", "tooLarge", "nothing", "div", "svgElement"];
    for (const kind of refused) expect({ kind, ...results[kind] }).toMatchObject({ kind, code: "INVALID_CONFIG" });
    expect(results["tooLarge"]?.message).toContain("of 999999 pixels or fewer (picturePixels)");
    for (const kind of ["dead", "missing"])
      expect({ kind, ...results[kind] }).toMatchObject({ kind, code: "UNAVAILABLE" });
    expect(results["dead"]?.message).toContain("the browser drew nothing");
    expect(results["emptyBlob"]).toMatchObject({ code: "INVALID_FORMAT", message: expect.stringContaining("empty") });
    expect(results["text"]).toMatchObject({
      code: "INVALID_FORMAT",
      message: expect.stringContaining("something else"),
    });
  });

  test("a picture longer than any canvas is red, not black", async () => {
    const results = await readFile(await solid(65_536, 1).png().toBuffer(), "strip.png", "image/png");
    for (const result of Object.values(results)) expect(result).toEqual({ size: [65_536, 1], first: red, last: red });
  });

  test.for(["png", "jpeg", "webp", "gif", "avif"] as const)("%s is read as it is", async (format) => {
    const bytes = await twoColours().toFormat(format, { quality: 100, lossless: true }).toBuffer();
    // A type that is wrong, as files without an ending have it.
    const results = await readFile(bytes, "picture", `image/${format}`);
    for (const { size, first = [], last = [] } of Object.values(results)) {
      expect(size).toEqual([64, 32]);
      red.forEach((value, channel) => expect(Math.abs(value - (first[channel] ?? 0))).toBeLessThan(8));
      blue.forEach((value, channel) => expect(Math.abs(value - (last[channel] ?? 0))).toBeLessThan(8));
    }
  });

  test("a photo that was taken upright is upright", async () => {
    const bytes = await twoColours().withMetadata({ orientation: 6 }).png().toBuffer();
    for (const result of Object.values(await readFile(bytes, "photo.png", "image/png"))) {
      expect(result).toEqual({ size: [32, 64], first: red, last: blue });
    }
  });

  test.for(["png", "jpeg", "avif"] as const)("a %s lies as it is stored where that is wanted", async (format) => {
    const bytes = await twoColours().withMetadata({ orientation: 3 }).toFormat(format, { quality: 100 }).toBuffer();
    for (const [orientation, left] of [
      ["stored", "red"],
      ["exif", "blue"],
    ] as const) {
      const results = await readFile(bytes, "photo", `image/${format}`, { orientation });
      for (const [kind, { first: [level = 0] = [] }] of Object.entries(results)) {
        expect({ kind, left: level > 128 ? "red" : "blue" }).toEqual({ kind, left });
      }
    }
  });

  test.for([
    ["a PNG without pixels", "png", (bytes: Buffer) => bytes.subarray(0, 33)],
    ["half a PNG", "png", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["half a JPEG", "jpeg", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["half a WebP", "webp", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["a JPEG that is nothing but its start", "jpeg", (bytes: Buffer) => bytes.subarray(0, 20)],
  ] as const)("%s is refused, as a file and as an image", async ([, format, damage]) => {
    const noise = Uint8Array.from({ length: 200 * 200 * 3 }, (_, index) => (index * 7919) % 251);
    const whole = await sharp(noise, { raw: { width: 200, height: 200, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    const results = await readFile(damage(whole), "broken", `image/${format}`);
    expect(results["file"]).toMatchObject({ code: "INVALID_FORMAT", message: expect.stringContaining("damaged") });
    for (const way of ["image", "arriving"]) expect(results[way]?.code).toMatch(/^INVALID_FORMAT|UNAVAILABLE$/);
  });

  test("a bomb is refused by its header, before it is decoded", async () => {
    const bomb = blackPng(16_000, 16_000);
    expect(bomb.length).toBeLessThan(50_000);
    const began = performance.now();
    for (const result of Object.values(await readFile(bomb, "bomb.png", "image/png"))) {
      expect(result).toMatchObject({
        code: "INVALID_CONFIG",
        message: expect.stringContaining("16000 x 16000 pixels"),
      });
    }
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test("a drawing has the size that it says, within bounds", async () => {
    const svg = (size: string): Uint8Array =>
      new TextEncoder().encode(
        `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="100%" height="100%" fill="#f00"/></svg>`,
      );
    const read = async (size: string): Promise<Record<string, ReadResult>> =>
      readFile(svg(size), "drawing.svg", "image/svg+xml");
    for (const result of Object.values(await read('width="30" height="20"'))) {
      expect(result).toEqual({ size: [30, 20], first: red, last: red });
    }
    expect(await read('viewBox="0 0 10 20"')).toMatchObject({
      file: { size: [75, 150], first: red },
      image: { size: [75, 150], first: red },
    });
    const bomb = await read('width="16000" height="16000"');
    expect(bomb["file"]).toEqual({ size: [4096, 4096], first: red, last: red });
    expect(bomb["image"]).toMatchObject({ code: "INVALID_CONFIG" });
    const broken = await readFile(new TextEncoder().encode("<svg <"), "drawing.svg", "image/svg+xml");
    expect(broken["file"]).toMatchObject({ code: "INVALID_FORMAT" });
  });

  test("nothing was left to the console", () => {
    expect(opened.errors.filter((text) => !text.includes("Failed to load resource"))).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { decodeImage, measureImage } from "./decode-image.ts";
import golden from "./decoded-images.golden.json" with { type: "json" };
import { type JpegPart, TurboJpeg } from "./jpeg/turbo-jpeg.ts";

function fileOf(wanted: string): Buffer {
  const found = [...golden.cases, ...golden.refused].find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`There is no picture named ${wanted}.`);
  return Buffer.from(found.file, "base64");
}

/** A JPEG whose frame is of another process, precision, width or number of components. */
function withFrame(change: (frame: Buffer) => void, name = "jpeg, 4:4:4"): Buffer {
  const file = fileOf(name);
  const at = file.indexOf(Buffer.of(0xff, name.includes("progressive") ? 0xc2 : 0xc0));
  change(file.subarray(at));
  return file;
}

/** A progressive JPEG whose last scan stands there very often. */
function manyScans(count: number, file = fileOf("jpeg, progressive")): Buffer {
  const last = file.lastIndexOf(Buffer.of(0xff, 0xda));
  const scan = file.subarray(last, -2);
  return Buffer.concat([file.subarray(0, -2), ...Array.from({ length: count }, () => scan), file.subarray(-2)]);
}

/** A baseline JPEG with a scan for each component, over and over; a comment before each holds what looks like the end. */
function baselineScans(count: number): Buffer {
  const file = fileOf("jpeg, 4:4:4");
  const scan = (index: number): Buffer =>
    Buffer.of(0xff, 0xfe, 0, 4, 0xff, 0xd9, 0xff, 0xda, 0, 8, 1, 1 + (index % 3), index % 3 === 0 ? 0 : 0x11, 0, 63, 0);
  const scans = Array.from({ length: count }, (_, index) => scan(index));
  return Buffer.concat([file.subarray(0, file.indexOf("ffda", 0, "hex")), ...scans, Buffer.of(0xff, 0xd9)]);
}

/** A TIFF that says that it is packed in another way. */
function packedTiff(compression: number): Buffer {
  const file = fileOf("tiff, raw");
  const at = file.indexOf(Buffer.of(3, 1, 3, 0, 1, 0, 0, 0));
  file.writeUInt16LE(compression, at + 8);
  return file;
}

/** A PNG whose header states another size. */
function pngOf(width: number, height: number): Buffer {
  const file = fileOf("png");
  file.writeUInt32BE(width, 16);
  file.writeUInt32BE(height, 20);
  return file;
}

/** Of 4096 x 4096 pixels, as its header says. */
const large = withFrame((frame) => Buffer.of(16, 0, 16, 0).copy(frame, 5), "jpeg, progressive");

describe("what is not decoded is said, and what to do about it", () => {
  const box = (brand: string): Buffer => Buffer.from(`\0\0\0\u0018ftyp${brand}\0\0\0\0mif1${brand}`, "latin1");

  test.for<[string, Uint8Array, found: string]>([
    ["nothing", new Uint8Array(), "an empty file"],
    ["text", Buffer.from("not a picture"), "something else"],
    ["HEIC", box("heic"), "HEIC, which is not supported: convert it to JPEG first"],
    ["JPEG 2000", Buffer.from("\0\0\0\u000cjP  ", "latin1"), "JPEG 2000, which is not supported: convert it to PNG"],
    ["JPEG XL", Buffer.of(0xff, 0x0a), "JPEG XL, which is not supported: convert it to PNG or JPEG first"],
    ["a PNG of very many rows", pngOf(1, 16_000_000), "1 x 16000000"],
    ["a PNG of very many columns", pngOf(1_000_001, 1), "1000001 x 1"],
    ["a JPEG of 12 bits", withFrame((frame) => (frame[4] = 12)), "12 bits; save it again"],
    ["a JPEG of two components", withFrame((frame) => (frame[9] = 2)), "2 components; save it again"],
    ["a lossless JPEG", withFrame((frame) => (frame[1] = 0xc3)), "a lossless one; save it again"],
    ["an arithmetic JPEG", withFrame((frame) => (frame[1] = 0xc9)), "arithmetic coding; save it again"],
    ["a JPEG of a thousand scans", manyScans(1000), "more; save it again"],
    ["a large JPEG of 30 scans", manyScans(25, large), "more; save it again"],
    ["a baseline JPEG of a thousand scans", baselineScans(1000), "more; save it again"],
    ["a JPEG of no width", withFrame((frame) => frame.fill(0, 7, 9)), "a JPEG that is damaged"],
    ["floats", fileOf("a tiff of floats"), "a TIFF of type float; scale its values to bytes first"],
    ["a TIFF in LZMA", packedTiff(34925), "a TIFF in LZMA, which is not supported: save it with another compression"],
    ["a TIFF in Zstandard", packedTiff(50000), "a TIFF in Zstandard, which is not supported"],
    ["integers", fileOf("a tiff of integers"), "a TIFF of type int; scale its values to bytes first"],
    [
      "a JPEG that was cut off",
      fileOf("jpeg without its last mark"),
      "a JPEG that is damaged: it was cut off before its end",
    ],
    ["half a PNG", fileOf("half of png"), "a PNG that is damaged or of an"],
    ["half a BMP", fileOf("half of bmp, 24 bits"), "219 bytes"],
    ["half a BMP in runs", fileOf("bmp, runs of 8 bits").subarray(0, 150), "one that ends within"],
    ["the start of a BMP", Buffer.from("BM1234"), "6 bytes"],
    ["the start of a JPEG", fileOf("jpeg, 4:4:4").subarray(0, 20), "a JPEG that is damaged"],
  ])("%s", async ([name, bytes, found]) => {
    const error: unknown = await decodeImage(bytes, { name }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "INVALID_FORMAT", source: name });
    expect(error).toMatchObject({ message: expect.stringMatching(/^[^\n]{1,300}$/) });
    expect(error).toMatchObject({ message: expect.stringContaining(`, found ${found}`) });
  });

  test("but not what follows the end of a JPEG, such as the film that a phone adds", async () => {
    const film = Buffer.alloc(4000, Buffer.of(0xff, 0xda, 0, 8));
    for (const file of [fileOf("jpeg, 4:4:4"), fileOf("jpeg, progressive")]) {
      const found = await decodeImage(Buffer.concat([file, film, Buffer.of(0xff, 0xd9)]));
      expect(found).toEqual(await decodeImage(file));
    }
  });

  test.for<[string, Uint8Array]>([
    ["JPEG", withFrame((frame) => frame.fill(0xff, 5, 9))],
    ["progressive JPEG", withFrame((frame) => frame.fill(0xff, 5, 9), "jpeg, progressive")],
    ["SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="16000" height="16000"/>')],
  ])("a %s of too many pixels, before it is decoded", async ([, bytes]) => {
    const before = process.memoryUsage.rss();
    const message = expect.stringContaining(
      "must be an image of at most 100000000 pixels (maxPixels raises it), found",
    );
    await expect(decodeImage(bytes)).rejects.toMatchObject({ code: "INVALID_FORMAT", message });
    await expect(measureImage(bytes)).rejects.toMatchObject({ code: "INVALID_FORMAT", message });
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });
});

describe("what was asked for is checked", () => {
  const file = fileOf("png");

  test.for<[string, unknown, unknown]>([
    ["bytes", "a path", {}],
    ["options", file, { colourMode: "rgb" }],
    ["options", file, null],
    ["name", file, { name: 5 }],
    ["maxPixels", file, { maxPixels: 0 }],
    ["colorMode", file, { colorMode: "toString" }],
    ["orientation", file, { orientation: 6 }],
    ["atLeast", file, { atLeast: [0, 1] }],
    ["part", file, { part: {} as never }],
    ["signal", file, { signal: true }],
    ["onNote", file, { onNote: "print" }],
  ])("%s", async ([option, bytes, options]) => {
    const decode: (...given: readonly never[]) => Promise<unknown> = decodeImage;
    await expect(decode(bytes as never, options as never)).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
  });

  test("a signal that was raised stops it", async () => {
    await expect(decodeImage(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  });
});

test("a decoder goes on after a file that broke it", async () => {
  const whole = fileOf("jpeg, 4:4:4");
  const expected = await decodeImage(whole);
  const broken = fileOf("jpeg, 4:4:4");
  broken[broken.indexOf(Buffer.of(0xff, 0xc4)) + 4] = 0xff;
  const outcomes = await Promise.allSettled([broken, whole, broken, broken, whole].map((bytes) => decodeImage(bytes)));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(outcomes[4]).toEqual({ status: "fulfilled", value: expected });
});

test("a decoder that took much memory for a large picture is not kept", async () => {
  const { default: sharp } = await import("sharp");
  const plain = { width: 5000, height: 5000, channels: 3, background: "#123456" } as const;
  const file = await sharp({ create: plain }).jpeg().toBuffer();
  const engine = await TurboJpeg.open();
  const partOf = (width: number, height: number): JpegPart => {
    return { denominator: 1, size: { width, height }, box: { left: 0, top: 0, width, height } };
  };
  expect(engine.decode(fileOf("jpeg, grey"), partOf(23, 17), "grey")?.hasWarnings).toBe(false);
  expect(engine.isUsable).toBe(true);
  expect(engine.decode(file, partOf(5000, 5000), "rgb")?.data.length).toBe(5000 * 5000 * 3);
  expect(engine.isUsable).toBe(false);
});

test("stored pixels are given as they lie, and upright ones as a person sees them", async () => {
  for (const kind of ["jpeg", "png", "tiff", "avif"]) {
    const name = `${kind}, orientation 6`;
    const upright = await decodeImage(fileOf(name));
    const stored = await decodeImage(fileOf(name), { orientation: "stored" });
    expect([stored.width, stored.height]).toEqual([upright.height, upright.width]);
    expect(Array.from(stored.data.subarray(0, 3))).toEqual(
      Array.from(upright.data.subarray((upright.width - 1) * 3, upright.width * 3)),
    );
  }
});

test.for(["gif", "png", "webp", "avif", "tiff"])(
  "of several frames the first is taken, and it is said: %s",
  async (kind) => {
    const notes: unknown[] = [];
    const name = kind === "tiff" ? "tiff, pages" : `${kind}, animated`;
    await decodeImage(fileOf(name), { name, onNote: (note) => notes.push(note) });
    const message = expect.stringContaining(`${name}: only the first frame`);
    expect(notes).toEqual([
      { code: "FIRST_FRAME", kind: expect.stringMatching(new RegExp(`^${kind}$`, "i")), message },
    ]);
    const still = kind === "avif" ? "avif, 4:4:4" : kind === "tiff" ? "tiff, raw" : kind;
    await decodeImage(fileOf(still), { onNote: (note) => notes.push(note) });
    expect(notes.length).toBe(1);
  },
);

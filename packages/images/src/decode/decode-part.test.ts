import { RandomStream } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { cropPixels } from "../geometry/crop-pixels.ts";
import type { PixelBox } from "../geometry/resize.ts";
import { decodeImage, lendImage } from "./decode-image.ts";
import golden from "./decoded-images.golden.json" with { type: "json" };
import type { DecodeOptions } from "./decode-options.ts";
import type { ImageSize } from "./platform-request.ts";

const bytesOf = (text: string): Buffer => Buffer.from(text, "base64");

function randomBox({ width, height }: ImageSize, random: RandomStream): PixelBox {
  const [across, along] = [1 + random.integer(width), 1 + random.integer(height)];
  return {
    left: random.integer(width - across + 1),
    top: random.integer(height - along + 1),
    width: across,
    height: along,
  };
}

/** Parts at random have the pixels that the whole picture has there. */
async function checkParts(file: Uint8Array, options: DecodeOptions, count: number): Promise<void> {
  const random = new RandomStream(7);
  const whole = await decodeImage(file, options);
  const sizes: ImageSize[] = [];
  for (let round = 0; round < count; round++) {
    const box = randomBox(whole, random);
    const part = (size: ImageSize): PixelBox => {
      sizes.push(size);
      return box;
    };
    const found = await decodeImage(file, { ...options, part });
    expect(found, `${box.width} x ${box.height} at ${box.left}, ${box.top}`).toEqual(cropPixels(whole, box));
  }
  expect(sizes).toEqual(Array.from({ length: count }, () => ({ width: whole.width, height: whole.height })));
}

describe("a part is what the whole picture shows there", () => {
  test.for(golden.cases)("$name", async ({ name, file }) => {
    const count = name.startsWith("jpeg") ? 40 : 2;
    for (const colorMode of ["rgb", "grayscale"] as const) await checkParts(bytesOf(file), { name, colorMode }, count);
    if (name.includes("orientation")) await checkParts(bytesOf(file), { name, orientation: "stored" }, 10);
  });

  test.for(golden.drafts.cases)("of a scaled decode for $atLeast", async ({ atLeast }) => {
    const [rows = 0, columns = 0] = atLeast;
    await checkParts(bytesOf(golden.drafts.file), { atLeast: [rows, columns] }, 40);
  });

  test("of files of many blocks", async () => {
    const { default: sharp } = await import("sharp");
    const [width, height] = [203, 117];
    const levels = new Uint8Array(width * height * 3).map((_, at) => ((at * at) % 251) ^ (at % (width * 3)));
    const raw = { width, height, channels: 3 } as const;
    for (const chromaSubsampling of ["4:2:0", "4:4:4"]) {
      for (const progressive of [false, true]) {
        const file = await sharp(levels, { raw }).jpeg({ chromaSubsampling, progressive }).toBuffer();
        for (const atLeast of [undefined, [50, 60], [20, 20]] as const) await checkParts(file, { atLeast }, 20);
      }
    }
  });
});

/** Made by hand, 9 x 16: of red's and blue's difference a value for 2 x 4 or 4 x 2 pixels, which no encoder at hand writes. */
const coarseColours = {
  "2 x 4":
    "/9j/2wBDAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAj/wAARCAAQAAkDASQAAhEAAxEA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/8QAdRAAAAAAAABiAAAAAAAAAAAAAAECAwQFBhESExQVFiEiIyQlJjEyMzQ1NkFCQ0RFRlFSU1RVVmFiY2RlZnFyc3R1doGCg4SFhpGSk5SVlqGio6SlprGys7S1tsHCw8TFxtHS09TV1uHi4+Tl5vHy8/T19vD/2gAMAwEAAgADAAA/AGcM07AJ6cnwB4oBg1kaxLcALAHQDNspLWta2bAII0swbQtZgCQBAAosjKAf/9k=",
  "4 x 2":
    "/9j/2wBDAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAj/wAARCAAQAAkDAUIAAhEAAxEA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/8QAdRAAAAAAAABiAAAAAAAAAAAAAAECAwQFBhESExQVFiEiIyQlJjEyMzQ1NkFCQ0RFRlFSU1RVVmFiY2RlZnFyc3R1doGCg4SFhpGSk5SVlqGio6SlprGys7S1tsHCw8TFxtHS09TV1uHi4+Tl5vHy8/T19vD/3QAEAAP/2gAMAwEAAgADAAA/AFiOyFgBCgcIBXAGiAM8AUw0OADOOBmwD4EPZTmGgnANua2UAbMI5mzZWIAB/9k=",
};

test.for(Object.entries(coarseColours))(
  "a part where colours are stored for %s pixels, at every scale",
  async ([, file]) => {
    for (const atLeast of [undefined, [8, 5], [4, 3], [1, 1]] as const)
      await checkParts(bytesOf(file), { atLeast }, 40);
  },
);

test("a part of a progressive picture of which scans are missing, smoothed as the whole is", async () => {
  const { default: sharp } = await import("sharp");
  const levels = new Uint8Array(64 * 64 * 3).map((_, at) => (at * 7 + Math.floor(at / 192) ** 2) % 256);
  const file = await sharp(levels, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg({ progressive: true })
    .toBuffer();
  const scans: number[] = [];
  for (let at = file.indexOf("ffda", 0, "hex"); at >= 0; at = file.indexOf("ffda", at + 1, "hex")) scans.push(at);
  expect(scans.length).toBeGreaterThan(4);
  for (const end of scans.slice(1))
    await checkParts(Buffer.concat([file.subarray(0, end), Buffer.of(0xff, 0xd9)]), {}, 10);
});

test("a single pixel is decoded as exactly as others", async () => {
  // Made by hand, with coefficients that an eighth of the size leaves out. The levels are Pillow's.
  const file =
    "/9j/2wBDAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAj/wAARCAABAAEDAREAAhEAAxEA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/8QAdRAAAAAAAABiAAAAAAAAAAAAAAECAwQFBhESExQVFiEiIyQlJjEyMzQ1NkFCQ0RFRlFSU1RVVmFiY2RlZnFyc3R1doGCg4SFhpGSk5SVlqGio6SlprGys7S1tsHCw8TFxtHS09TV1uHi4+Tl5vHy8/T19vD/3QAEAAH/2gAMAwEAAgADAAA/AGwAFrIPS1k4ADDAP//Z";
  for (const options of [{}, { atLeast: [1, 1] }] as const) {
    const { data } = await decodeImage(bytesOf(file), options);
    expect(Array.from(data)).toEqual([96, 213, 195].map((level) => expect.closeTo(level, -0.5)));
  }
});

test("a file that was cut off is refused, whatever part of it is asked for", async () => {
  const whole = bytesOf(golden.drafts.file);
  const cut = whole.subarray(0, whole.length * 0.9);
  const part = ({ width }: ImageSize): PixelBox => ({ left: 0, top: 0, width, height: 1 });
  await expect(decodeImage(whole, { part })).resolves.toMatchObject({ height: 1 });
  await expect(decodeImage(cut, { part })).rejects.toMatchObject({ code: "INVALID_FORMAT" });
});

test.for([
  { left: 0, top: 0, width: 24, height: 1 },
  { left: -1, top: 0, width: 2, height: 1 },
  { left: 0, top: 0.5, width: 1, height: 1 },
  { left: 0, top: 0, width: 0, height: 1 },
  undefined as unknown as PixelBox,
])("no part of a picture of 23 x 17: %j", async (box) => {
  const file = bytesOf(golden.cases.find(({ name }) => name === "jpeg, 4:2:0")?.file ?? "");
  await expect(decodeImage(file, { part: () => box })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
});

describe("lendImage", () => {
  test("lends what decodeImage gives, until the next picture", async () => {
    const [first = "", second = ""] = ["jpeg, 4:2:0", "jpeg, cmyk"].map(
      (wanted) => golden.cases.find(({ name }) => name === wanted)?.file,
    );
    const lent = await lendImage(bytesOf(first), {}, (pixels) => ({ ...pixels, copy: pixels.data.slice() }));
    const own = await decodeImage(bytesOf(first));
    expect({ data: lent.copy, width: lent.width, height: lent.height }).toEqual(own);
    expect(lent.data.buffer).not.toBe(own.data.buffer);
    const kept = own.data.slice();
    await decodeImage(bytesOf(second));
    expect(own.data).toEqual(kept);
  });

  test("passes on what its user throws, and decodes the next picture", async () => {
    const file = bytesOf(golden.drafts.file);
    const fail = (): never => {
      throw new RangeError("not this one");
    };
    await expect(lendImage(file, {}, fail)).rejects.toThrow("not this one");
    await expect(lendImage(file, {}, ({ width }) => width)).resolves.toBeGreaterThan(0);
  });

  test("needs a user", async () => {
    const user = undefined as unknown as () => void;
    await expect(lendImage(new Uint8Array(1), {}, user)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "use",
    });
  });
});

import { inflateSync } from "node:zlib";
import type { Pixels } from "../pixels.ts";
import { describe, expect, test } from "vitest";
import { colorModes } from "./colour-mode.ts";
import { decodeImage } from "./decode-image.ts";
import golden from "./decoded-images.golden.json" with { type: "json" };

const bytesOf = (text: string): Buffer => Buffer.from(text, "base64");
const pixelsOf = (text: string): Uint8Array => inflateSync(bytesOf(text));

function largestDifference(data: Pixels["data"], expected: Pixels["data"]): number {
  expect(data.length).toBe(expected.length);
  let largest = 0;
  expected.forEach((value, index) => (largest = Math.max(largest, Math.abs(value - (data[index] ?? 256)))));
  return largest;
}

describe("pictures have the pixels that Pillow gives", () => {
  test.for(golden.cases)("$name", async ({ name, file, width, height, rgba, grayscale }) => {
    const withAlpha = pixelsOf(rgba);
    const expected = {
      rgba: withAlpha,
      rgb: withAlpha.filter((_, index) => index % 4 !== 3),
      grayscale: pixelsOf(grayscale),
    };
    const bytes = bytesOf(file);
    for (const colorMode of ["rgb", "rgba", "grayscale"] as const) {
      const decoded = await decodeImage(bytes, { name, colorMode });
      expect([decoded.width, decoded.height]).toEqual([width, height]);
      expect(decoded.data.length).toBe(width * height * colorModes[colorMode]);
      const tolerance = name.startsWith("avif") ? 4 : 2;
      expect(largestDifference(decoded.data, expected[colorMode])).toBeLessThanOrEqual(tolerance);
    }
    expect(bytes.equals(bytesOf(file))).toBe(true);
  });

  test.for(golden.drafts.cases)("a scaled decode for $atLeast", async ({ atLeast, width, height, rgb }) => {
    const [rows = 0, columns = 0] = atLeast;
    const decoded = await decodeImage(bytesOf(golden.drafts.file), { atLeast: [rows, columns] });
    expect([decoded.width, decoded.height]).toEqual([width, height]);
    expect(largestDifference(decoded.data, pixelsOf(rgb))).toBeLessThanOrEqual(2);
  });
});

test.for(golden.refused)("$name is refused", async ({ name, file }) => {
  await expect(decodeImage(bytesOf(file), { name })).rejects.toMatchObject({ code: "INVALID_FORMAT", source: name });
});

import { readImageHeader } from "@featuremap/images";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { colourModeOf } from "./colour-mode.ts";

const picture = (channels: 3 | 4): Sharp =>
  sharp({ create: { width: 9, height: 7, channels, background: { r: 200, g: 30, b: 60, alpha: 0.5 } } });
const grey = (): Sharp => picture(3).toColourspace("b-w");

async function modeOf(made: Sharp): Promise<string> {
  const bytes = new Uint8Array(await made.toBuffer());
  const { kind } = readImageHeader(bytes);
  return colourModeOf(kind?.name ?? "", bytes, bytes);
}

describe("the colour mode", () => {
  test.for([
    ["JPEG", picture(3).jpeg(), "colour"],
    ["progressive JPEG", picture(3).jpeg({ progressive: true }), "colour"],
    [
      "JPEG with EXIF",
      picture(3)
        .withExif({ IFD0: { Copyright: "x".repeat(900) } })
        .jpeg(),
      "colour",
    ],
    ["grey JPEG", grey().jpeg(), "grey"],
    ["CMYK JPEG", picture(3).toColourspace("cmyk").jpeg(), "CMYK"],
    ["PNG", picture(3).png(), "colour"],
    ["PNG with alpha", picture(4).png(), "colour with alpha"],
    ["grey PNG", grey().png(), "grey"],
    ["PNG of 16 bits", picture(3).toColourspace("rgb16").png(), "colour, 16 bits"],
    ["PNG with a palette", picture(3).png({ palette: true }), "palette"],
    ["WebP", picture(3).webp(), "colour"],
    ["WebP with alpha", picture(4).webp(), "colour with alpha"],
    ["lossless WebP with alpha", picture(4).webp({ lossless: true }), "colour with alpha"],
    ["GIF", picture(3).gif(), "palette"],
    ["TIFF", picture(3).tiff(), "colour"],
    ["grey TIFF", grey().tiff(), "grey"],
    ["AVIF", picture(3).avif(), "colour"],
  ] as const)("of %s", async ([, made, mode]) => {
    expect(await modeOf(made)).toBe(mode);
  });

  test("is not told where the file breaks off", async () => {
    const bytes = new Uint8Array(await picture(3).jpeg().toBuffer());
    expect(await colourModeOf("JPEG", bytes.subarray(0, 40), "nowhere")).toBe("not told");
    expect(await colourModeOf("TIFF", bytes, bytes.subarray(0, 3))).toBe("not told");
  });
});

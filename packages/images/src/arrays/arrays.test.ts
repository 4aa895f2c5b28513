import { createHash } from "node:crypto";
import { HostArray } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { adjustBrightness, adjustContrast } from "./adjust.ts";
import golden from "./arrays.golden.json" with { type: "json" };
import { centralCrop, cropToBoundingBox } from "./crop.ts";
import { flipLeftRight } from "./flip.ts";

/** The picture that `tooling/fixtures/images/arrays.py` draws. */
function picture(height: number, width: number, divisor = 1): HostArray<Uint8Array> {
  const pixels = new Uint8Array(height * width * 3);
  for (let index = 0; index < pixels.length; index++) {
    const [c, x, y] = [index % 3, Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    const value = (y * 3 + x * (c + 2) + ((y * x * 7 + c * 91) % 61)) % 256;
    pixels[index] = Math.floor(value / divisor);
  }
  return new HostArray(pixels, [height, width, 3]);
}

const [small, dark] = [picture(13, 11), picture(13, 11, 5)];
const inputs = new Map<string, HostArray<Uint8Array>>([
  ["whole", picture(192, 160)],
  ["small", small],
  ["dark", dark],
  ["batch", new HostArray(Uint8Array.from([...small.data, ...dark.data]), [2, 13, 11, 3])],
]);

const operations = new Map<string, (image: HostArray<Uint8Array>, values: number[]) => HostArray<Uint8Array>>([
  [
    "cropToBoundingBox",
    (image, [y = 0, x = 0, height = 0, width = 0]) => cropToBoundingBox(image, y, x, height, width),
  ],
  ["flipLeftRight", flipLeftRight],
  ["adjustContrast", (image, [factor = 0]) => adjustContrast(image, factor)],
  ["adjustBrightness", (image, [delta = 0]) => adjustBrightness(image, delta)],
  ["centralCrop", (image, [fraction = 0]) => centralCrop(image, fraction)],
]);

describe("is tf.image's, pixel by pixel", () => {
  test.for(golden.cases)("$operation of the $input picture with $arguments", (kind) => {
    const image = inputs.get(kind.input);
    const before = [...(image?.data ?? [])];
    const output = image && operations.get(kind.operation)?.(image, kind.arguments);
    expect(output?.shape).toEqual(kind.shape);
    const bytes = output?.data ?? new Uint8Array();
    // The file holds the bytes of small pictures, and the hash of large ones.
    const found =
      kind.pixels === undefined
        ? createHash("sha256").update(bytes).digest("hex")
        : Buffer.from(bytes).toString("base64");
    expect(found).toBe(kind.pixels ?? kind.sha256);
    expect([...(image?.data ?? [])]).toEqual(before);
  });
});

test("images may have any number of channels, and be none", () => {
  const two = new HostArray(Uint8Array.of(1, 2, 3, 4), [1, 2, 2]);
  expect(flipLeftRight(two).data).toEqual(Uint8Array.of(3, 4, 1, 2));
  expect(adjustBrightness(two, 1).data).toEqual(Uint8Array.of(255, 255, 255, 255));
  const none = new HostArray(new Uint8Array(0), [0, 2, 3, 1]);
  expect(cropToBoundingBox(none, 0, 0, 1, 2).shape).toEqual([0, 1, 2, 1]);
  expect(adjustContrast(none, 2).shape).toEqual([0, 2, 3, 1]);
});

test("two flips undo each other", () => {
  expect(flipLeftRight(flipLeftRight(small))).toEqual(small);
});

describe("what does not fit", () => {
  test.for([
    ["offsetHeight", [13, 0, 1, 1]],
    ["offsetHeight", [-1, 0, 1, 1]],
    ["offsetWidth", [0, 0.5, 1, 1]],
    ["targetHeight", [6, 0, 8, 1]],
    ["targetWidth", [0, 3, 1, 0]],
    ["targetWidth", [0, 3, 1, Number.NaN]],
  ] as const)("refuses a box with a wrong %s: %j", ([option, [y, x, height, width]]) => {
    expect(() => cropToBoundingBox(small, y, x, height, width)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error,
    );
  });

  test("says how far a box may reach", () => {
    expect(() => cropToBoundingBox(small, 6, 0, 8, 1)).toThrow(
      "cropToBoundingBox: targetHeight must be an integer in [1, 7], received 8.",
    );
  });

  test.for([0, -0.5, 1.01, Number.NaN])("refuses a central share of %d", (fraction) => {
    expect(() => centralCrop(small, fraction)).toThrow(expect.objectContaining({ option: "centralFraction" }) as Error);
  });

  test("refuses changes that are not finite", () => {
    expect(() => adjustContrast(small, Number.NaN)).toThrow("contrastFactor must be a finite number");
    expect(() => adjustBrightness(small, Infinity)).toThrow("delta must be a finite number");
  });

  test("refuses what is not an image", () => {
    const row = new HostArray(new Uint8Array(4), [2, 2]);
    for (const [, operation] of operations) {
      expect(() => operation(row, [0.5, 0, 1, 1])).toThrow(
        expect.objectContaining({ code: "SHAPE_MISMATCH" }) as Error,
      );
    }
  });
});

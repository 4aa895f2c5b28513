import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mirrorPixels } from "./crop-pixels.ts";

test("pictures of any size and depth are mirrored line by line", () => {
  const side = fc.integer({ min: 1, max: 21 });
  fc.assert(
    fc.property(side, side, fc.constantFrom(1, 3, 4), fc.nat(255), (width, height, depth, first) => {
      const data = Uint8Array.from({ length: width * height * depth }, (_, index) => first + index * 37);
      const mirrored = mirrorPixels({ data, width, height });
      const pixel = (bytes: Uint8Array | Uint8ClampedArray, row: number, column: number): number[] =>
        Array.from(bytes.subarray((row * width + column) * depth, (row * width + column + 1) * depth));
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          expect(pixel(mirrored.data, row, width - 1 - column)).toEqual(pixel(data, row, column));
        }
      }
    }),
    { numRuns: 60 },
  );
});

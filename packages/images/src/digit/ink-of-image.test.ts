import { describe, expect, test } from "vitest";
import type { Pixels } from "../pixels.ts";
import { digitOfImage, inkOfImage } from "./ink-of-image.ts";

type Colour = readonly [red: number, green: number, blue: number, alpha: number];
const WHITE: Colour = [255, 255, 255, 255];
const BLACK: Colour = [0, 0, 0, 255];
const CLEAR: Colour = [0, 0, 0, 0];

/** A picture of `ground` with an upright bar of `ink` in the middle. */
function bar(size: number, ground: Colour | ((x: number, y: number) => Colour), ink: Colour): Pixels {
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = Math.abs(x - size / 2) <= size / 20 && Math.abs(y - size / 2) <= size / 4;
      const paper = typeof ground === "function" ? ground(x, y) : ground;
      data.set(inside ? ink : paper, (y * size + x) * 4);
    }
  }
  return { data, width: size, height: size };
}

const at = ({ data, width }: { data: ArrayLike<number>; width: number }, x: number, y: number): number | undefined =>
  data[y * width + x];

describe("inkOfImage", () => {
  test.for([
    ["black on white", bar(100, WHITE, BLACK)],
    ["white on black", bar(100, BLACK, WHITE)],
    ["blue on cream", bar(100, [246, 240, 220, 255], [30, 40, 140, 255])],
    ["chalk on a board", bar(100, [40, 60, 50, 255], [220, 225, 220, 255])],
    ["black on nothing", bar(100, CLEAR, BLACK)],
    ["white on nothing", bar(100, CLEAR, WHITE)],
  ] as const)("finds ink that is %s", ([, image]) => {
    const ink = inkOfImage(image);
    expect([at(ink, 50, 50), at(ink, 2, 2), at(ink, 50, 10)]).toEqual([255, 0, 0]);
  });

  test("does not take the grain of the paper for ink", () => {
    const grainy = bar(100, (x, y) => [235 - ((x * 7 + y * 13) % 12), 232, 225, 255], [60, 60, 70, 255]);
    const ink = inkOfImage(grainy);
    expect(at(ink, 50, 50)).toBeGreaterThan(240);
    expect(Math.max(...Array.from({ length: 100 }, (_, x) => at(ink, x, 5) ?? 0))).toBe(0);
  });

  test("finds none in an image of one colour", () => {
    expect(Math.max(...inkOfImage(bar(40, WHITE, WHITE)).data)).toBe(0);
  });
});

describe("digitOfImage", () => {
  test("keeps a 28 x 28 picture that is light on black pixel by pixel", () => {
    const image = bar(28, BLACK, [130, 130, 130, 255]);
    const digit = digitOfImage(image);
    expect([...digit.data]).toEqual(Array.from({ length: 784 }, (_, index) => image.data[index * 4]));
  });

  test("inverts a 28 x 28 picture that is dark on light, and keeps it in place", () => {
    const dark = digitOfImage(bar(28, WHITE, [100, 100, 100, 255]));
    const light = digitOfImage(bar(28, BLACK, [155, 155, 155, 255]));
    expect(dark.data).toEqual(light.data);
  });

  test("brings a photo to 28 x 28 with the digit 20 pixels high", () => {
    const { data, width, height } = digitOfImage(bar(300, WHITE, BLACK));
    const rows = Array.from({ length: 28 }, (_, y) => Math.max(...data.subarray(y * 28, y * 28 + 28)));
    expect([width, height, rows.filter((value) => value > 0).length]).toEqual([28, 28, 20]);
  });

  test.for([28, 300])("reads %d x %d pixels of 1, 3 or 4 bytes alike", (size) => {
    const colour = bar(size, [230, 230, 230, 255], [20, 20, 20, 255]);
    const repacked = (depth: number): Pixels => ({
      ...colour,
      data: Uint8Array.from(
        { length: size * size * depth },
        (_, index) => colour.data[Math.floor(index / depth) * 4] ?? 0,
      ),
    });
    const expected = digitOfImage(colour);
    expect(expected.data.filter((value) => value > 0).length).toBeGreaterThan(0);
    expect([1, 3].map((depth) => digitOfImage(repacked(depth)))).toEqual([expected, expected]);
  });

  test("finds in a photo of many pixels what it finds in one of few", () => {
    const small = digitOfImage(bar(280, WHITE, BLACK));
    const large = digitOfImage(bar(1400, WHITE, BLACK));
    const difference = small.data.map((value, index) => Math.abs(value - (large.data[index] ?? 0)));
    expect(difference.reduce((sum, value) => sum + value, 0) / difference.length).toBeLessThan(2);
  });

  test.for([
    [4, 3, 0],
    [10, 0, 4],
    [8, 2.5, 3.2],
  ] as const)("refuses %d bytes as %s x %s pixels", ([length, width, height]) => {
    expect(() => digitOfImage({ data: new Uint8Array(length), width, height })).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});

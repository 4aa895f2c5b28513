import { HostArray } from "@featuremap/tensor";
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { imageGrid } from "./image-grid.ts";
import type { RgbaPixels } from "./picture.ts";
import { toPng } from "./to-png.ts";

const grey = (
  width: number,
  height: number,
  ...levels: readonly number[]
): { data: Uint8Array; width: number; height: number } => ({
  data: Uint8Array.from({ length: width * height }, (_, index) => levels[index % levels.length] ?? 0),
  width,
  height,
});

function pixelAt({ data, width }: RgbaPixels, x: number, y: number): readonly number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

describe("imageGrid", () => {
  test("puts pictures side by side, in rows, with gaps between", () => {
    const grid = imageGrid([grey(2, 2, 10), grey(2, 2, 20), grey(2, 2, 30)], {
      columns: 2,
      gap: 1,
      background: [1, 2, 3, 255],
    });
    expect([grid.width, grid.height]).toEqual([5, 5]);
    expect(pixelAt(grid, 1, 1)).toEqual([10, 10, 10, 255]);
    expect(pixelAt(grid, 2, 0)).toEqual([1, 2, 3, 255]);
    expect(pixelAt(grid, 3, 0)).toEqual([20, 20, 20, 255]);
    expect(pixelAt(grid, 0, 3)).toEqual([30, 30, 30, 255]);
    expect(pixelAt(grid, 4, 4)).toEqual([1, 2, 3, 255]);
  });

  test("makes a square of them unless columns are asked for", () => {
    const many = Array.from({ length: 25 }, () => grey(4, 3, 1));
    expect(imageGrid(many, { gap: 0 })).toMatchObject({ width: 20, height: 15 });
    expect(imageGrid(many.slice(0, 2), { columns: 9, gap: 0 })).toMatchObject({ width: 8, height: 3 });
  });

  test("centres pictures of other sizes, and fits them into cells where these are given", () => {
    const grid = imageGrid([grey(4, 4, 200), grey(2, 2, 100)], { columns: 2, gap: 0 });
    expect(pixelAt(grid, 4, 0)).toEqual([0, 0, 0, 0]);
    expect(pixelAt(grid, 5, 1)).toEqual([100, 100, 100, 255]);
    const fitted = imageGrid([grey(4, 2, 0, 100), grey(1, 2, 7)], { columns: 2, gap: 0, cellSize: 2 });
    expect([fitted.width, fitted.height]).toEqual([4, 2]);
    // Two pixels of 0 and 100 become their mean; one of 7 is in half its cell.
    expect(pixelAt(fitted, 0, 0)).toEqual([50, 50, 50, 255]);
    expect([pixelAt(fitted, 2, 0), pixelAt(fitted, 3, 0)]).toEqual([
      [7, 7, 7, 255],
      [0, 0, 0, 0],
    ]);
  });

  test("takes grey, RGB, RGBA, typed arrays, lists and host arrays alike", () => {
    const pictures = [
      { data: [0, 1], width: 2, height: 1 },
      { data: new Uint8ClampedArray([1, 2, 3, 4, 5, 6]), width: 2, height: 1 },
      { data: new Uint8ClampedArray([1, 2, 3, 128, 4, 5, 6, 0]), width: 2, height: 1 },
      HostArray.from([[0.5, 1]]),
      HostArray.from([[[0], [0.2]]]),
    ];
    const grid = imageGrid(pictures, { columns: 5, gap: 0 });
    expect(Array.from({ length: 10 }, (_, x) => pixelAt(grid, x, 0))).toEqual([
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [1, 2, 3, 255],
      [4, 5, 6, 255],
      [1, 2, 3, 128],
      [0, 0, 0, 0],
      [128, 128, 128, 255],
      [255, 255, 255, 255],
      [0, 0, 0, 255],
      [51, 51, 51, 255],
    ]);
    const batch = new HostArray(Uint8Array.of(1, 2, 3, 4), [2, 1, 2, 1]);
    expect(imageGrid(batch.reshape([2, 1, 2]), { gap: 0 })).toEqual(imageGrid(batch, { gap: 0 }));
    expect(imageGrid(batch, { gap: 0 })).toEqual(imageGrid([grey(2, 1, 1, 2), grey(2, 1, 3, 4)], { gap: 0 }));
  });

  test("stretches numbers over the range that is asked for; NaN is transparent", () => {
    const maps = [
      { data: [-1, 0, 1, Number.NaN], width: 4, height: 1 },
      { data: [10, 10, 20, Number.POSITIVE_INFINITY], width: 4, height: 1 },
    ];
    const levels = (range: "picture" | "all" | readonly [number, number]): readonly unknown[] => {
      const grid = imageGrid(maps, { range, columns: 2, gap: 0 });
      return Array.from({ length: 8 }, (_, x) => pixelAt(grid, x, 0)).map(([red, , , opacity]) =>
        opacity === 0 ? null : red,
      );
    };
    expect(levels("picture")).toEqual([0, 128, 255, null, 0, 0, 255, 255]);
    expect(levels("all")).toEqual([0, 12, 24, null, 134, 134, 255, 255]);
    expect(levels([0, 10])).toEqual([0, 0, 26, null, 255, 255, 255, 255]);
    const level = imageGrid([{ data: [5, 5], width: 2, height: 1 }], { range: "picture" });
    expect(pixelAt(level, 0, 0)).toEqual([0, 0, 0, 255]);
  });

  test("colours pictures of one channel", () => {
    const ends = imageGrid([{ data: [0, 0.5, 1], width: 3, height: 1 }], { colorMap: "viridis" });
    expect([0, 1, 2].map((x) => pixelAt(ends, x, 0))).toEqual([
      [68, 1, 84, 255],
      [33, 145, 140, 255],
      [253, 231, 37, 255],
    ]);
  });

  test("becomes a PNG file of the same pixels", () => {
    const grid = imageGrid([grey(5, 3, 1, 90, 255), { data: [0, 1, 0, 0.5], width: 1, height: 1 }]);
    const { data, width, height, channels } = decode(toPng(grid));
    expect({ width, height, channels }).toEqual({ width: grid.width, height: grid.height, channels: 4 });
    expect([...data]).toEqual([...grid.data]);
    expect([...decode(toPng(grey(2, 2, 7, 8))).data]).toEqual([7, 8, 7, 8]);
    expect(() => toPng({ data: [1], width: 1, height: 1 })).toThrow(
      expect.objectContaining({ option: "data of pixels" }),
    );
  });

  test.for([
    ["no pictures", [], {}, /at least one picture/],
    [
      "a picture of two channels",
      [{ data: new Uint8Array(8), width: 2, height: 2 }],
      {},
      /images\[0\] must be 1, 3 or 4 numbers/,
    ],
    ["no size", [{ data: new Uint8Array(8) }], {}, /width of images\[0\] must be an integer/],
    [
      "a batch of rank 2",
      HostArray.from([[1]]),
      {},
      /\(pictures, height, width\) or \(pictures, height, width, 1, 3 or 4\)/,
    ],
    ["half a column", [grey(1, 1, 0)], { columns: 0.5 }, /columns must be an integer from 1/],
    ["a range that falls", [grey(1, 1, 0)], { range: [1, 0] }, /two numbers that ascend/],
    ["another map", [grey(1, 1, 0)], { colorMap: "jet" }, /"gray" or "viridis", received "jet"/],
    [
      "too many pixels",
      Array.from({ length: 100 }, () => grey(1, 1, 0)),
      { cellSize: 4096 },
      /at most 67108864 pixels/,
    ],
    ["titles", [grey(1, 1, 0)], { titles: ["a"] }, /options must be among/],
  ] as const)("refuses %s", ([, images, options, message]) => {
    expect(() => imageGrid(images as never, options as never)).toThrow(message);
  });
});

import { describe, expect, test } from "vitest";
import { HostArray } from "../arrays/host-array.ts";
import { averagePool2d, maxPool2d } from "./pool.ts";

const matrix = (last: number): HostArray =>
  HostArray.from([
    [3, 5, 1, 0],
    [7, 9, -6, -3],
    [2, 8, -2, last],
    [4, -3, -4, 8],
  ]);

test("the largest of each window of 2 x 2", () => {
  expect(maxPool2d(matrix(1), { poolSize: 2, stride: 2 }).toNested()).toEqual([
    [9, 1],
    [8, 8],
  ]);
});

test("the mean of each window of 2 x 2", () => {
  expect(averagePool2d(matrix(6), { poolSize: 2, stride: 2 }).toNested()).toEqual([
    [6, -2],
    [2.75, 2],
  ]);
});

test("overlapping windows of 3 x 3 make 3 x 3 of 7 x 7", () => {
  const image = new HostArray(
    Float32Array.from({ length: 49 }, (_, index) => index),
    [7, 7],
  );
  const options = { poolSize: 3, stride: 2 };
  expect(maxPool2d(image, options).toNested()).toEqual([
    [16, 18, 20],
    [30, 32, 34],
    [44, 46, 48],
  ]);
  expect(averagePool2d(image, options).shape).toEqual([3, 3]);
});

describe("local invariance", () => {
  const first = HostArray.from([
    [10, 255, 125, 0, 170, 100],
    [70, 255, 105, 25, 25, 70],
    [255, 0, 150, 0, 10, 10],
    [0, 255, 10, 10, 150, 20],
    [70, 15, 200, 100, 95, 0],
    [35, 25, 100, 20, 0, 60],
  ]);
  const second = HostArray.from([
    [100, 100, 100, 50, 100, 50],
    [95, 255, 100, 125, 125, 170],
    [80, 40, 10, 10, 125, 150],
    [255, 30, 150, 20, 120, 125],
    [30, 30, 150, 100, 70, 70],
    [70, 30, 100, 200, 70, 95],
  ]);

  test("two different images have one pooled map", () => {
    expect(maxPool2d(first).toNested()).toEqual([
      [255, 125, 170],
      [255, 150, 150],
      [70, 200, 95],
    ]);
    expect(maxPool2d(second)).toEqual(maxPool2d(first));
    expect(second.data).not.toEqual(first.data);
  });

  test("the mean is not as patient", () => {
    expect(averagePool2d(second)).not.toEqual(averagePool2d(first));
  });
});

describe("same padding", () => {
  const image = HostArray.from([
    [-1, -2, -3],
    [-4, -5, -6],
    [-7, -8, -9],
  ]);

  test("adds no zeros to the largest, and none to the mean", () => {
    expect(maxPool2d(image, { padding: "same" }).toNested()).toEqual([
      [-1, -3],
      [-7, -9],
    ]);
    expect(averagePool2d(image, { padding: "same" }).toNested()).toEqual([
      [-3, -4.5],
      [-7.5, -9],
    ]);
  });

  test("valid leaves the remainder out", () => {
    expect(maxPool2d(image).toNested()).toEqual([[-1]]);
  });
});

test("pools each channel for itself", () => {
  const image = new HostArray(Float32Array.from([1, 8, 2, 7, 3, 6, 4, 5]), [2, 2, 2]);
  expect(maxPool2d(image).toNested()).toEqual([[[4, 8]]]);
  expect(averagePool2d(image).toNested()).toEqual([[[2.5, 6.5]]]);
});

test("carries NaN on", () => {
  expect(maxPool2d(HostArray.from([[1, Number.NaN, 2]]), { poolSize: [1, 3] }).data[0]).toBeNaN();
});

describe("what does not fit", () => {
  test.for([[[4]], [[1, 4, 4, 1]], [[1, 4]]])("refuses an image of %j", ([shape = []]) => {
    const image = new HostArray(new Uint8Array(shape.reduce((size, length) => size * length, 1)), shape);
    expect(() => maxPool2d(image)).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }) as Error);
  });

  test.for([
    ["poolSize", { poolSize: 1.5 }],
    ["stride", { stride: 0 }],
    ["padding", { padding: "full" as "same" }],
    ["options", { poolSize: 2, strides: 2 }],
  ] as const)("refuses a wrong %s: %j", ([option, options]) => {
    expect(() => averagePool2d(matrix(1), options)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error,
    );
  });
});

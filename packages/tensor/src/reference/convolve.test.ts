import { describe, expect, test } from "vitest";
import { HostArray } from "../arrays/host-array.ts";
import { convolve1d, convolve2d, rotateFilter } from "./convolve.ts";
import { correlate1d, correlate2d } from "./correlate.ts";

const closeTo = (value: number): unknown => expect.closeTo(value, 5);

describe("in one dimension", () => {
  const sequence = HostArray.from([3, 2, 1, 7, 1, 2, 5, 4]);
  const filter = HostArray.from([1 / 2, 3 / 4, 1, 1 / 4]);

  test("slides the rotated filter: 7, 9, 8 with stride 2", () => {
    expect(rotateFilter(filter, 1).toNested()).toEqual([1 / 4, 1, 3 / 4, 1 / 2]);
    expect(convolve1d(sequence, filter, { stride: 2 }).toNested()).toEqual([7, 9, 8]);
  });

  test("differs from cross-correlation, which slides the filter as it is", () => {
    // 3/2 + 2 * 3/4 + 1 + 7/4 is 5.75, and so on.
    expect(correlate1d(sequence, filter, { stride: 2 }).toNested()).toEqual([5.75, 7.25, 8]);
  });

  test("with all zeros that matter is what NumPy's full convolution gives", () => {
    expect(convolve1d(HostArray.from([1, 2, 3]), HostArray.from([0, 1, 0.5]), { padding: 2 }).toNested()).toEqual([
      0, 1, 2.5, 4, 1.5,
    ]);
  });

  test("turns no channels and no filters around", () => {
    const stack = new HostArray(
      Float32Array.from({ length: 12 }, (_, index) => index),
      [3, 2, 2],
    );
    expect([...rotateFilter(stack, 1).data]).toEqual([8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]);
  });
});

describe("in two dimensions", () => {
  const filter = HostArray.from([
    [0.5, 0.7, 0.4],
    [0.3, 0.4, 0.1],
    [0.5, 1, 0.5],
  ]);
  const image = HostArray.from([
    [2, 1, 2],
    [5, 0, 1],
    [1, 7, 3],
  ]);

  test("rotates the filter by half a turn", () => {
    const rotated = HostArray.from([
      [0.5, 1, 0.5],
      [0.1, 0.4, 0.3],
      [0.4, 0.7, 0.5],
    ]);
    expect(rotateFilter(filter)).toEqual(rotated);
    expect(rotateFilter(rotateFilter(filter))).toEqual(filter);
  });

  test("with padding (1, 1) and stride (2, 2) gives the book's 2 x 2", () => {
    // The image and its result: Raschka and Mirjalili, Python Machine Learning, on convolutions in 2D.
    expect(convolve2d(image, filter, { padding: [1, 1], stride: [2, 2] }).toNested()).toEqual([
      [closeTo(4.6), closeTo(1.6)],
      [closeTo(7.5), closeTo(2.9)],
    ]);
  });

  test("is cross-correlation with the rotated filter, also with channels, filters and bias", () => {
    const values = (length: number, step: number): Float32Array =>
      Float32Array.from({ length }, (_, index) => ((index * step) % 7) - 3);
    const [colours, filters] = [new HostArray(values(60, 3), [5, 4, 3]), new HostArray(values(36, 5), [3, 2, 3, 2])];
    const options = { padding: "same", bias: [1, -1] } as const;
    expect(convolve2d(colours, filters, options)).toEqual(correlate2d(colours, rotateFilter(filters), options));
    expect(convolve2d(colours, filters, options)).not.toEqual(correlate2d(colours, filters, options));
  });

  test("is cross-correlation where half a turn leaves the filter as it is", () => {
    const symmetric = HostArray.from([
      [1, 2],
      [2, 1],
    ]);
    expect(convolve2d(image, symmetric)).toEqual(correlate2d(image, symmetric));
  });
});

test("refuses to rotate what has too few axes", () => {
  expect(() => rotateFilter(HostArray.from([1, 2]), 2)).toThrow(
    "rotateFilter: filter must be of rank 2 or more, received (2,).",
  );
});

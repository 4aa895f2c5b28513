import { describe, expect, test } from "vitest";
import { convolutionOutputSize } from "../shapes/convolution.ts";
import { HostArray } from "../arrays/host-array.ts";
import { RandomStream } from "../random/random.ts";
import { sizeOf } from "../shapes/shape.ts";
import { correlate1d, correlate2d } from "./correlate.ts";

function noise(shape: readonly number[], seed: number): HostArray<Float32Array> {
  const random = new RandomStream(seed);
  return new HostArray(
    new Float32Array(sizeOf(shape)).map(() => random.integer(9) - 4),
    shape,
  );
}

describe("four filters with bias over a grey image", () => {
  const image = HostArray.from([
    [23, 255, 40, 12, 4],
    [21, 34, 200, 43, 200],
    [160, 180, 17, 190, 80],
    [210, 190, 40, 3, 240],
  ]);

  test.for([
    {
      filter: [
        [1, 0],
        [0, 1],
      ],
      bias: 0,
      map: [57, 455, 83, 212, 201, 51, 390, 123, 350, 220, 20, 430],
    },
    {
      filter: [
        [0, 1],
        [1, 0],
      ],
      bias: -1,
      map: [275, 73, 211, 46, 193, 379, 59, 389, 389, 206, 229, 82],
    },
    {
      filter: [
        [0.9, 1.1],
        [-2.8, 0.8],
      ],
      bias: 0.15,
      map: [269.75, 338.45, -476.25, 54.95, -247.55, -239.65, 331.85, -209.15, -93.85, -319.15, 114.85, 442.75],
    },
    {
      filter: [
        [0.9, 1.1],
        [0, 0.8],
      ],
      bias: -1.6,
      map: [326.8, 431.9, 82, 173.6, 198.7, 262.6, 377.7, 321.1, 492.4, 211.1, 225.1, 449.4],
    },
  ])("$filter + $bias gives its 3 x 4 map", ({ filter, bias, map }) => {
    const output = correlate2d(image, HostArray.from(filter), { bias });
    expect(output.shape).toEqual([3, 4]);
    for (const [index, value] of map.entries()) expect(output.data[index]).toBeCloseTo(value, 4);
  });
});

describe("one window of a colour image", () => {
  // The upper left corner of a larger image behind its border of zeros.
  const red = [0, 0, 0, 0, 156, 155, 0, 153, 154];
  const green = [0, 0, 0, 0, 167, 166, 0, 164, 165];
  const blue = [0, 0, 0, 0, 163, 162, 0, 160, 161];
  const filters = [
    [-1, -1, 1, 0, 1, -1, 0, 1, 1],
    [1, 0, 0, 1, -1, -1, 1, 0, -1],
    [0, 1, 1, 0, 1, 0, 1, -1, 1],
  ];
  const stack = (planes: readonly (readonly number[])[]): HostArray =>
    new HostArray(
      Float32Array.from({ length: 27 }, (_, index) => planes[index % 3]?.[Math.floor(index / 3)] ?? 0),
      [3, 3, 3],
    );

  test("sums 308, -498 and 164 of the channels and the bias 1 to -25", () => {
    const channels = [red, green, blue].map((plane, channel) =>
      correlate2d(
        new HostArray(Float32Array.from(plane), [3, 3]),
        new HostArray(Float32Array.from(filters[channel] ?? []), [3, 3]),
      ).at(0, 0),
    );
    expect(channels).toEqual([308, -498, 164]);
    const output = correlate2d(stack([red, green, blue]), stack(filters), { bias: 1 });
    expect(output.toNested()).toEqual([[-25]]);
  });
});

test("counts what a binary pattern shares with each window of a binary image", () => {
  const image = HostArray.from([
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
  ]);
  const cross = HostArray.from([
    [1, 0, 1],
    [0, 1, 0],
    [1, 0, 1],
  ]);
  expect(correlate2d(image, cross).toNested()).toEqual([
    [4, 3, 4],
    [2, 4, 3],
    [2, 3, 4],
  ]);
});

describe("2 x 2 ones over 1 to 9", () => {
  const image = HostArray.from([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]);
  const same = [12, 16, 9, 24, 28, 15, 15, 17, 9];

  test("gives 2 x 2 without padding and 3 x 3 with same padding", () => {
    const ones = new HostArray(new Float32Array(4).fill(1), [2, 2]);
    expect([...correlate2d(image, ones, { padding: "valid" }).data]).toEqual([12, 16, 24, 28]);
    expect([...correlate2d(image, ones, { padding: "same" }).data]).toEqual(same);
  });

  test("times 1, 10 and -1 gives three maps in those ratios", () => {
    const filters = new HostArray(
      Float32Array.from({ length: 12 }, (_, index) => [1, 10, -1][index % 3] ?? 0),
      [2, 2, 1, 3],
    );
    const maps = correlate2d(image.reshape([3, 3, 1]), filters, { padding: "same", bias: [0, 0, 0] });
    expect(maps.shape).toEqual([3, 3, 3]);
    expect([...maps.data]).toEqual(same.flatMap((value) => [value, 10 * value, -value]));
  });
});

describe("shapes", () => {
  test("six filters of 5 x 5 make 28 x 28 x 6 of 32 x 32 x 3", () => {
    expect(correlate2d(noise([32, 32, 3], 1), noise([5, 5, 3, 6], 2)).shape).toEqual([28, 28, 6]);
  });

  test.for([
    [7, 3, 1, "valid", 5],
    [7, 3, 2, "valid", 3],
    [7, 3, 1, 1, 7],
  ] as const)("%d under %d, stride %d, padding %s becomes %d", ([n, m, stride, padding, o]) => {
    expect(correlate1d(noise([n], 3), noise([m], 4), { stride, padding }).shape).toEqual([o]);
    expect(correlate2d(noise([n, n], 3), noise([m, m], 4), { stride, padding }).shape).toEqual([o, o]);
  });

  test("a sequence with channels and filters keeps a column a filter", () => {
    const output = correlate1d(noise([6, 2], 5), noise([3, 2, 4], 6), { bias: [1, 2, 3, 4] });
    expect(output.shape).toEqual([4, 4]);
    expect(correlate1d(noise([6, 2], 5), noise([3, 2], 6)).shape).toEqual([4]);
  });
});

test("is the sum of its formula at every place, with strides and padding that differ by axis", () => {
  const [image, filter] = [noise([5, 6, 2], 7), noise([3, 2, 2, 3], 8)];
  const [strides, paddings] = [[2, 1] as const, [1, 2] as const];
  const output = correlate2d(image, filter, { stride: strides, padding: paddings, bias: 5 });
  const rows = convolutionOutputSize(5, 3, 2, 1);
  const columns = convolutionOutputSize(6, 2, 1, 2);
  expect(output.shape).toEqual([rows, columns, 3]);
  const pixel = (y: number, x: number, c: number): number =>
    y < 0 || x < 0 || y >= 5 || x >= 6 ? 0 : image.at(y, x, c);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let f = 0; f < 3; f++) {
        let sum = 5;
        for (let k = 0; k < 3; k++) {
          for (let l = 0; l < 2; l++) {
            for (let c = 0; c < 2; c++) sum += pixel(2 * i - 1 + k, j - 2 + l, c) * filter.at(k, l, c, f);
          }
        }
        expect(output.at(i, j, f)).toBe(sum);
      }
    }
  }
});

test("a sequence is an image of one column", () => {
  const [sequence, filter] = [noise([9, 2], 9), noise([4, 2], 10)];
  const output = correlate1d(sequence, filter, { stride: 2, padding: "same", bias: -1 });
  const image = correlate2d(sequence.reshape([9, 1, 2]), filter.reshape([4, 1, 2]), {
    stride: [2, 1],
    padding: "same",
    bias: -1,
  });
  expect([...output.data]).toEqual([...image.data]);
});

describe("what does not fit", () => {
  const shapeError = expect.objectContaining({ code: "SHAPE_MISMATCH" }) as Error;

  test.for([
    [[4], [5]],
    [[4], [0]],
    [[4], [2, 1]],
    [[4, 2], [2]],
    [
      [4, 2],
      [2, 3],
    ],
    [
      [4, 2],
      [2, 2, 1, 1],
    ],
    [[4, 4, 1], [2]],
  ])("refuses a sequence of %j with a filter of %j", ([sequence = [], filter = []]) => {
    expect(() => correlate1d(noise(sequence, 1), noise(filter, 2))).toThrow(shapeError);
  });

  test.for([
    [
      [4, 4],
      [5, 2],
    ],
    [
      [4, 4],
      [2, 2, 1],
    ],
    [
      [4, 4, 3],
      [2, 2],
    ],
    [
      [4, 4, 3],
      [2, 2, 1],
    ],
    [[4], [2, 2]],
  ])("refuses an image of %j with a filter of %j", ([image = [], filter = []]) => {
    expect(() => correlate2d(noise(image, 1), noise(filter, 2))).toThrow(shapeError);
  });

  test("says what was expected", () => {
    expect(() => correlate2d(noise([4, 4, 3], 1), noise([2, 2], 2))).toThrow(
      "correlate2d: filter must be (rows, columns, 3) or (rows, columns, 3, filters), received (2, 2).",
    );
    expect(() => correlate1d(noise([3], 1), noise([6], 2), { padding: 1 })).toThrow(
      "correlate1d: window must be 1 to 5 long, to fit the padded axis, received 6.",
    );
  });

  test.for([
    ["stride", { stride: 0 }],
    ["padding", { padding: -1 }],
    ["padding", { padding: "full" as "same" }],
    ["bias", { bias: [1, 2] }],
    ["options", { bias: 0, strides: 2 }],
  ] as const)("refuses a wrong %s: %j", ([option, options]) => {
    const invalid = expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error;
    expect(() => correlate1d(noise([4], 1), noise([2], 2), options)).toThrow(invalid);
    expect(() => correlate2d(noise([4, 4], 1), noise([2, 2], 2), options)).toThrow(invalid);
  });
});

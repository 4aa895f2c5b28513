import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidConfigError, ShapeError } from "../errors.ts";
import { HostArray, type NestedNumbers } from "./host-array.ts";
import { sizeOf } from "../shapes/shape.ts";

const fibonacci = HostArray.from([0, 1, 1, 2, 3, 5, 8, 13, 21, 34]);

/** 0 to 29 in three matrices of two rows: the tensor that shows what an axis is. */
const cube = new HostArray(
  Int32Array.from({ length: 30 }, (_, index) => index),
  [3, 2, 5],
);

/** Counts up, so that every element tells where it stands. */
const counting = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).map(
  (shape) =>
    new HostArray(
      new Int32Array(sizeOf(shape)).map((_, index) => index),
      shape,
    ),
);

describe("a HostArray", () => {
  test("has rank, shape, size and element type", () => {
    expect([cube.rank, cube.size, cube.dtype]).toEqual([3, 30, "int32"]);
    expect(cube.shape).toEqual([3, 2, 5]);
    expect(fibonacci.dtype).toBe("float32");
    expect(new HostArray(new Uint8Array(4), [2, 2]).dtype).toBe("uint8");
  });

  test("keeps its shape when the list it was given changes", () => {
    const shape = [2, 2];
    const array = new HostArray(new Uint8Array(4), shape);
    shape.push(9);
    expect(array.shape).toEqual([2, 2]);
  });

  test.for([[[3]], [[2, 3]], [[-2, -2]], [[1.6, 2.5]], [[Number.NaN]]])("refuses 4 elements as %j", ([shape]) => {
    expect(() => new HostArray(new Uint8Array(4), shape ?? [])).toThrow(ShapeError);
  });
});

describe("HostArray.from", () => {
  test.for<[NestedNumbers, number[]]>([
    [4, []],
    [[1, 2, 3], [3]],
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [3, 2],
    ],
    [
      [[], []],
      [2, 0],
    ],
  ])("%j has shape %j", ([values, shape]) => {
    const array = HostArray.from(values);
    expect(array.shape).toEqual(shape);
    expect(array.toNested()).toEqual(values);
  });

  test.for<[NestedNumbers, string]>([
    [[[1, 2], [3]], "axis 1 must be 2 long, like its siblings, received a list of 1"],
    [[[1], 2], "axis 1 must be 1 numbers, received a number"],
    [[1, [2]], "axis 1 must be a number, like its siblings, received a list of 1"],
  ])("refuses %j", ([values, message]) => {
    expect(() => HostArray.from(values)).toThrow(ShapeError);
    expect(() => HostArray.from(values)).toThrow(message);
  });
});

describe("at", () => {
  test("counts from 0, and from the end where negative", () => {
    expect([fibonacci.at(0), fibonacci.at(1), fibonacci.at(-1)]).toEqual([0, 1, 34]);
    expect([cube.at(0, 0, 0), cube.at(1, 1, 2), cube.at(-1, -1, -1), cube.at(2, 0, -5)]).toEqual([0, 17, 29, 20]);
  });

  test("of a scalar takes no index", () => {
    expect(HostArray.from(4).at()).toBe(4);
  });

  test.for([[[3, 0, 0]], [[0, -3, 0]], [[0, 0, 0.5]], [[0, 0, Number.NaN]], [[0, 0]], [[0, 0, 0, 0]]])(
    "refuses indices %j of a [3, 2, 5] array",
    ([indices]) => {
      expect(() => cube.at(...(indices ?? []))).toThrow(InvalidConfigError);
    },
  );

  test("agrees with nested lists everywhere", () => {
    fc.assert(
      fc.property(counting, fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), (array, picks) => {
        const indices = array.shape.map((length, axis) => (picks[axis] ?? 0) % length);
        const nested = indices.reduce<NestedNumbers>(
          (level, index) => (typeof level === "number" ? Number.NaN : (level[index] ?? Number.NaN)),
          array.toNested(),
        );
        expect(array.at(...indices)).toBe(nested);
        expect(array.at(...indices.map((index, axis) => index - (array.shape[axis] ?? 0)))).toBe(nested);
        expect(array.entry(...indices).toNested()).toBe(nested);
      }),
    );
  });
});

describe("entry", () => {
  test("drops the axes it is given indices for", () => {
    expect(cube.entry(1).shape).toEqual([2, 5]);
    expect(cube.entry(1, -1).toNested()).toEqual([15, 16, 17, 18, 19]);
    expect(cube.entry().shape).toEqual([3, 2, 5]);
  });

  test("shares the data", () => {
    expect(cube.entry(2).data.buffer).toBe(cube.data.buffer);
  });

  test("refuses more indices than axes, and an index outside", () => {
    expect(() => fibonacci.entry(0, 0)).toThrow("at most 1 numbers");
    expect(() => cube.entry(3)).toThrow("index of axis 0 must be an integer in [-3, 3), received 3");
  });
});

describe("slice", () => {
  test("takes entries of the first axis and shares the data", () => {
    expect(fibonacci.slice(2, 5).toNested()).toEqual([1, 2, 3]);
    expect(cube.slice(1).shape).toEqual([2, 2, 5]);
    expect(cube.slice(1).at(0, 0, 0)).toBe(10);
    expect(cube.slice(1).data.buffer).toBe(cube.data.buffer);
  });

  test("counts negative bounds from the end", () => {
    expect(fibonacci.slice(-3).toNested()).toEqual([13, 21, 34]);
    expect(fibonacci.slice(0, -8).toNested()).toEqual([0, 1]);
  });

  test("may be empty", () => {
    expect(cube.slice(1, 1).shape).toEqual([0, 2, 5]);
  });

  test.for([
    [0, 11],
    [-11, 3],
    [5, 4],
    [0.5, 2],
    [0, Number.NaN],
  ])("refuses [%d, %d) of 10", ([start, end]) => {
    expect(() => fibonacci.slice(start ?? 0, end)).toThrow(InvalidConfigError);
  });

  test("refuses a scalar", () => {
    expect(() => HostArray.from(4).slice(0)).toThrow("of rank 1 or more");
  });

  test("in two parts holds what the whole holds", () => {
    fc.assert(
      fc.property(counting, fc.nat(), (array, pick) => {
        const cut = pick % ((array.shape[0] ?? 0) + 1);
        const parts = [...array.slice(0, cut).data, ...array.slice(cut).data];
        expect(parts).toEqual([...array.data]);
      }),
    );
  });
});

describe("reshape", () => {
  test("turns a column into a row", () => {
    const column = HostArray.from([[1], [2], [3]]);
    expect(column.shape).toEqual([3, 1]);
    expect(column.reshape([1, 3]).toNested()).toEqual([[1, 2, 3]]);
  });

  test("works out one -1, and shares the data", () => {
    expect(cube.reshape([-1]).shape).toEqual([30]);
    expect(cube.reshape([3, -1]).shape).toEqual([3, 10]);
    expect(cube.reshape([30]).data).toBe(cube.data);
  });

  test("refuses another number of elements", () => {
    expect(() => cube.reshape([4, 7])).toThrow("of 30 elements");
  });
});

describe("printing", () => {
  test("a [3, 2, 5] array shows its axes", () => {
    expect(String(cube)).toBe(
      [
        "int32 (3, 2, 5)  axis 0: 3, axis 1: 2, axis 2: 5",
        "[[[ 0  1  2  3  4]",
        "  [ 5  6  7  8  9]]",
        "",
        " [[10 11 12 13 14]",
        "  [15 16 17 18 19]]",
        "",
        " [[20 21 22 23 24]",
        "  [25 26 27 28 29]]]",
      ].join("\n"),
    );
  });

  test("a vector and a scalar take one line", () => {
    expect(String(fibonacci)).toBe("float32 (10,)  axis 0: 10\n[ 0  1  1  2  3  5  8 13 21 34]");
    expect(String(HostArray.from(4))).toBe("float32 ()\n4");
  });

  test("fractions show six digits, columns stay aligned", () => {
    expect(
      HostArray.from([
        [1 / 3, -2],
        [100, Number.NaN],
      ]).toString(),
    ).toBe("float32 (2, 2)  axis 0: 2, axis 1: 2\n[[0.333333       -2]\n [     100      NaN]]");
  });

  test("long axes show their edges", () => {
    const long = new HostArray(new Uint8Array(60), [10, 6]);
    expect(long.toString(2)).toBe(
      [
        "uint8 (10, 6)  axis 0: 10, axis 1: 6",
        "[[0 0 ... 0 0]",
        " [0 0 ... 0 0]",
        " ...",
        " [0 0 ... 0 0]",
        " [0 0 ... 0 0]]",
      ].join("\n"),
    );
  });

  test("an empty axis shows as empty brackets", () => {
    expect(HostArray.from([[], []]).toString()).toBe("float32 (2, 0)  axis 0: 2, axis 1: 0\n[[]\n []]");
  });
});

describe("element types", () => {
  test.for([
    [1, 2],
    new Float64Array(2),
    new BigInt64Array(2),
    new Uint16Array(2),
    new DataView(new ArrayBuffer(2)),
    { length: 2 },
    null,
  ])("data of %o are refused", (data) => {
    expect(() => new HostArray(data as never, [2])).toThrow("data must be a Float32Array, Int32Array or Uint8Array");
  });

  test("the bytes of ImageData are uint8, and are shared", () => {
    const bytes = new Uint8ClampedArray([1, 2]);
    const array = new HostArray<Uint8Array>(bytes as never, [2]);
    expect([array.dtype, array.data instanceof Uint8Array, array.data.buffer === bytes.buffer]).toEqual([
      "uint8",
      true,
      true,
    ]);
  });

  test("typed arrays of another realm have their own types", () => {
    const make = (code: string): Float32Array => runInNewContext(code) as Float32Array;
    expect(new HostArray(make("new Float32Array(2)"), [2]).dtype).toBe("float32");
    expect(new HostArray(make("new Int32Array(2)") as never, [2]).dtype).toBe("int32");
  });

  test("a list that contains itself is refused", () => {
    const list: unknown[] = [];
    list.push(list);
    expect(() => HostArray.from(list as never)).toThrow("at most 32 lists deep");
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../errors.ts";
import {
  broadcastShapes,
  formatShape,
  resolveReshape,
  shapeAccepts,
  shapesEqual,
  sizeOf,
  stridesOf,
  type Shape,
} from "./shape.ts";

const fixedShape = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 5 });

test("a [3, 2, 5] tensor has rank 3, size 30 and strides 10, 5, 1", () => {
  expect(sizeOf([3, 2, 5])).toBe(30);
  expect(stridesOf([3, 2, 5])).toEqual([10, 5, 1]);
});

test("a scalar has one element and no strides", () => {
  expect(sizeOf([])).toBe(1);
  expect(stridesOf([])).toEqual([]);
});

test("the last element stands at size - 1 under the strides", () => {
  fc.assert(
    fc.property(fixedShape, (shape) => {
      fc.pre(sizeOf(shape) > 0);
      const last = stridesOf(shape).reduce((offset, stride, axis) => offset + stride * ((shape[axis] ?? 1) - 1), 0);
      expect(last).toBe(sizeOf(shape) - 1);
    }),
  );
});

test.for<[Shape, string]>([
  [[null, 26, 26, 32], "(None, 26, 26, 32)"],
  [[10], "(10,)"],
  [[null], "(None,)"],
  [[], "()"],
])("%j prints as Keras prints it: %s", ([shape, text]) => {
  expect(formatShape(shape)).toBe(text);
});

describe("shapesEqual", () => {
  test("compares rank and every length", () => {
    expect(shapesEqual([2, 3], [2, 3])).toBe(true);
    expect(shapesEqual([2, 3], [3, 2])).toBe(false);
    expect(shapesEqual([2, 3], [2, 3, 1])).toBe(false);
  });

  test("takes an unknown length as equal to an unknown one only", () => {
    expect(shapesEqual([null, 3], [null, 3])).toBe(true);
    expect(shapesEqual([null, 3], [2, 3])).toBe(false);
  });
});

describe("shapeAccepts", () => {
  test("lets any length into an unknown axis, from either side", () => {
    expect(shapeAccepts([null, 28, 28, 1], [64, 28, 28, 1])).toBe(true);
    expect(shapeAccepts([64, 28, 28, 1], [null, 28, 28, 1])).toBe(true);
  });

  test("refuses another length and another rank", () => {
    expect(shapeAccepts([null, 28, 28, 1], [64, 28, 28, 3])).toBe(false);
    expect(shapeAccepts([null, 28, 28, 1], [64, 28, 28])).toBe(false);
  });
});

describe("broadcastShapes", () => {
  test.for<[number[], number[], number[]]>([
    [[3], [], [3]],
    [[3], [1], [3]],
    [
      [3, 1],
      [1, 4],
      [3, 4],
    ],
    [[8, 28, 28, 32], [32], [8, 28, 28, 32]],
    [[0], [1], [0]],
  ])("%j with %j is %j", ([a, b, shared]) => {
    expect(broadcastShapes(a, b)).toEqual(shared);
    expect(broadcastShapes(b, a)).toEqual(shared);
  });

  test("refuses lengths that differ where neither is 1", () => {
    expect(() => broadcastShapes([2, 3], [2])).toThrow(ShapeError);
    expect(() => broadcastShapes([2, 3], [2])).toThrow("broadcastable with (2, 3), received (2,)");
  });

  test("stretches ones and nothing else, whatever the ranks", () => {
    const operands = fixedShape.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        ones: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
        dropped: fc.integer({ min: 0, max: shape.length }),
      }),
    );
    fc.assert(
      fc.property(operands, ({ shape, ones, dropped }) => {
        const smaller = shape.map((length, axis) => (ones[axis] === true ? 1 : length)).slice(dropped);
        expect(broadcastShapes(shape, smaller)).toEqual(shape);
      }),
    );
  });
});

describe("resolveReshape", () => {
  test("works out the one -1", () => {
    expect(resolveReshape(30, [3, -1])).toEqual([3, 10]);
    expect(resolveReshape(3, [1, 3])).toEqual([1, 3]);
    expect(resolveReshape(1, [])).toEqual([]);
  });

  test.for<[number, number[]]>([
    [30, [-1, -1]],
    [30, [4, -1]],
    [30, [7]],
    [30, [-2, -15]],
    [30, [2.5, 12]],
    [0, [0, -1]],
  ])("refuses %j elements as %j", ([size, target]) => {
    expect(() => resolveReshape(size, target)).toThrow(ShapeError);
  });

  test("keeps the number of elements, whichever axis is left out", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, choice) => {
        const target = shape.map((length, axis) => (axis === choice % shape.length ? -1 : length));
        expect(resolveReshape(sizeOf(shape), target)).toEqual(shape);
      }),
    );
  });
});

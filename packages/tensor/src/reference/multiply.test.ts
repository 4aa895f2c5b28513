import * as fc from "fast-check";
import { expect, test } from "vitest";
import { HostArray } from "../arrays/host-array.ts";
import { multiply } from "./multiply.ts";

const vector = HostArray.from([1, 2, 3]);

test.for([
  ["a number", 2],
  ["an array of rank 0", HostArray.from(2)],
  ["an array of rank 1", HostArray.from([2, 2, 2])],
] as const)("doubles [1, 2, 3] by %s", ([, two]) => {
  expect(multiply(vector, two).toNested()).toEqual([2, 4, 6]);
  expect(multiply(two, vector).toNested()).toEqual([2, 4, 6]);
});

test("leaves its operands as they were", () => {
  const product = multiply(vector, 2);
  expect(vector.toNested()).toEqual([1, 2, 3]);
  expect(product.data.buffer).not.toBe(vector.data.buffer);
});

test("makes a table of a column and a row", () => {
  expect(multiply(vector.reshape([3, 1]), HostArray.from([1, 10])).toNested()).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
});

test("stretches axes of length 1 wherever they are", () => {
  const shapes = fc.array(fc.record({ length: fc.integer({ min: 1, max: 3 }), a: fc.boolean(), b: fc.boolean() }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(shapes, (axes) => {
      const make = (side: "a" | "b", factor: number): HostArray => {
        const shape = axes.map((axis) => (axis[side] ? axis.length : 1));
        const size = shape.reduce((product, length) => product * length, 1);
        return new HostArray(
          Float32Array.from({ length: size }, (_, index) => factor * (index + 1)),
          shape,
        );
      };
      const [a, b] = [make("a", 1), make("b", 100)];
      const product = multiply(a, b);
      expect(product.shape).toEqual(axes.map((axis) => (axis.a || axis.b ? axis.length : 1)));
      for (let index = 0; index < product.size; index++) {
        let rest = index;
        const place = product.shape.toReversed().map((length) => {
          const at = rest % length;
          rest = Math.floor(rest / length);
          return at;
        });
        const indices = place.toReversed();
        const from = (array: HostArray): number =>
          array.at(...indices.map((at, axis) => (array.shape[axis] === 1 ? 0 : at)));
        expect(product.data[index]).toBe(from(a) * from(b));
      }
    }),
  );
});

test("refuses shapes that do not broadcast", () => {
  expect(() => multiply(vector, HostArray.from([1, 2]))).toThrow(
    expect.objectContaining({ code: "SHAPE_MISMATCH" }) as Error,
  );
});

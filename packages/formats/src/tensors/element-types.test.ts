import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { type ElementType, elementBytes, toFloat32 } from "./element-types.ts";

const read = (bytes: ArrayBufferLike, type: ElementType): number[] => [
  ...toFloat32(new Uint8Array(bytes), type, "file", "tensor"),
];

describe("stored elements as float32", () => {
  test.for<[ElementType, ArrayBuffer, number[]]>([
    ["float64", Float64Array.of(0.5, -2, Number.NaN, Number.POSITIVE_INFINITY).buffer, [0.5, -2, Number.NaN, Infinity]],
    ["float32", Float32Array.of(0.5, -2).buffer, [0.5, -2]],
    ["bfloat16", Uint16Array.of(0x3f80, 0xc049, 0x7f80).buffer, [1, -3.140625, Infinity]],
    ["int64", BigInt64Array.of(-1n, 2n ** 24n).buffer, [-1, 2 ** 24]],
    ["int32", Int32Array.of(-1, 7).buffer, [-1, 7]],
    ["int16", Int16Array.of(-300).buffer, [-300]],
    ["int8", Int8Array.of(-128, 127).buffer, [-128, 127]],
    ["uint64", BigUint64Array.of(2n ** 63n).buffer, [2 ** 63]],
    ["uint32", Uint32Array.of(2 ** 31).buffer, [2 ** 31]],
    ["uint16", Uint16Array.of(65_535).buffer, [65_535]],
    ["uint8", Uint8Array.of(255).buffer, [255]],
    ["bool", Uint8Array.of(0, 1, 2).buffer, [0, 1, 1]],
  ])("of %s", ([type, bytes, expected]) => {
    expect(read(bytes, type)).toEqual(expected);
  });

  // NumPy: np.array([...], np.uint16).view(np.float16).
  test.for([
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 6.097555160522461e-5],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ] as const)("of float16 %i is %f", ([half, value]) => {
    expect(read(Uint16Array.of(half).buffer, "float16")).toEqual([value]);
  });

  test("need not be aligned", () => {
    const bytes = new Uint8Array(9);
    bytes.set(new Uint8Array(Float32Array.of(1.5, 2.5).buffer), 1);
    expect([...toFloat32(bytes.subarray(1), "float32", "file", "tensor")]).toEqual([1.5, 2.5]);
  });

  test("are refused where float32 ends", () => {
    expect(() => read(Float64Array.of(1, 1e300).buffer, "float64")).toThrow(
      "file: tensor must be of numbers that float32 can hold, found 1e+300",
    );
  });

  test.for(Object.entries(elementBytes) as [ElementType, number][])(
    "are refused where the last %s is cut short",
    ([type, size]) => {
      const decode = (length: number): Float32Array => toFloat32(new Uint8Array(length), type, "file", "tensor");
      const lengths = Array.from({ length: 24 }, (_, length) => length);
      for (const length of lengths.filter((count) => count % size !== 0))
        expect(() => decode(length)).toThrow(FormatError);
      for (const length of lengths.filter((count) => count % size === 0)) {
        expect(decode(length)).toEqual(new Float32Array(length / size));
      }
    },
  );
});

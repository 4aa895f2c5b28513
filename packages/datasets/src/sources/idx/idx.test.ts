import { FormatError } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIdx } from "./idx.ts";

/** An IDX file of unsigned bytes. */
function idx(shape: readonly number[], elements: ArrayLike<number>): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((length, axis) => header.setUint32(4 + 4 * axis, length));
  return Uint8Array.from([...new Uint8Array(header.buffer), ...Array.from(elements)]);
}

function failure(bytes: Uint8Array): unknown {
  try {
    parseIdx(bytes, "digits-idx");
    return undefined;
  } catch (error) {
    return error;
  }
}

const file = idx([2, 1, 3], [1, 2, 3, 4, 5, 255]);

function changed(offset: number, value: number): Uint8Array {
  return file.with(offset, value);
}

describe("a whole file", () => {
  test("becomes an array of its shape", () => {
    const array = parseIdx(file, "digits-idx");
    expect(array.shape).toEqual([2, 1, 3]);
    expect([...array.data]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  test("shares its bytes with the array, wherever they lie in memory", () => {
    const memory = new Uint8Array(file.length + 7);
    memory.set(file, 3);
    const array = parseIdx(memory.subarray(3, 3 + file.length), "digits-idx");
    expect([...array.data]).toEqual([1, 2, 3, 4, 5, 255]);
    expect(array.data.buffer).toBe(memory.buffer);
  });

  test("may hold no element", () => {
    expect(parseIdx(idx([0, 28, 28], []), "digits-idx").shape).toEqual([0, 28, 28]);
  });

  test("comes back from any shape and any bytes", () => {
    const shapes = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(shapes, fc.nat(255), (shape, seed) => {
        const size = shape.reduce((product, length) => product * length, 1);
        const elements = Uint8Array.from({ length: size }, (_, index) => seed + 31 * index);
        const array = parseIdx(idx(shape, elements), "digits-idx");
        expect(array.shape).toEqual(shape);
        expect(array.data).toEqual(elements);
      }),
    );
  });
});

describe("a damaged file", () => {
  test.for<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(0), "an IDX file must be at least 4 bytes long, found 0"],
    ["a cut magic number", file.subarray(0, 3), "an IDX file must be at least 4 bytes long, found 3"],
    ["another first byte", changed(0, 1), "the magic number must be that of IDX, such as 0x00000803, found 0x01000803"],
    [
      "another second byte",
      changed(1, 9),
      "the magic number must be that of IDX, such as 0x00000803, found 0x00090803",
    ],
    ["an unknown type", changed(2, 0x0a), "the magic number must be that of IDX, such as 0x00000803, found 0x00000a03"],
    ["gzip", Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0]), "found a gzip file"],
    ["16-bit integers", changed(2, 0x0b), "the elements must be unsigned bytes (type 0x08), found 16-bit integers"],
    ["64-bit floats", changed(2, 0x0e), "the elements must be unsigned bytes (type 0x08), found 64-bit floats"],
    ["rank 0", changed(3, 0), "the rank must be at least 1, found 0"],
    ["a higher rank", changed(3, 9), "the header must be 40 bytes for rank 9, found 22"],
    ["a lower rank", changed(3, 2), "the file must be 14 bytes long for (2, 1), found 22"],
    ["a cut header", file.subarray(0, 15), "the header must be 16 bytes for rank 3, found 15"],
    ["a cut element", file.subarray(0, 21), "the file must be 22 bytes long for (2, 1, 3), found 21"],
    ["a byte more", Uint8Array.from([...file, 0]), "the file must be 22 bytes long for (2, 1, 3), found 23"],
    ["a longer axis", changed(7, 3), "the file must be 25 bytes long for (3, 1, 3), found 22"],
    ["an axis of billions", changed(4, 255), "long for (4278190082, 1, 3), found 22"],
  ])("%s is told apart", ([, bytes, message]) => {
    expect(() => parseIdx(bytes, "digits-idx")).toThrow(FormatError);
    expect(() => parseIdx(bytes, "digits-idx")).toThrow(message);
    expect(() => parseIdx(bytes, "digits-idx")).toThrow("digits-idx: ");
  });

  test("fails as nothing but a FormatError, whatever its bytes", () => {
    const anything = fc.uint8Array({ maxLength: 64 });
    const afterMagic = anything.map((bytes) => Uint8Array.from([0, 0, 8, ...bytes]));
    const altered = fc
      .tuple(fc.nat({ max: file.length - 1 }), fc.nat(255), fc.nat({ max: file.length }))
      .map(([offset, value, length]) => changed(offset, value).subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(anything, afterMagic, altered), (bytes) => {
        expect(failure(bytes)).toBeOneOf([undefined, expect.any(FormatError)]);
      }),
      { numRuns: 3000 },
    );
  });

  test("is never read if one byte of its header differs, whichever and however", () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    const offsets = Array.from({ length: 16 }, (_, offset) => offset);
    const others = offsets.flatMap((offset) =>
      bytes.filter((byte) => byte !== file[offset]).map((byte) => changed(offset, byte)),
    );
    expect(others).toHaveLength(16 * 255);
    expect(others.filter((other) => !(failure(other) instanceof FormatError))).toEqual([]);
  });
});

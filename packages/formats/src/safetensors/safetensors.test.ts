import { FeaturemapError, HostArray, type TypedArray } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSafetensors } from "./decode-safetensors.ts";
import { encodeSafetensors } from "./encode-safetensors.ts";

/** A file from a header (an object or literal text) and data of `dataLength` zeros. */
function fileOf(header: unknown, dataLength: number, declaredLength?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, declaredLength ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

function entry(begin: number, end: number, changes: object = {}): object {
  return { dtype: "F32", shape: [(end - begin) / 4], data_offsets: [begin, end], ...changes };
}

const dimensions = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const hostArrays: fc.Arbitrary<HostArray> = dimensions.chain((shape) => {
  const size = shape.reduce((product, length) => product * length, 1);
  const exact = { minLength: size, maxLength: size };
  return fc
    .oneof<fc.Arbitrary<TypedArray>[]>(fc.float32Array(exact), fc.int32Array(exact), fc.uint8Array(exact))
    .map((data) => new HostArray(data, shape));
});
const tensorMaps = fc.array(fc.tuple(fc.string(), hostArrays)).map((entries) => new Map(entries));

describe("safetensors", () => {
  test("gives back what was written, whatever the names, types and shapes", () => {
    fc.assert(
      fc.property(tensorMaps, (tensors) => {
        const decoded = decodeSafetensors(encodeSafetensors(tensors), "test");
        expect(new Set(decoded.keys())).toEqual(new Set(tensors.keys()));
        for (const [name, { data, shape }] of tensors) {
          expect(decoded.get(name)?.data).toEqual(data);
          expect(decoded.get(name)?.shape).toEqual(shape);
        }
      }),
    );
  });

  test("reads the layout of the format's own documentation", () => {
    const file = fileOf(
      { __metadata__: { format: "pt" }, w: { dtype: "I32", shape: [1, 2], data_offsets: [0, 8] } },
      8,
    );
    new DataView(file.buffer).setInt32(file.length - 8, -2, true);
    new DataView(file.buffer).setInt32(file.length - 4, 70_000, true);
    expect(decodeSafetensors(file, "test").get("w")?.toNested()).toEqual([[-2, 70_000]]);
  });

  test("writes the same bytes for the same tensors in another order", () => {
    const a = HostArray.from([1, 2]);
    const b = new HostArray(Uint8Array.of(3), [1]);
    const one = encodeSafetensors(
      new Map<string, HostArray>([
        ["a", a],
        ["b", b],
      ]),
    );
    expect(
      encodeSafetensors(
        new Map<string, HostArray>([
          ["b", b],
          ["a", a],
        ]),
      ),
    ).toEqual(one);
  });

  test("shares the file's memory where tensors are aligned, and reads them where they are not", () => {
    const file = encodeSafetensors(new Map([["w", HostArray.from([1.5, -2])]]), { note: "metadata" });
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(decodeSafetensors(file, "test").get("w")?.data.buffer).toBe(file.buffer);
    expect(decodeSafetensors(shifted.subarray(1), "test").get("w")?.toNested()).toEqual([1.5, -2]);
    expect(decodeSafetensors(Buffer.from(shifted.buffer, 1), "test").get("w")?.toNested()).toEqual([1.5, -2]);
  });

  test("does not write a tensor under the name of the metadata", () => {
    expect(() => encodeSafetensors(new Map([["__metadata__", HostArray.from([1])]]))).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG" }),
    );
  });

  test.for([
    ["a file shorter than its length field", new Uint8Array(7), "at least 8 bytes long, found 7"],
    ["a header longer than the file", fileOf({}, 0, 9n), "inside the file of 10 bytes"],
    ["a header over the limit", fileOf({}, 0, 10_000_001n), "at most 10000000 bytes long"],
    ["a header length of 2^64 - 1", fileOf({}, 0, 2n ** 64n - 1n), "found 18446744073709551615"],
    ["an empty header", fileOf("", 0), 'begun with "{", found nothing'],
    ["a header that does not begin with a brace", fileOf(" {}", 0), 'begun with "{", found byte 32'],
    ["a header that is not JSON", fileOf("{w}", 0), "a JSON object"],
    ["a tensor named twice", fileOf('{"w":{"dtype":"U8"},"w":{"dtype":"F32"}}', 4), "without repeated names"],
    ["metadata that is not an object", fileOf({ __metadata__: [] }, 0), "__metadata__ must be an object"],
    ["metadata that is not text", fileOf({ __metadata__: { epoch: 3 } }, 0), '"epoch" must be a string, found 3'],
    ["a tensor that is not an object", fileOf({ w: 1 }, 0), 'tensor "w" must be an object, found 1'],
    ["an unknown element type", fileOf({ w: entry(0, 4, { dtype: "F8_E4M3" }) }, 4), 'U8, BOOL, found "F8_E4M3"'],
    ["an element type from the prototype", fileOf({ w: entry(0, 4, { dtype: "toString" }) }, 4), "one of F64, F32"],
    ["no shape", fileOf({ w: entry(0, 4, { shape: undefined }) }, 4), "shape must be a list of whole numbers"],
    ["a negative axis", fileOf({ w: entry(0, 4, { shape: [-1, -1] }) }, 4), "shape must be a list of whole numbers"],
    ["a fractional axis", fileOf({ w: entry(0, 4, { shape: [0.5, 2] }) }, 4), "shape must be a list of whole numbers"],
    ["a shape larger than its data", fileOf({ w: entry(0, 4, { shape: [1e15] }) }, 4), "bytes apart for F32"],
    ["a shape beyond every number", fileOf({ w: entry(0, 4, { shape: new Array(40).fill(1e15) }) }, 4), "bytes apart"],
    ["one offset", fileOf({ w: entry(0, 4, { data_offsets: [0] }) }, 4), "data_offsets must be two whole numbers"],
    ["descending offsets", fileOf({ w: entry(0, 4, { data_offsets: [4, 0] }) }, 4), "ascending and inside"],
    ["offsets past the end", fileOf({ w: entry(0, 8) }, 4), "inside the data of 4 bytes, found [0, 8]"],
    ["tensors that overlap", fileOf({ a: entry(0, 8), b: entry(4, 12) }, 12), "4, inside the previous tensor"],
    ["a gap between tensors", fileOf({ a: entry(0, 4), b: entry(8, 12) }, 12), "8, after a gap"],
    ["data before the first tensor", fileOf({ a: entry(4, 8) }, 8), "4, after a gap"],
    ["data after the last tensor", fileOf({ a: entry(0, 4) }, 5), "4 bytes, the size of its tensors, found 5"],
  ] as const)("refuses %s", ([, file, message]) => {
    expect(() => decodeSafetensors(file, "weights.safetensors")).toThrow(message);
    expect(() => decodeSafetensors(file, "weights.safetensors")).toThrow(
      expect.objectContaining({ code: "INVALID_FORMAT", source: "weights.safetensors" }),
    );
  });

  test("meets altered files with its own errors and nothing else", () => {
    const valid = encodeSafetensors(
      new Map([
        ["a", HostArray.from([[1, 2]])],
        ["b", HostArray.from([3])],
      ]),
      { k: "v" },
    );
    const alterations = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(alterations, fc.nat(valid.length), (changes, length) => {
        const altered = valid.slice();
        for (const [index, byte] of changes) altered[index] = byte;
        const cut = altered.subarray(0, length);
        expect(bytesRead(altered)).toBeLessThanOrEqual(altered.length);
        expect(bytesRead(cut)).toBeLessThanOrEqual(cut.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test("meets headers of any content with its own errors and nothing else", () => {
    const numbers = fc.oneof(fc.nat(20), fc.double(), fc.maxSafeInteger(), fc.jsonValue());
    const lists = fc.oneof(fc.array(numbers, { maxLength: 4 }), fc.jsonValue());
    const entries = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom("F32", "I64", "BF16", "U8", "BOOL", "F8_E5M2"), fc.jsonValue()),
        shape: lists,
        data_offsets: lists,
      },
      { requiredKeys: [] },
    );
    const headers = fc.oneof(
      fc.dictionary(fc.string(), fc.oneof(entries, fc.jsonValue())),
      fc.jsonValue(),
      fc.string(),
    );
    fc.assert(
      fc.property(headers, fc.nat(40), (header, length) => {
        const file = fileOf(header, length);
        expect(bytesRead(file)).toBeLessThanOrEqual(file.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Bytes of all tensors read from a file; none where the file is refused with an error of this project's own. */
function bytesRead(file: Uint8Array): number {
  try {
    return [...decodeSafetensors(file, "fuzz").values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  } catch (error) {
    if (error instanceof FeaturemapError) return 0;
    throw error;
  }
}

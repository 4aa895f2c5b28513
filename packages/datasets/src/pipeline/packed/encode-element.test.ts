import { FormatError, HostArray, InvalidConfigError } from "@featuremap/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeElement, encodeElement } from "./encode-element.ts";

const arrays = fc.oneof(
  fc.uint8Array(),
  fc.uint8ClampedArray(),
  fc.int16Array(),
  fc.int32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.uint8Array().map((data) => new HostArray(data, [data.length, 1])),
);
const { element } = fc.letrec((tie) => ({
  element: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(undefined, null, true, false, -0, Number.NaN, Number.NEGATIVE_INFINITY),
    fc.double(),
    fc.string({ unit: "binary" }),
    arrays,
    fc.array(tie("element"), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ unit: "binary" }).filter((name) => name !== "$" && name !== "__proto__"),
      tie("element"),
      {
        maxKeys: 5,
        noNullPrototype: true,
      },
    ),
  ),
}));

describe("an element in a pack", () => {
  test("is read as it was written, whatever plain data it holds", () => {
    fc.assert(
      fc.property(element, (given) => {
        expect(decodeElement("test", encodeElement("test", given))).toStrictEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  test.for([[() => 1], [new Date()], [new Map()], [7n], [{ $: 1 }], [Symbol("x")], [{ a: [new Date()] }]])(
    "is refused where it is something else",
    ([given]) => {
      expect(() => encodeElement("test", given)).toThrow(InvalidConfigError);
    },
  );

  test("that is altered gives an error of its own, or another element", () => {
    const written = encodeElement("test", { image: new Uint8Array(8), floats: new Float32Array(3), label: 2 });
    fc.assert(
      fc.property(fc.nat(written.length - 1), fc.nat(255), fc.nat(written.length), (place, byte, length) => {
        const altered = written.with(place, byte).slice(0, length);
        let code: unknown;
        try {
          decodeElement("test", altered);
        } catch (error) {
          code = error instanceof FormatError ? undefined : error;
        }
        expect(code).toBe(undefined);
      }),
      { numRuns: 2000 },
    );
  });
});

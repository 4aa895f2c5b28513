import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

describe("fingerprintOf", () => {
  test("is the same for the same data, wherever they lie in memory", () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 0, max: 7 }), (data, offset) => {
        const moved = new Uint8Array(data.length + offset);
        moved.set(data, offset);
        expect(fingerprintOf(["a", moved.subarray(offset)])).toBe(fingerprintOf(["a", data]));
      }),
    );
    expect(fingerprintOf([])).toMatch(/^[0-9a-f]{16}$/);
  });

  test("is another for every change of a byte or two", () => {
    const data = Uint8Array.from({ length: 64 }, (_, index) => index);
    const seen = new Set([fingerprintOf([data])]);
    let changes = 1;
    for (let first = 0; first < 64; first++) {
      for (let second = first; second < 64; second++) {
        const changed = data.with(first, (data[first] ?? 0) ^ 0x80);
        changed[second] = (data[second] ?? 0) ^ 0x80;
        seen.add(fingerprintOf([changed]));
        changes += 1;
      }
    }
    expect(seen.size).toBe(changes);
  });

  test("tells parts and their order apart", () => {
    const bytes = Uint8Array.of(97, 0, 98, 0);
    const all = [
      ["ab"],
      ["a", "b"],
      ["b", "a"],
      ["", "ab"],
      ["ab", ""],
      [bytes],
      [bytes, ""],
      [new Uint8Array(0)],
      [""],
    ];
    expect(new Set(all.map((parts) => fingerprintOf(parts))).size).toBe(all.length);
  });
});

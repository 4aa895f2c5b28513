import { expect, test } from "vitest";
import { scaleLevels } from "./scale-levels.ts";

test.each([1, 1 / 255, 1 / 127.5, -3.7e-3, 1e30, 0])("scales by %s as JavaScript does, to the bit", (factor) => {
  for (const length of [0, 1, 7, 8, 3072, 70_001]) {
    const levels = Uint8Array.from({ length }, (_, index) => (index * 7919) >> 3);
    const target = new Float32Array(length + 16).fill(5);
    scaleLevels(levels, factor, target, 9);
    const expected = Float32Array.from({ length: length + 16 }, (_, index) => {
      const level = levels[index - 9];
      return level === undefined ? 5 : level * factor;
    });
    expect(target.findIndex((value, index) => !Object.is(value, expected[index]))).toBe(-1);
  }
});

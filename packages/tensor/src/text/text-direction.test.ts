import { expect, test } from "vitest";
import { isolateRightToLeft } from "./text-direction.ts";

const [begin, end] = ["\u2067", "\u2069"];

test.for([
  ["cat, 90 %", "cat, 90 %"],
  ["猫 → 😀", "猫 → 😀"],
  ["قطة برية, 90 %", `${begin}قطة برية${end}, 90 %`],
  ["קט → كلب", `${begin}קט${end} → ${begin}كلب${end}`],
  ["שָׁלוֹם cat", `${begin}שָׁלוֹם${end} cat`],
  ["قطة/0001.jpg", `${begin}قطة${end}/0001.jpg`],
])("%s keeps its names apart", ([text = "", expected]) => {
  expect(isolateRightToLeft(text)).toBe(expected);
});

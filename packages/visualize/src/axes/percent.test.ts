import { expect, test } from "vitest";
import { percent } from "./percent.ts";

test.for([
  [0, "0 %"],
  [1, "100 %"],
  [0.9999, "> 99.9 %"],
  [0.0001, "< 0.1 %"],
  [0.042, "4.2 %"],
  [0.05, "5.0 %"],
  [0.0999, "10.0 %"],
  [0.123, "12.3 %"],
  [0.996, "99.6 %"],
  [Number.NaN, "none"],
] as const)("%d is written as %s", ([share, expected]) => {
  expect(percent(share)).toBe(expected);
});

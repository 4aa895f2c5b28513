import { describe, expect, test } from "vitest";
import { convolutionOutputSize, samePadding } from "./convolution.ts";

describe("convolutionOutputSize", () => {
  test.for([
    [7, 3, 1, 0, 5],
    [7, 3, 2, 0, 3],
    [7, 3, 1, 1, 7],
    [32, 5, 1, 0, 28],
  ] as const)("of %d with kernel %d, stride %d, padding %d is %d", ([input, kernel, stride, padding, output]) => {
    expect(convolutionOutputSize(input, kernel, stride, padding)).toBe(output);
  });
});

test("same padding puts the odd zero at the end", () => {
  expect(samePadding(28, 2, 1)).toEqual({ start: 0, end: 1 });
});

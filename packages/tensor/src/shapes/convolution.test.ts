import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidConfigError } from "../errors.ts";
import { type Padding, convolutionOutputSize, dilatedKernelSize, samePadding } from "./convolution.ts";

const axis = fc.record({
  input: fc.integer({ min: 1, max: 60 }),
  kernel: fc.integer({ min: 1, max: 9 }),
  stride: fc.integer({ min: 1, max: 5 }),
  dilation: fc.integer({ min: 1, max: 4 }),
});

describe("convolutionOutputSize", () => {
  test.for([
    [7, 3, 1, 0, 5],
    [7, 3, 2, 0, 3],
    [7, 3, 1, 1, 7],
    [32, 5, 1, 0, 28],
    [32, 5, 1, "valid", 28],
    [28, 3, 1, "valid", 26],
    [26, 2, 2, "valid", 13],
    [3, 2, 1, "same", 3],
    [28, 3, 2, "same", 14],
    [7, 3, 2, "same", 4],
    [2, 3, 1, "valid", 0],
    [0, 3, 1, "same", 0],
  ] as const)("of %d with kernel %d, stride %d, padding %s is %d", ([input, kernel, stride, padding, output]) => {
    expect(convolutionOutputSize(input, kernel, stride, padding)).toBe(output);
  });

  test("counts a dilated kernel at the length it covers", () => {
    expect(dilatedKernelSize(3, 2)).toBe(5);
    expect(convolutionOutputSize(7, 3, 1, "valid", 2)).toBe(3);
  });

  test("is the number of places where the kernel fits, counted one by one", () => {
    fc.assert(
      fc.property(axis, fc.nat({ max: 4 }), ({ input, kernel, stride, dilation }, padding) => {
        let places = 0;
        const lastCovered = (kernel - 1) * dilation;
        for (let start = -padding; start + lastCovered < input + padding; start += stride) places++;
        expect(convolutionOutputSize(input, kernel, stride, padding, dilation)).toBe(places);
      }),
    );
  });

  test.for<[string, number[], (Padding | number)?]>([
    ["input", [-1, 3, 1]],
    ["input", [7.5, 3, 1]],
    ["kernel", [7, 0, 1]],
    ["stride", [7, 3, 0]],
    ["padding", [7, 3, 1], -1],
    ["padding", [7, 3, 1], "full" as Padding],
  ])("refuses a %s as in %j, padding %s", ([option, [input = 0, kernel = 0, stride = 0], padding]) => {
    const compute = () => convolutionOutputSize(input, kernel, stride, padding);
    expect(compute).toThrow(InvalidConfigError);
    expect(compute).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});

describe("samePadding", () => {
  test.for([
    [28, 3, 1, 1, 1],
    [28, 2, 1, 0, 1],
    [7, 3, 2, 1, 1],
    [8, 3, 2, 0, 1],
    [5, 1, 2, 0, 0],
    [3, 2, 1, 0, 1],
    [7, 3, 1, 1, 1],
    // A window shorter than its stride asks for less than nothing.
    [6, 1, 3, 0, 0],
    [9, 2, 4, 0, 1],
  ])("of %d with kernel %d, stride %d is %d before and %d after", ([input, kernel, stride, start, end]) => {
    expect(samePadding(input ?? 0, kernel ?? 0, stride)).toEqual({ start, end });
  });

  test("makes valid convolution of the padded input give ceil(n / s)", () => {
    fc.assert(
      fc.property(axis, ({ input, kernel, stride, dilation }) => {
        const { start, end } = samePadding(input, kernel, stride, dilation);
        const output = convolutionOutputSize(start + input + end, kernel, stride, "valid", dilation);
        expect(output).toBe(Math.ceil(input / stride));
        expect(output).toBe(convolutionOutputSize(input, kernel, stride, "same", dilation));
        expect(end - start).toBeOneOf([0, 1]);
        expect(start).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

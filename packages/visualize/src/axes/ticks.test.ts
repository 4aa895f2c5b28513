import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatNumber, formatValue, linearTicks, logarithmicTicks } from "./ticks.ts";
import { linearScale, logarithmicScale } from "./scale.ts";

const labels = (ticks: readonly { readonly label: string }[]): readonly string[] => ticks.map(({ label }) => label);

describe("marks of axes", () => {
  test.for([
    [0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    [-3, 7, ["-4", "-2", "0", "2", "4", "6", "8"]],
    [0.91, 0.96, ["0.91", "0.92", "0.93", "0.94", "0.95", "0.96"]],
    [0, 23_000, ["0", "5,000", "10,000", "15,000", "20,000", "25,000"]],
    [0, 3e-7, ["0", "1e-7", "2e-7", "3e-7"]],
    [1e9, 1.4e9, ["1.0e9", "1.1e9", "1.2e9", "1.3e9", "1.4e9"]],
  ] as const)("from %d to %d are round", ([low, high, expected]) => {
    expect(labels(linearTicks(low, high, 6))).toEqual(expected);
  });

  test.for([
    [0.01, 100, 5, ["0.01", "0.1", "1", "10", "100"]],
    [1e-6, 1, 7, ["1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1", "1e0"]],
    [1, 20, 5, ["1", "2", "5", "10", "20"]],
    [1e-12, 1, 5, ["1e-12", "1e-9", "1e-6", "1e-3", "1e0"]],
  ] as const)("of a logarithmic axis from %d to %d are powers", ([low, high, most, expected]) => {
    expect(labels(logarithmicTicks(low, high, most))).toEqual(expected);
  });

  test("are few, ascend and enclose any two numbers", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const { ticks, position } = linearScale(Math.min(a, b), Math.max(a, b), 6);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(15);
        for (const value of [a, b]) {
          expect(position(value)).toBeGreaterThanOrEqual(-1e-6);
          expect(position(value)).toBeLessThanOrEqual(1 + 1e-6);
        }
        expect(ticks.every(({ value }, index) => value > (ticks[index - 1]?.value ?? Number.NEGATIVE_INFINITY))).toBe(
          true,
        );
      }),
    );
  });

  test("of a logarithmic axis are at least two, and enclose any two numbers", () => {
    const positive = fc.double({ min: Number.MIN_VALUE, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const { ticks, position } = logarithmicScale(Math.min(a, b), Math.max(a, b), 5);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(15);
        for (const value of [a, b]) {
          expect(position(value)).toBeGreaterThanOrEqual(-1e-6);
          expect(position(value)).toBeLessThanOrEqual(1 + 1e-6);
        }
      }),
    );
  });

  test("numbers by themselves have four digits", () => {
    const shown = [0, 1234, 0.123456, 1e-5, 12_345_678, 0.00012345, Number.NaN, -2.5].map(formatValue);
    expect(shown).toEqual(["0", "1,234", "0.1235", "1e-5", "1.235e7", "0.0001235", "NaN", "-2.5"]);
    expect(formatNumber(-0, 1)).toBe("0");
  });
});

import { expect, test } from "vitest";
import { formatCount, formatDuration, formatMetric } from "./format.ts";

test("counts are grouped by thousands", () => {
  expect(formatCount(1_234_567.8)).toBe("1,234,568");
});

test("durations are written as clocks write them", () => {
  expect([0, 6.6, 754, 3_723, -1].map(formatDuration)).toEqual(["0:00", "0:07", "12:34", "1:02:03", "0:00"]);
});

test("metrics have four decimals, and very small or large ones keep their magnitude", () => {
  expect([0.98765, 0, 0.00012, 123_456].map(formatMetric)).toEqual(["0.9877", "0.0000", "1.200e-4", "1.235e+5"]);
});

import { expect, test } from "vitest";
import { describeReading } from "./describe-reading.ts";

const prediction = (label: string, probability: number) => ({ label, index: 0, probability });

test("names the answer and what comes next", () => {
  expect(describeReading([prediction("7", 0.98), prediction("9", 0.015)])).toEqual({
    headline: "98.0%",
    detail: "Then 9 at 1.5%",
    spoken: "Reads as 7, 98.0%.",
  });
});

test("calls a reading unsure that no class reaches half for", () => {
  expect(describeReading([prediction("4", 0.41), prediction("9", 0.38)])).toEqual({
    headline: "41.0%",
    detail: "Not sure. Then 9 at 38.0%",
    spoken: "Not sure: 4 at 41.0%, or 9 at 38.0%.",
  });
});

test.for([
  ["a second class that is not there", [prediction("cat", 1)]],
  ["one that would be shown as nothing", [prediction("cat", 1), prediction("dog", 0.0004)]],
] as const)("does not name %s", ([, predictions]) => {
  expect(describeReading(predictions)).toMatchObject({
    detail: "Nothing else comes close",
    spoken: "Reads as cat, >99.9%.",
  });
});

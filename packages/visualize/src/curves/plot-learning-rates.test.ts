import { expect, test } from "vitest";
import { elementsOf, readSvg, textsOf } from "../testing/read-svg.ts";
import { plotLearningRates } from "./plot-learning-rates.ts";

const curve = {
  learningRates: [1e-4, 1e-3, 1e-2, 1e-1],
  losses: [1, 0.8, 0.5, 9],
  smoothedLosses: [1, 0.9, 0.7, 3],
  suggestion: 1e-2,
};

test("draws the smoothed losses from left to right, and marks the suggested rate", () => {
  const root = readSvg(plotLearningRates(curve));
  const points = (elementsOf(root, "polyline")[0]?.attributes["points"] ?? "")
    .split(" ")
    .map((point) => point.split(",").map(Number));
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis] ?? Number.NaN));
  const steps = [1, 2, 3].map((index) => (xs?.[index] ?? 0) - (xs?.[index - 1] ?? 0));
  for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? 0, 1);
  expect(ys?.[0]).toBeLessThan(ys?.[2] ?? 0);
  expect(elementsOf(root, "circle")).toHaveLength(4);
  const mark = elementsOf(root, "path").find(({ attributes }) => attributes["stroke-dasharray"] === "4 3");
  expect(mark?.attributes["d"]).toContain(`M${xs?.[2]} `);
  expect(textsOf(root)).toEqual(expect.arrayContaining(["1e-4", "1e-3", "1e-2", "1e-1", "suggested: 0.01"]));
});

test("shows losses from their least on, and the rate as exactly as commands tell it", () => {
  const close = { ...curve, losses: [0.72, 0.71, 0.69, 9], smoothedLosses: [0.72, 0.71, 0.7, 3], suggestion: 0.0107 };
  const texts = textsOf(readSvg(plotLearningRates(close)));
  expect(texts).toContain("suggested: 0.0107");
  const levels = texts.map(Number).filter((value) => value > 0.1);
  expect([Math.min(...levels), Math.max(...levels)]).toEqual([0.69, 0.73]);
});

test("of a sweep that found nothing has no mark, and of none only axes", () => {
  const none = { learningRates: [1e-3], losses: [2], smoothedLosses: [Number.NaN], suggestion: undefined };
  const root = readSvg(plotLearningRates(none));
  expect(textsOf(root).join(" ")).not.toContain("suggested");
  expect(elementsOf(root, "circle")).toHaveLength(1);
  const empty = readSvg(plotLearningRates({ ...none, learningRates: [], losses: [], smoothedLosses: [] }));
  expect(elementsOf(empty, "circle")).toHaveLength(0);
});

test.for([
  ["curve", 3],
  ["curve.losses", { ...curve, losses: [1] }],
  ["curve.losses", { ...curve, losses: "abc" }],
  ["curve.learningRates", { ...curve, learningRates: [1, 2, 3, 3] }],
  ["curve.suggestion", { ...curve, suggestion: -1 }],
])("refuses a wrong %s", ([option, given]) => {
  expect(() => plotLearningRates(given as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});

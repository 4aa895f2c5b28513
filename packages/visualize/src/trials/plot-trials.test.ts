import { expect, test } from "vitest";
import { elementsOf, readSvg, textsOf, tooltipsOf } from "../testing/read-svg.ts";
import { plotTrials } from "./plot-trials.ts";

const trials = [
  { values: { learningRate: 1e-3, model: "small" }, score: 0.6 },
  { values: { learningRate: 1e-2, model: "resnet" }, score: 0.9 },
  { values: { learningRate: 1e-1, model: "small" }, score: 0.7 },
  { values: { learningRate: 1, model: "resnet" }, score: Number.NaN },
  { values: { learningRate: 1e4, model: "resnet" } },
];
const dotsOf = (svg: string, name: string) =>
  elementsOf(readSvg(svg), "circle").filter(({ attributes }) => attributes["class"] === name);

test("draws a dot for each score in the panel of each option, and rings the best", () => {
  const svg = plotTrials(trials, { scoreName: "val_accuracy", title: "photos" });
  const dots = dotsOf(svg, "fm-fill-1");
  expect(dots).toHaveLength(6);
  const xs = dots.slice(0, 3).map(({ attributes }) => Number(attributes["cx"]));
  // Three powers of ten are as far apart on a logarithmic axis.
  expect((xs[2] ?? 0) - (xs[1] ?? 0)).toBeCloseTo((xs[1] ?? 0) - (xs[0] ?? 0), 1);
  expect(Number(dots[1]?.attributes["cy"])).toBeLessThan(Number(dots[0]?.attributes["cy"]));
  const rings = dotsOf(svg, "fm-line-2");
  expect(rings.map(({ attributes }) => attributes["cx"])).toEqual(
    [dots[1], dots[4]].map((dot) => dot?.attributes["cx"]),
  );
  expect(textsOf(readSvg(svg))).toEqual(expect.arrayContaining(["photos", "learningRate", "model", "small", "resnet"]));
  expect(tooltipsOf(readSvg(svg))[1]).toBe("trial 2\nlearningRate: 0.01\nval_accuracy: 0.9");
});

test("rings the lowest where that is the best", () => {
  const svg = plotTrials(trials, { lowerIsBetter: true });
  expect(dotsOf(svg, "fm-line-2")[0]?.attributes["cx"]).toBe(dotsOf(svg, "fm-fill-1")[0]?.attributes["cx"]);
});

test.for([[[]], [[{ values: {} }]], [[{ values: { a: 1 } }]]])("of %j says that there is nothing", ([given]) => {
  expect(textsOf(readSvg(plotTrials(given ?? [])))).toContain("No trial has a score.");
});

test("a single value, and one whose texts are long, have a place", () => {
  const svg = plotTrials([{ values: { epochs: 3, model: "x".repeat(300) }, score: 0.5 }], { width: 300 });
  for (const { attributes } of dotsOf(svg, "fm-fill-1")) {
    expect(Number(attributes["cx"])).toBeGreaterThan(0);
    expect(Number(attributes["cx"])).toBeLessThan(300);
  }
});

test.for([
  ["trials", 3],
  ["trials[0]", [3]],
  ["trials[0].values", [{ score: 1 }]],
  ["trials[0].score", [{ values: {}, score: "1" }]],
  ["trials[0].values.a", [{ values: { a: Number.NaN }, score: 1 }]],
] as const)("refuses a wrong %s", ([option, given]) => {
  expect(() => plotTrials(given as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
});

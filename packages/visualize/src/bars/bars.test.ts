import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementsOf, readSvg, textsOf, tooltipsOf } from "../testing/read-svg.ts";
import { calibrationOf } from "./calibration.ts";
import { plotBars } from "./plot-bars.ts";
import { plotCalibration } from "./plot-calibration.ts";
import { plotHistogram } from "./plot-histogram.ts";

/** Bars with their tooltips. */
function barsOf(svg: string): readonly { readonly told: string; readonly width: number; readonly height: number }[] {
  return elementsOf(readSvg(svg), "rect").flatMap((bar) => {
    const [told] = tooltipsOf(bar);
    return told === undefined
      ? []
      : [{ told, width: Number(bar.attributes["width"]), height: Number(bar.attributes["height"]) }];
  });
}

describe("plotBars", () => {
  test("draws a bar for each name, as long as its number is large", () => {
    const svg = plotBars({ cat: 10, dog: 5, frog: 0 }, { title: "Classes" });
    const bars = barsOf(svg);
    expect(bars.map(({ told }) => told)).toEqual(["cat\n10", "dog\n5", "frog\n0"]);
    expect(bars[0]?.width).toBeCloseTo(2 * (bars[1]?.width ?? 0), 1);
    expect(bars[2]?.width).toBe(0);
    expect(textsOf(readSvg(svg))).toEqual(["Classes", "cat", "10", "dog", "5", "frog", "0"]);
  });

  test("draws splits side by side, with a legend; a class that one lacks is 0 there", () => {
    const root = readSvg(plotBars({ train: { cat: 10, "": 1 }, test: { dog: 3 } }));
    expect(textsOf(root).slice(0, 2)).toEqual(["train", "test"]);
    expect(tooltipsOf(root)).toEqual([
      "cat, train\n10",
      "cat, test\n0",
      "(no name), train\n1",
      "(no name), test\n0",
      "dog, train\n0",
      "dog, test\n3",
    ]);
  });

  test("of a thousand classes draws a profile, and names the largest and the smallest", () => {
    const svg = plotBars(
      Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`class ${index}`, 1000 - index])),
    );
    expect(textsOf(readSvg(svg))).toEqual(
      expect.arrayContaining(["1,000 classes", "most: 1,000, class 0", "fewest: 1, class 999"]),
    );
    expect(svg.length).toBeLessThan(20_000);
  });

  test("says so where there is nothing to count", () => {
    expect(textsOf(readSvg(plotBars({})))).toEqual(["Nothing to count."]);
    expect(textsOf(readSvg(plotBars({ train: {} })))).toEqual(["Nothing to count."]);
  });

  test.for([
    ["counts", [1, 2]],
    ["counts.a", { a: -1 }],
    ["counts.b", { a: 1, b: {} }],
    ["counts.b", { a: {}, b: "x" }],
    ["counts.a.c", { a: { c: Number.POSITIVE_INFINITY } }],
  ])("refuses wrong %s", ([option, counts]) => {
    expect(() => plotBars(counts as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });
});

describe("plotHistogram", () => {
  test("counts values between round numbers", () => {
    const svg = plotHistogram([0.1, 0.15, 0.3, 0.39, 0.35, 0.9], { bins: 5, name: "share" });
    expect(barsOf(svg).map(({ told }) => told)).toEqual(["0.0 to 0.2\n2", "0.2 to 0.4\n3", "0.8 to 1.0\n1"]);
    const [first, second] = barsOf(svg);
    expect((first?.height ?? 0) * 1.5).toBeCloseTo(second?.height ?? 0, 1);
    expect(textsOf(readSvg(svg))).toContain("share");
  });

  test("counts apart what is not finite", () => {
    const svg = plotHistogram(Float32Array.of(1, Number.NaN, Number.NEGATIVE_INFINITY));
    expect(textsOf(readSvg(svg))).toContain("2 of 3 values are not finite");
    expect(barsOf(svg)).toHaveLength(1);
    expect(textsOf(readSvg(plotHistogram([])))).toEqual(["No values."]);
  });

  test("counts every finite value once, whatever it is", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        const counted = barsOf(plotHistogram(values)).reduce(
          (sum, { told }) => sum + Number((told.split("\n")[1] ?? "").replaceAll(",", "")),
          0,
        );
        expect(counted).toBe(values.filter(Number.isFinite).length);
      }),
    );
  });

  test("refuses bins that cannot be", () => {
    expect(() => plotHistogram([1], { bins: 0 })).toThrow(
      "plotHistogram: bins must be an integer from 1 to 1000, received 0.",
    );
  });
});

describe("calibration", () => {
  test("is the gap between confidence and accuracy, bin by bin", () => {
    const { bins, ...all } = calibrationOf([0.9, 0.8, 0.85, 0.3], [true, false, true, true], 2);
    expect(bins).toEqual([
      { from: 0, to: 0.5, count: 1, confidence: 0.3, accuracy: 1 },
      { from: 0.5, to: 1, count: 3, confidence: expect.closeTo(0.85), accuracy: expect.closeTo(2 / 3) },
    ]);
    // (1 * 0.7 + 3 * (0.85 - 2 / 3)) / 4
    expect(all).toEqual({
      count: 4,
      confidence: expect.closeTo(0.7125),
      accuracy: 0.75,
      expectedCalibrationError: expect.closeTo(0.3125),
    });
  });

  test("of bounds counts upwards to the upper one", () => {
    const { bins } = calibrationOf([0, 0.1, 0.5, 1, 1 + 1e-7], [0, 0, 0, 1, 1], 10);
    expect(bins.map(({ count }) => count)).toEqual([2, 0, 0, 0, 1, 0, 0, 0, 0, 2]);
  });

  test("is drawn, with its error in words", () => {
    const root = readSvg(plotCalibration([0.9, 0.8, 0.85, 0.3], [true, false, true, true], { bins: 2 }));
    expect(textsOf(root)).toEqual(
      expect.arrayContaining([
        "expected calibration error 31.3 %",
        "75.0 % right, at a mean confidence of 71.3 %",
        "confidence",
        "predictions",
      ]),
    );
    expect(tooltipsOf(root)).toContain("confidence 50.0 % to 100 %: 85.0 %\nright: 66.7 % of 3");
    expect(textsOf(readSvg(plotCalibration([], [])))).toEqual(["No predictions."]);
  });

  test("has the bars of shares above those of how many there are", () => {
    const many = Array.from({ length: 20_000 }, (_, index) => index / 20_000);
    const root = readSvg(
      plotCalibration(
        many,
        many.map((each) => each > 0.5),
      ),
    );
    const bars = elementsOf(root, "rect").map(({ attributes: { class: name, x, width } }) => [name, x, width]);
    const [shares, counts] = ["fm-fill-1", "fm-fill-6"].map((kind) =>
      bars.filter(([name, , width]) => name === kind && width !== "12").map(([, ...place]) => place),
    );
    expect(shares).toHaveLength(10);
    expect(shares).toEqual(counts);
  });

  test.for([
    ["confidences", ["0.5"], [true]],
    ["confidences[0]", [1.5], [true]],
    ["confidences[1]", [0.5, Number.NaN], [true, true]],
    ["correct", [0.5], []],
    ["correct", [0.5], [0.5]],
  ])("refuses wrong %s", ([option, confidences, correct]) => {
    expect(() => plotCalibration(confidences as never, correct as never)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });
});

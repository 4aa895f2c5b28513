import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementsOf, readSvg, textsOf, tooltipsOf } from "../testing/read-svg.ts";
import { plotCurves } from "./plot-curves.ts";

const history = {
  loss: [1, 0.5, 0.25],
  accuracy: [0.5, 0.7, 0.8],
  val_loss: [1.1, 0.9, 0.8],
  val_accuracy: [0.4, 0.5, 0.6],
};

/** The lines' points, each as [x, y]. */
function linesOf(svg: string): readonly (readonly (readonly number[])[])[] {
  const paths = elementsOf(readSvg(svg), "path").filter(({ attributes }) => attributes["stroke-linejoin"] === "round");
  return paths.flatMap(({ attributes: { d = "" } }) =>
    d
      .split("M")
      .slice(1)
      .map((line) => line.split("L").map((point) => point.split(" ").map(Number))),
  );
}

describe("plotCurves", () => {
  test("draws a panel for each metric, with training and validation in it", () => {
    const svg = plotCurves({ epoch: [0, 1, 2], history }, { title: "A run" });
    const root = readSvg(svg);
    expect(root.attributes).toMatchObject({ role: "img", "aria-label": "A run", width: "640", class: "fm-auto" });
    expect(textsOf(root).filter((text) => !/^[\d.]+$/.test(text))).toEqual([
      "A run",
      "train",
      "validation",
      "loss",
      "epoch",
      "accuracy",
      "epoch",
    ]);
    expect(linesOf(svg).map((line) => line.length)).toEqual([3, 3, 3, 3]);
    expect(tooltipsOf(root)).toContain("accuracy, epoch 3\nvalidation: 0.6");
  });

  test("falls where values fall, and starts and ends with the axis", () => {
    const [line = []] = linesOf(plotCurves({ history: { loss: [4, 2, 1] } }, { width: 400 }));
    const [first = [], second = [], last = []] = line;
    expect(first[1]).toBeLessThan(second[1] ?? 0);
    expect((second[1] ?? 0) - (first[1] ?? 0)).toBeCloseTo(2 * ((last[1] ?? 0) - (second[1] ?? 0)), 1);
    expect((first[0] ?? 0) + (last[0] ?? 0)).toBeCloseTo(2 * (second[0] ?? 0), 1);
  });

  test("of a logarithmic axis, equal ratios are equal steps", () => {
    const svg = plotCurves({ history: { loss: [4, 2, 1], rate: [1, 2, 3] } }, { logarithmic: ["loss"] });
    const [[[, first = 0] = [], [, second = 0] = [], [, last = 0] = []] = []] = linesOf(svg);
    expect(second - first).toBeCloseTo(last - second, 1);
    expect(textsOf(readSvg(svg))).toEqual(expect.arrayContaining(["loss (logarithmic)", "rate"]));
  });

  test("counts epochs from 1, after those that were before", () => {
    const root = readSvg(plotCurves({ epoch: [20], history: { loss: [0.5], val_loss: [0.6] } }));
    expect(tooltipsOf(root)).toEqual(["loss, epoch 21\ntrain: 0.5", "loss, epoch 21\nvalidation: 0.6"]);
    expect(textsOf(root)).toContain("21");
    expect(textsOf(root)).not.toContain("20");
  });

  test("leaves a gap and a cross where a value is not finite, or not above 0 on a logarithmic axis", () => {
    const loss = [1, Number.NaN, 0.5, 0.4, Number.POSITIVE_INFINITY, 0, 0.1];
    const svg = plotCurves({ history: { loss } });
    expect(linesOf(svg).map((line) => line.length)).toEqual([2, 2]);
    expect(elementsOf(readSvg(svg), "circle")).toHaveLength(5);
    expect(tooltipsOf(readSvg(svg))).toEqual(
      expect.arrayContaining(["loss, epoch 2\ntrain: NaN", "loss, epoch 5\ntrain: Infinity"]),
    );
    const logarithmic = plotCurves({ history: { loss } }, { logarithmic: true });
    expect(linesOf(logarithmic).map((line) => line.length)).toEqual([2]);
    expect(elementsOf(readSvg(logarithmic), "circle")).toHaveLength(4);
  });

  test("puts validation at the epochs that it followed", () => {
    const sparse = { loss: [1, 2, 3, 4, 5], val_loss: [1, 2] };
    const tooltips = tooltipsOf(readSvg(plotCurves({ history: sparse }, { validationFreq: 2 })));
    expect(tooltips.filter((text) => text.includes("validation")).map((text) => text.split("\n")[0])).toEqual([
      "loss, epoch 2",
      "loss, epoch 4",
    ]);
    expect(() => plotCurves({ history: sparse })).toThrow(
      'plotCurves: history.val_loss must be 5 values (validationFreq tells plotCurves which epochs), received "2 values".',
    );
    expect(() => plotCurves({ history: sparse }, { validationFreq: [2, 3] })).not.toThrow();
  });

  test("says so where nothing was trained, and where a metric is unknown", () => {
    expect(textsOf(readSvg(plotCurves({ epoch: [], history: {} })))).toEqual(["No epochs were completed."]);
    expect(() => plotCurves({ history }, { metrics: ["acuracy"] })).toThrow(
      'plotCurves: metrics must be among those of the history (loss, accuracy), received "acuracy".',
    );
  });

  test("leaves the cells of a confusion matrix to plotConfusionMatrix, unless they are asked for", () => {
    const cells = { loss: [1], confusion_matrix_0_1: [2], val_confusion_matrix_0_1: [2] };
    const headings = (options: object): readonly string[] =>
      textsOf(readSvg(plotCurves({ history: cells }, options))).filter((text) => /loss|matrix/.test(text));
    expect(headings({})).toEqual(["loss"]);
    expect(headings({ metrics: ["confusion_matrix_0_1"] })).toEqual(["confusion_matrix_0_1"]);
  });

  test("keeps the extremes of ten thousand points, in a small file", () => {
    const loss = Array.from({ length: 10_000 }, (_, index) => Math.sin(index) + (index === 4321 ? 9 : 0));
    const svg = plotCurves({ history: { loss } });
    expect(svg.length).toBeLessThan(50_000);
    const [line = []] = linesOf(svg);
    const heights = line.map(([, y = 0]) => y).toSorted((a, b) => a - b);
    expect(heights[0]).toBeLessThan((heights[1] ?? 0) - 40);
    expect(line.every(([x = 0], index) => x >= (line[index - 1]?.[0] ?? 0))).toBe(true);
  });

  test.for([
    ["history", undefined],
    ["history", { loss: [1], val_loss: [2] }],
    ["history.history", { history: [1] }],
    ["history.loss", { history: { loss: ["1"] } }],
    ["history.loss", { epoch: [0], history: { loss: [1, 2] } }],
    ["history.epoch", { epoch: [1, 1], history: { loss: [1, 2] } }],
  ])("refuses a wrong %s", ([option, given]) => {
    expect(() => plotCurves(given as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test.for([
    ["width", { width: 100 }],
    ["theme", { theme: "blue" }],
    ["title", { title: 7 }],
    ["options", { colour: 1 }],
    ["validationFreq", { validationFreq: 0 }],
    ["logarithmic", { logarithmic: 1 }],
  ])("refuses a wrong option %s", ([option, options]) => {
    expect(() => plotCurves({ history }, options as never)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });

  test("draws any numbers and any names as a sound document within its bounds", () => {
    const numbers = fc.array(fc.double(), { maxLength: 60 });
    const any = fc.record({
      name: fc.string({ unit: "binary" }),
      values: numbers,
      title: fc.string({ unit: "binary" }),
    });
    const settings = fc.record({ logarithmic: fc.boolean(), width: fc.integer({ min: 200, max: 1200 }) });
    fc.assert(
      fc.property(any, settings, ({ name, values, title }, { logarithmic, width }) => {
        const svg = plotCurves({ history: { [name]: values } }, { logarithmic, width, title });
        for (const [x = 0, y = 0] of linesOf(svg).flat()) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(220);
        }
      }),
      {
        numRuns: 300,
        examples: [
          [
            { name: "", values: [5e-324], title: "" },
            { logarithmic: true, width: 200 },
          ],
        ],
      },
    );
  });
});

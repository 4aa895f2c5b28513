import { HostArray } from "@featuremap/tensor";
import { decode } from "fast-png";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementsOf, readSvg, textsOf, tooltipsOf } from "../testing/read-svg.ts";
import { plotConfusionMatrix } from "./plot-confusion-matrix.ts";

const matrix = [
  [8, 1, 1],
  [0, 19, 1],
  [0, 0, 0],
];
const classNames = ["cat", "dog", "frog"];

/** As many classes, all right but the first, of which a quarter is taken for the last. */
function large(classes: number): readonly (readonly number[])[] {
  return Array.from({ length: classes }, (_, row) =>
    Array.from({ length: classes }, (_unused, column) => {
      if (row === 0) return column === 0 ? 3 : Number(column === classes - 1);
      return Number(row === column);
    }),
  );
}

describe("plotConfusionMatrix", () => {
  test("shows names whole that fit, though sums of their widths are not exact", () => {
    for (const names of [
      ["cat", "dog", "ship"],
      ["airplane", "bird"],
      ["a", "b"],
    ]) {
      const counts = names.map(() => names.map(() => 3));
      expect(plotConfusionMatrix(counts, { classNames: names, width: 640 })).not.toContain("\u2026");
    }
  });

  test("draws counts and shares of rows, coloured by the share", () => {
    const root = readSvg(plotConfusionMatrix(matrix, { classNames, title: "Test" }));
    const cells = elementsOf(root, "g").filter(({ attributes }) => "data-row" in attributes);
    expect(cells).toHaveLength(9);
    const found = cells.map((cell) => ({
      place: [Number(cell.attributes["data-row"]), Number(cell.attributes["data-column"])],
      words: textsOf(cell),
      strength: Number(elementsOf(cell, "rect")[0]?.attributes["fill-opacity"]),
    }));
    expect(found[0]).toEqual({ place: [0, 0], words: ["8", "80.0 %"], strength: 0.87 });
    expect(found[5]).toEqual({ place: [1, 2], words: ["1", "5.0 %"], strength: 0.17 });
    expect(found[3]).toEqual({ place: [1, 0], words: [], strength: 0 });
    expect(textsOf(root)).toEqual(
      expect.arrayContaining(["Test", "90.0 % of 30 right", "true", "predicted", ...classNames]),
    );
    expect(tooltipsOf(root)).toEqual(
      expect.arrayContaining([
        "cat, right\n8 of 10, 80.0 %",
        "cat taken for frog\n1 of 10, 10.0 %",
        "frog, right\n0 of 0",
      ]),
    );
  });

  test("takes rows, all counts in one list, and host arrays alike", () => {
    const expected = plotConfusionMatrix(matrix);
    expect(plotConfusionMatrix(matrix.flat())).toBe(expected);
    expect(plotConfusionMatrix(Float64Array.from(matrix.flat()))).toBe(expected);
    expect(plotConfusionMatrix(HostArray.from(matrix))).toBe(expected);
  });

  test.for([200, 320, 640, 1600])("keeps within a width of %d, with 2, 10, 30 and 100 classes", (width) => {
    for (const classes of [2, 10, 30, 100]) {
      const root = readSvg(
        plotConfusionMatrix(large(classes), {
          width,
          classNames: large(classes).map((_, index) => `a class ${index}`),
        }),
      );
      for (const { attributes } of [...elementsOf(root, "rect"), ...elementsOf(root, "image")]) {
        expect(Number(attributes["x"] ?? 0) + Number(attributes["width"])).toBeLessThanOrEqual(width);
      }
      const sizes = elementsOf(root, "text").map(({ attributes }) => Number(attributes["font-size"] ?? 12));
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(8);
    }
  });

  test("of a thousand classes is one picture that loses no cell, and a list of what is confused", () => {
    const svg = plotConfusionMatrix(large(1000));
    expect(svg.length).toBeLessThan(60_000);
    const root = readSvg(svg);
    expect(elementsOf(root, "g").filter(({ attributes }) => "data-row" in attributes)).toEqual([]);
    const href = elementsOf(root, "image")[0]?.attributes["href"] ?? "";
    const { data, width, height } = decode(Buffer.from(href.split(",")[1] ?? "", "base64"));
    expect([width, height]).toEqual([500, 500]);
    const opacity = (row: number, column: number): number => data[(row * 500 + column) * 4 + 3] ?? 0;
    expect(opacity(250, 250)).toBe(255);
    expect(opacity(0, 499)).toBe(Math.ceil(255 * 0.25 ** 0.6));
    expect(opacity(3, 200)).toBe(0);
    const texts = textsOf(root);
    expect(texts.slice(-3)).toEqual(["Most often confused", "0 \u2192 999", "1 of 4, 25.0 %"]);
    expect(texts.length).toBeLessThan(150);
  });

  test("of names that nobody can fit are cut, and whole in the tooltip", () => {
    const names = ["<&>".repeat(70), "قطة", "\u0000"];
    const root = readSvg(plotConfusionMatrix(matrix, { classNames: names }));
    expect(textsOf(root).filter((text) => /^<&>.*\u2026.*<&>$/.test(text))).toHaveLength(2);
    expect(tooltipsOf(root)).toContain(names[0]);
    expect(textsOf(root)).toEqual(expect.arrayContaining(["\u2067قطة\u2069", "\\u0000"]));
  });

  test("lists as many pairs as are asked for", () => {
    const listOf = (mostConfused: number): readonly string[] =>
      textsOf(readSvg(plotConfusionMatrix(matrix, { classNames, mostConfused }))).filter((text) =>
        text.includes("\u2192"),
      );
    expect([0, 1, 5].map(listOf)).toEqual([
      [],
      ["cat \u2192 dog"],
      ["cat \u2192 dog", "cat \u2192 frog", "dog \u2192 frog"],
    ]);
    expect(() => plotConfusionMatrix(matrix, { mostConfused: -1 })).toThrow(
      "plotConfusionMatrix: mostConfused must be an integer from 0 to 1000, received -1.",
    );
  });

  test.for([
    ["matrix[0]", [[1, 2]]],
    ["matrix[1]", [[1, 2], [3]]],
    ["matrix", [1, 2, 3]],
    ["matrix", []],
    [
      "matrix[0][1]",
      [
        [1, -1],
        [0, 1],
      ],
    ],
    [
      "matrix[1][1]",
      [
        [1, 1],
        [0, Number.NaN],
      ],
    ],
    ["matrix[0]", [["1"]]],
    ["matrix", "1234"],
  ] as const)("refuses a wrong %s, %j", ([option, given]) => {
    expect(() => plotConfusionMatrix(given as never)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option }),
    );
  });

  test("refuses names that are not one for each class", () => {
    expect(() => plotConfusionMatrix(matrix, { classNames: ["a"] })).toThrow(
      'plotConfusionMatrix: classNames must be 3, one for each row, received "1".',
    );
    expect(() => plotConfusionMatrix(HostArray.from([[1, 2]]))).toThrow("(classes, classes), received (1, 2)");
  });

  test("is sound for any counts and names", () => {
    const square = fc
      .integer({ min: 1, max: 6 })
      .chain((side) =>
        fc.tuple(
          fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: side ** 2, maxLength: side ** 2 }),
          fc.array(fc.string({ unit: "binary" }), { minLength: side, maxLength: side }),
        ),
      );
    fc.assert(
      fc.property(square, fc.integer({ min: 200, max: 900 }), ([counts, names], width) => {
        expect(elementsOf(readSvg(plotConfusionMatrix(counts, { classNames: names, width })), "svg")).toHaveLength(1);
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { elementsOf, readSvg, textsOf, tooltipsOf } from "../testing/read-svg.ts";
import { healthExamples, plotHealth } from "./plot-health.ts";
import type { HealthFindings, HealthReference } from "./read-health.ts";

const picture = (index: number, split = "train"): HealthReference => ({
  index,
  path: `photos/cat/${index}.jpg`,
  label: "cat",
  split,
});
const found = (index: number, value: number): HealthReference & { readonly value: number } => ({
  ...picture(index),
  value,
});
const nothing: HealthFindings = {
  size: 40,
  counts: { train: { cat: 30 }, test: { cat: 10 } },
  exactDuplicates: [],
  nearDuplicates: [],
  leaks: [],
  conflicts: [],
  blurred: [],
  dark: [],
  bright: [],
  lowInformation: [],
  oddSizes: [],
  oddAspectRatios: [],
  grey: [],
  unreadable: [],
  labelSuspects: [],
};
const health = {
  ...nothing,
  exactDuplicates: [[picture(1), picture(2)]],
  nearDuplicates: [
    [picture(1), picture(2)],
    [picture(3), picture(4, "test")],
    [5, 6, 7, 8, 9].map((index) => picture(index)),
  ],
  leaks: [[picture(3), picture(4, "test")]],
  dark: [found(10, 0.123456), found(11, 0.1), found(12, 0.2)],
  unreadable: [{ ...picture(13), reason: "it ends too early" }],
  labelSuspects: [{ ...picture(14), suggested: 1, margin: -0.8 }],
};
const pixels = { data: new Uint8Array(12).fill(7), width: 2, height: 2 };

describe("plotHealth", () => {
  test("draws counts, findings and examples, duplicates side by side and each group once", () => {
    const pictures = new Map([1, 2, 3, 4, 10].map((index) => [index, pixels]));
    const root = readSvg(plotHealth(health, pictures, { title: "Photos", classNames: ["cat", "dog"] }));
    const places = elementsOf(root, "g").flatMap(({ attributes }) => attributes["data-index"] ?? []);
    expect(places).toEqual(["3", "4", "1", "2", "5", "6", "7", "8", "14", "10", "11", "12"]);
    expect(elementsOf(root, "image")).toHaveLength(5);
    const texts = textsOf(root);
    expect(texts).toEqual(
      expect.arrayContaining([
        "Photos",
        "40 pictures were read",
        "Groups in several splits",
        "4.jpg",
        "cat, test",
        "and 1 more",
      ]),
    );
    expect(texts).toEqual(expect.arrayContaining(["perhaps dog", "0.1235", "13.jpg", "it ends too early"]));
    expect(texts[texts.indexOf("groups of near duplicates") - 1]).toBe("3");
    expect(tooltipsOf(root)).toContain("photos/cat/10.jpg\ncat, train\n0.1235");
  });

  test("names the pictures that it shows, and how many it leaves out", () => {
    expect(healthExamples(health)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 14]);
    expect(healthExamples(health, 1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 14]);
    expect(healthExamples(health, 0)).toEqual([]);
    expect(textsOf(readSvg(plotHealth(health, new Map(), { examples: 1 })))).toContain("Dark, and 2 more");
  });

  test("of a sound data set shows its counts, and no examples", () => {
    const root = readSvg(plotHealth(nothing));
    expect(elementsOf(root, "image")).toEqual([]);
    expect(textsOf(root).filter((text) => text === "0")).toHaveLength(13);
  });

  test("takes names from anywhere", () => {
    const odd = { ...picture(1), path: `a/${"<x>".repeat(99)}/\u0000&.jpg`, label: "\"'" };
    const root = readSvg(plotHealth({ ...nothing, grey: [odd, { ...odd, label: null, path: "" }] }));
    expect(textsOf(root)).toEqual(expect.arrayContaining(["\\u0000&.jpg", "\"', train"]));
  });

  test.for([
    ["health", undefined],
    ["health.dark", { ...nothing, dark: undefined }],
    ["health.dark[0]", { ...nothing, dark: [{ index: 1 }] }],
    ["health.leaks[0]", { ...nothing, leaks: [7] }],
    ["health.leaks[0][0]", { ...nothing, leaks: [[7]] }],
    ["health.size", { ...nothing, size: "many" }],
    ["health.counts.test", { ...nothing, counts: { train: 7, test: {} } }],
  ])("refuses a wrong %s", ([option, given]) => {
    expect(() => plotHealth(given as never)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }));
  });

  test("refuses pictures that are not a map of pictures", () => {
    expect(() => plotHealth(health, [pixels] as never)).toThrow(expect.objectContaining({ option: "pictures" }));
    expect(() => plotHealth(health, new Map([[10, {}]]) as never)).toThrow(
      expect.objectContaining({ option: "data of picture 10" }),
    );
    expect(() => plotHealth(health, new Map(), { examples: -1 })).toThrow(
      expect.objectContaining({ option: "examples" }),
    );
  });
});

import { FormatError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { answerTexts, formatOfFile } from "./answer-format.ts";

const odd = 'a,b "q"\nc.png';
const image = (name: string, truth?: string) => ({
  image: name,
  label: "cat",
  probability: 0.9,
  predictions: [
    { label: "cat", probability: 0.9, index: 0 },
    { label: 'dog, "big"', probability: 1.23456789e-7, index: 1 },
  ],
  ...(truth === undefined ? {} : { truth }),
});

describe("answers as CSV", () => {
  test("begin with names of columns, once, and quote what RFC 4180 says", () => {
    const texts = answerTexts("csv", false);
    expect(texts.image(image("=cmd.png"))).toBe(
      'image,label,probability,label_2,probability_2\n=cmd.png,cat,0.9,"dog, ""big""",1.23457e-7\n',
    );
    expect(texts.image(image(odd))).toBe('"a,b ""q""\nc.png",cat,0.9,"dog, ""big""",1.23457e-7\n');
    expect(texts.image(image(" a\r.png"))).toMatch(/^" a\r\.png",cat/);
    expect(texts.failure({ image: "a", error: new FormatError("a", "b", "c", "d") })).toBe("");
    expect(texts.end()).toBe("");
  });

  test("have the right label where it is known, and names of columns also where there is no answer", () => {
    expect(answerTexts("csv", true).image(image("a", "dog")).split("\n")[0]).toMatch(/,truth$/);
    expect(answerTexts("csv", true).image(image("a", "dog"))).toMatch(/,dog\n$/);
    expect(answerTexts("csv", false).end()).toBe("image,label,probability\n");
  });
});

test("answers for people and in JSON are one line each, whatever the names", () => {
  const table = answerTexts("table", false);
  expect(table.image(image(odd))).toBe(String.raw`a,b "q"\nc.png: cat 90.0%, dog, "big" 0.0%` + "\n");
  expect(table.image(image("\u001B[2J.png"))).not.toContain("\u001B");
  const lines = answerTexts("jsonl", false);
  expect(JSON.parse(lines.image(image(odd)))).toEqual({ event: "image", ...image(odd) });
  const error = new FormatError(odd, "the file", "an image", "text");
  expect(JSON.parse(lines.failure({ image: odd, error }))).toEqual({
    event: "error",
    image: odd,
    error: { code: "INVALID_FORMAT", message: error.message },
  });
});

test.for([
  ["a.csv", "csv"],
  ["a.CSV", "csv"],
  ["b/answers.jsonl", "jsonl"],
  ["answers.txt", "table"],
  ["csv", "table"],
] as const)("the ending of %s tells %s", ([path, format]) => {
  expect(formatOfFile(path)).toBe(format);
});

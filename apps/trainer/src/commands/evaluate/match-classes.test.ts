import { expect, test } from "vitest";
import { type ClassesToMatch, matchClasses } from "./match-classes.ts";

const model = ["bird", "cat", "dog"];

function match(classNames: readonly string[], given: Partial<ClassesToMatch> = {}) {
  const labels = Int32Array.from(classNames.keys());
  return matchClasses({ classNames, labels, modelLabels: model, data: "./photos", model: "runs/a-1", ...given });
}

test("classes are the model's by their names, whatever their order and however few", () => {
  expect(match(["bird", "cat", "dog"]).indices).toEqual([0, 1, 2]);
  expect(match(["dog", "bird"]).indices).toEqual([2, 0]);
  expect(match(["dog"])).toEqual({ indices: [2], classNames: model });
});

test("a class without pictures counts for nothing", () => {
  expect(match(["cat", "notes"], { labels: Int32Array.of(0, 0) }).indices).toEqual([1, -1]);
});

test("a name that the model does not know is told with all names and what was probably meant", () => {
  expect(() => match(["brid", "cat", "zebra"])).toThrow(
    "./photos has classes that runs/a-1 does not know: brid (did you mean bird?), zebra; the data have brid, cat, zebra, " +
      "and the model knows bird, cat, dog. Give the data the model's names.",
  );
  const many = Array.from({ length: 30 }, (_, index) => `class ${index}`);
  expect(() => match(["a", "b"], { modelLabels: many })).toThrow("class 19 ... (30)");
});

test("a model without names has the data's in their order, and that is said", () => {
  const numbers = ["0", "1", "2"];
  const matched = match(["ant", "bee", "fly"], { modelLabels: numbers });
  expect(matched).toMatchObject({ indices: [0, 1, 2], classNames: ["ant", "bee", "fly"] });
  expect(matched.note).toBe(
    "runs/a-1 was saved without names of its classes: its labels are 0 to 2, taken in the order of the data's: " +
      "0 for ant, 1 for bee, 2 for fly.",
  );
  expect(match(["2", "0"], { modelLabels: numbers }).indices).toEqual([2, 0]);
  expect(() => match(["ant", "bee"], { modelLabels: numbers })).toThrow(
    "its labels are 0 to 2, and ./photos has 2 classes: ant, bee. Save the model with labels",
  );
});

test("labels that two classes share are refused, unless all are given in order", () => {
  const doubled = ["crane", "dog", "crane"];
  expect(match(doubled, { modelLabels: doubled }).indices).toEqual([0, 1, 2]);
  expect(match(["dog"], { modelLabels: doubled }).indices).toEqual([1]);
  expect(() => match(["crane", "dog"], { modelLabels: doubled })).toThrow("has two classes named crane");
});

test("data without labels are refused", () => {
  expect(() => match([])).toThrow("./photos has no labels. Give pictures in a folder for each class");
});

import { HostArray } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { CategoricalCrossentropy, SparseCategoricalCrossentropy } from "../index.ts";
import { balancedClassWeight } from "./balanced-class-weight.ts";

const labels = [0, 2, 0, 0, 2, 5];
const column = new HostArray(Int32Array.from(labels), [6, 1]);
const rows = new HostArray(
  Float32Array.from(labels.flatMap((label) => [0, 1, 2, 3, 4, 5].map((at) => (at === label ? 1 : 0)))),
  [6, 6],
);

test.for([
  ["a list", labels],
  ["a typed array", Int32Array.from(labels)],
  ["an array", new HostArray(Int32Array.from(labels), [6])],
  ["a column", column],
  ["one-hot rows", rows],
] as const)("classes of %s count alike, by scikit-learn's formula", ([, given]) => {
  // 6 examples of 3 classes: 6 / (3 * 3), 6 / (3 * 2), 6 / (3 * 1).
  const weights = balancedClassWeight(given, 6);
  expect(weights).toEqual({ 0: 2 / 3, 2: 1, 5: 2 });
  const sum = labels.reduce((total, label) => total + (weights[label] ?? 0), 0);
  expect(sum / labels.length).toBeCloseTo(1, 12);
  expect(balancedClassWeight(given)).toEqual(weights);
});

test.for([
  ["labels[1]", [0, -1], undefined],
  ["labels[2]", [0, 1, 1.5], undefined],
  ["labels[1]", [0, 3], 3],
  ["labels[1, 0]", new HostArray(Int32Array.of(0, 7), [2, 1]), 3],
  ["labels", [], undefined],
  ["labels", "cats", undefined],
  ["classCount", [0, 1], 0],
] as const)("a wrong %s is refused by name", ([option, given, classCount]) => {
  const weigh = (): unknown => Reflect.apply(balancedClassWeight, undefined, [given, classCount]);
  expect(weigh).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error);
});

test("rows of other classes, and labels of pixels, are refused", () => {
  expect(() => balancedClassWeight(rows, 3)).toThrow("labels must be (examples) or (examples, 3), received (6, 6)");
  const pixels = new HostArray(new Int32Array(8), [2, 2, 2]);
  expect(() => balancedClassWeight(pixels)).toThrow("labels must be (examples) or (examples, classes)");
});

test("smoothing of class indices is refused with what to do instead; of one-hot rows it is Keras's", () => {
  const make = (): unknown => Reflect.construct(SparseCategoricalCrossentropy, [{ labelSmoothing: 0.1 }]);
  expect(make).toThrow(
    'SparseCategoricalCrossentropy: labelSmoothing must be left out (CategoricalCrossentropy smooths labels, and takes one-hot rows: labelMode: "categorical"',
  );
  expect(new CategoricalCrossentropy({ labelSmoothing: 0.1 }).labelSmoothing).toBe(0.1);
});

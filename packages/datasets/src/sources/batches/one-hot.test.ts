import { HostArray, InvalidConfigError, ShapeError } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { oneHot } from "./one-hot.ts";

test("every label becomes a row with one 1", () => {
  const rows = oneHot([2, 0], 3);
  expect(rows.dtype).toBe("float32");
  expect(rows.toNested()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
});

test("a dataset's labels can be given as they are", () => {
  expect(oneHot(new HostArray(Int32Array.from([1]), [1]), 2).toNested()).toEqual([[0, 1]]);
});

test("no labels give no rows", () => {
  expect(oneHot([], 3).shape).toEqual([0, 3]);
});

test.for([-1, 3, 0.5, Number.NaN])("refuses label %d of 3 classes, and says where it stands", (label) => {
  expect(() => oneHot([0, label], 3)).toThrow(InvalidConfigError);
  expect(() => oneHot([0, label], 3)).toThrow("labels[1] must be an integer in [0, 3)");
});

test.for([0, -1, 2.5])("refuses %d classes", (classCount) => {
  expect(() => oneHot([], classCount)).toThrow(expect.objectContaining({ option: "classCount" }) as Error);
});

test("refuses a matrix of labels", () => {
  expect(() => oneHot(new HostArray(new Int32Array(4), [2, 2]), 3)).toThrow(ShapeError);
});

import { describe, expect, test } from "vitest";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Permute } from "./permute.ts";
import { RepeatVector } from "./repeat-vector.ts";
import { Reshape } from "./reshape.ts";

useBackend(registerGradients);

const shapeMismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });

describe("Reshape", () => {
  checkLayerContract(() => new Reshape({ targetShape: [-1, 2] }), { inputShape: [2, 3, 4] });

  test("takes just a shape, which may be empty", () => {
    expect(new Reshape([2, -1]).outputShape([null, 4, 3])).toEqual([null, 2, 6]);
    expect(new Reshape([]).outputShape([null, 1])).toEqual([null]);
  });

  test("leaves open what an open input leaves open", () => {
    expect(new Reshape([2, -1]).outputShape([null, null, 4])).toEqual([null, 2, null]);
    expect(new Reshape([2, 6]).outputShape([null, null, 4])).toEqual([null, 2, 6]);
  });

  test.for([
    ["another number of elements", [2, 3], [null, 4]],
    ["elements that do not divide", [3, -1], [null, 4]],
    ["no batch axis", [1], []],
  ] as const)("rejects inputs of %s", ([, target, input]) => {
    expect(() => new Reshape(target).outputShape(input)).toThrow(shapeMismatch);
  });

  test.for([[[-1, -1]], [[-2]], [[1.5]], [undefined], ["2"]])("rejects target shape %j", ([targetShape]) => {
    expect(() => new Reshape({ targetShape: targetShape as number[] })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "targetShape" }),
    );
  });
});

describe("Permute", () => {
  checkLayerContract(() => new Permute([3, 1, 2]), { inputShape: [2, 3, 4, 2] });

  test("rejects inputs of another rank", () => {
    expect(() => new Permute([2, 1]).outputShape([null, 4])).toThrow(shapeMismatch);
  });

  test.for([[[0, 1]], [[1, 3]], [[1, 1]], [undefined]])("rejects dims %j", ([dims]) => {
    expect(() => new Permute({ dims: dims as number[] })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "dims" }),
    );
  });
});

describe("RepeatVector", () => {
  checkLayerContract(() => new RepeatVector(3), { inputShape: [2, 4] });

  test("rejects inputs that are not vectors", () => {
    expect(() => new RepeatVector(3).outputShape([null, 4, 2])).toThrow(shapeMismatch);
  });

  test.for([0, 1.5, Number.NaN])("rejects n = %s", (n) => {
    expect(() => new RepeatVector({ n })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option: "n" }));
  });
});

test("layers that take just a list refuse options that they do not have", () => {
  const invalid: unknown = expect.objectContaining({ code: "INVALID_CONFIG", option: "options" });
  expect(() => Reflect.construct(Reshape, [{ targetShape: [1], target_shape: [1] }])).toThrow(invalid);
  expect(() => Reflect.construct(Permute, [{ dims: [1], dim: 1 }])).toThrow(invalid);
});

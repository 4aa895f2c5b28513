import { describe, expect, test } from "vitest";
import type { Layer } from "../../layer/layer.ts";
import { checkLayerContract } from "../../testing/check-layer-contract.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";
import { Concatenate } from "./concatenate.ts";
import { Dot } from "./dot.ts";
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from "./elementwise-merging.ts";
import { Input } from "../../model/input-layer.ts";

useBackend(registerGradients);

const shapeMismatch: unknown = expect.objectContaining({ code: "SHAPE_MISMATCH" });

describe.for<[string, () => Layer, number]>([
  ["Add", () => new Add(), 3],
  ["Subtract", () => new Subtract(), 2],
  ["Multiply", () => new Multiply(), 3],
  ["Average", () => new Average(), 3],
  ["Maximum", () => new Maximum(), 3],
  ["Minimum", () => new Minimum(), 3],
])("%s", ([, make, count]) => {
  const inputShapes = [
    [2, 3, 4],
    [2, 1, 4],
    [2, 4],
  ].slice(0, count);
  checkLayerContract(make, { inputShapes });

  test.for([
    [
      "lengths that differ",
      [
        [null, 3],
        [null, 2],
      ],
    ],
    [
      "batches that differ",
      [
        [2, 3],
        [4, 3],
      ],
    ],
    ["no inputs", []],
  ] as const)("rejects %s", ([, shapes]) => {
    expect(() => make().inferShapes(shapes)).toThrow(shapeMismatch);
  });

  test("takes the known batch size, and leaves lengths open that one input leaves open", () => {
    const shapes = [
      [null, 3, 2],
      [5, null, 2],
    ];
    expect(make().inferShapes(shapes)).toEqual([[5, null, 2]]);
  });
});

test("Subtract takes two inputs", () => {
  const [a, b, c] = [Input({ shape: [2] }), Input({ shape: [2] }), Input({ shape: [2] })];
  expect(() => new Subtract().apply([a, b, c])).toThrow(shapeMismatch);
  expect(() => new Subtract().apply(a)).toThrow(shapeMismatch);
});

describe("Concatenate", () => {
  checkLayerContract(() => new Concatenate({ axis: 1 }), {
    inputShapes: [
      [2, 3, 4],
      [2, 1, 4],
      [2, 2, 4],
    ],
  });

  test("leaves a length open that one input leaves open", () => {
    const shapes = [
      [null, 3],
      [null, null],
    ];
    expect(new Concatenate().inferShapes(shapes)).toEqual([[null, null]]);
  });

  test.for([
    [
      "another length",
      [
        [null, 3, 2],
        [null, 2, 2],
      ],
    ],
    [
      "another rank",
      [
        [null, 2],
        [null, 2, 2],
      ],
    ],
    ["no inputs", []],
  ] as const)("rejects inputs of %s", ([, shapes]) => {
    expect(() => new Concatenate().inferShapes(shapes)).toThrow(shapeMismatch);
  });

  test("rejects an axis that is not an integer, or that inputs do not have", () => {
    expect(() => new Concatenate({ axis: 0.5 })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "axis" }),
    );
    expect(() => new Concatenate({ axis: 2 }).inferShapes([[null, 3]])).toThrow(shapeMismatch);
  });
});

describe("Dot", () => {
  checkLayerContract(() => new Dot({ axes: [2, 1], normalize: true }), {
    inputShapes: [
      [2, 2, 3],
      [2, 3, 2],
    ],
  });

  test.for([0, 1.5, [1], [0, 1], [1, 2, 3]])("rejects axes %j", (axes) => {
    expect(() => new Dot({ axes: axes as number })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "axes" }),
    );
  });

  test.for([
    ["one input", [[null, 3]]],
    [
      "axes of different lengths",
      [
        [null, 3],
        [null, 2],
      ],
    ],
    ["too few axes", [[null], [null]]],
    [
      "batches that differ",
      [
        [2, 3],
        [4, 3],
      ],
    ],
  ] as const)("rejects %s", ([, shapes]) => {
    expect(() => new Dot({ axes: 1 }).inferShapes(shapes)).toThrow(shapeMismatch);
  });
});

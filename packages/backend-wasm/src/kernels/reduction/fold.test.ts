import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, test } from "vitest";
import { draw, expectSameOnBoth, tensor } from "../../testing/on-both.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(47);

useWasmBackend();

const cases: readonly (readonly [number[], number[]])[] = [
  [[7], [0]],
  [[20_000], [0]],
  [[5, 33], [1]],
  [[5, 33], [0]],
  [
    [2, 3, 4, 5],
    [1, 2],
  ],
  [
    [2, 3, 4, 5],
    [0, 2],
  ],
  [
    [2, 3, 4, 5],
    [3, -4],
  ],
  [
    [2, 3, 4, 5],
    [0, 1, 2, 3],
  ],
  [[2, 3], []],
  [[3, 0], [1]],
  [[], []],
];

describe.for([
  { name: "All", dtype: "bool" },
  { name: "Any", dtype: "bool" },
  { name: "Prod", dtype: "float32" },
  { name: "Prod", dtype: "int32" },
] as const)("$name of $dtype", ({ name, dtype }) => {
  test("agrees with the CPU backend over any axes", async () => {
    for (const [shape, axis] of cases) {
      const x = draw(shape, dtype, random);
      for (const keepDims of [false, true]) {
        await expectSameOnBoth(() => tf.engine().runKernel<tf.Tensor>(name, { x: tensor(x) }, { axis, keepDims }));
      }
    }
  });
});

test("all and any find a single value that differs", async () => {
  for (const at of [0, 15, 16, 40, 69]) {
    for (const value of [0, 1]) {
      const values = Array.from({ length: 70 }, (_, index) => (index === at ? 1 - value : value));
      for (const shape of [
        [70, 1],
        [1, 70],
        [10, 7],
        [2, 35],
      ]) {
        await expectSameOnBoth(() => {
          const x = tf.tensor(values, shape, "bool");
          return [tf.all(x, 1), tf.any(x, 1), tf.all(x, 0), tf.any(x, 0)];
        });
      }
    }
  }
});

test("a sum of many tensors agrees with the CPU backend", async () => {
  for (const dtype of ["float32", "int32"] as const) {
    for (const [count, shape] of [
      [1, [5]],
      [2, [40_003]],
      [5, [3, 7]],
      [3, []],
      [2, [0]],
    ] as const) {
      const tensors = Array.from({ length: count }, () => draw(shape, dtype, random));
      await expectSameOnBoth(() => tf.addN(tensors.map(tensor)));
    }
  }
});

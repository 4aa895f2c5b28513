import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, test } from "vitest";
import { draw, expectSameOnBoth, tensor } from "../../testing/on-both.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(44);

useWasmBackend();

const shapes: readonly (readonly [number[], number[]])[] = [
  [[40_001], [40_001]],
  [[3, 5], []],
  [[], [3, 5]],
  [[4, 6, 10], [10]],
  [
    [4, 6, 10],
    [6, 1],
  ],
  [
    [4, 1, 10],
    [6, 10],
  ],
  [[1], [70]],
  [
    [2, 3, 4, 5],
    [2, 1, 4, 1],
  ],
  [
    [2, 3, 1, 35],
    [1, 3, 2, 1],
  ],
  [
    [0, 3],
    [1, 3],
  ],
  [
    [300, 100],
    [300, 1],
  ],
];
const comparisons = ["Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"];

function run(name: string, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(name, { a, b });
}

describe.for(comparisons)("%s", (name) => {
  test.for(["float32", "int32", "bool"] as const)("broadcasts over %s as the CPU backend does", async (dtype) => {
    for (const [first, second] of shapes) {
      const [a, b] = [draw(first, dtype, random), draw(second, dtype, random)];
      await expectSameOnBoth(() => run(name, tensor(a), tensor(b)));
    }
  });

  test("compares NaN, infinities and zeros as the CPU backend does", async () => {
    const values = [Number.NaN, Infinity, -Infinity, 0, -0, 1];
    await expectSameOnBoth(() => run(name, tf.tensor2d(values, [6, 1]), tf.tensor1d(values)));
    const integers = [-2_147_483_648, 2_147_483_647, 0, -1, 1];
    await expectSameOnBoth(() => run(name, tf.tensor2d(integers, [5, 1], "int32"), tf.tensor1d(integers, "int32")));
  });
});

test.for(["LogicalAnd", "LogicalOr"])("%s broadcasts as the CPU backend does", async (name) => {
  for (const [first, second] of shapes) {
    const [a, b] = [draw(first, "bool", random), draw(second, "bool", random)];
    await expectSameOnBoth(() => run(name, tensor(a), tensor(b)));
  }
});

test("LogicalNot agrees with the CPU backend", async () => {
  for (const shape of [[], [7], [33], [0, 2], [40_003]]) {
    const x = draw(shape, "bool", random);
    await expectSameOnBoth(() => tf.logicalNot(tensor(x)));
  }
});

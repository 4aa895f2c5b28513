import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, test } from "vitest";
import { draw, expectSameOnBoth, tensor } from "../../testing/on-both.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(46);

useWasmBackend();

const specials = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1];

describe.for(["ArgMax", "ArgMin"])("%s", (name) => {
  const run = (x: tf.Tensor, axis: number): tf.Tensor => tf.engine().runKernel<tf.Tensor>(name, { x }, { axis });

  test.for(["float32", "int32", "bool"] as const)("agrees with the CPU backend along any axis of %s", async (dtype) => {
    for (const shape of [[1], [7], [16], [20_003], [64, 10], [5, 100], [3, 4, 5], [2, 3, 1, 6], [9, 33], [3000, 18]]) {
      const x = draw(shape, dtype, random);
      for (const axis of [...shape.keys(), -1]) await expectSameOnBoth(() => run(tensor(x), axis));
    }
  });

  test("passes over NaN unless it comes first, and takes the first of equals", async () => {
    for (let round = 0; round < 60; round++) {
      const shape = [2, 1 + Math.floor(random.uniform() * 40)];
      const values = Array.from(
        { length: tf.util.sizeFromShape(shape) },
        () => specials[Math.floor(random.uniform() * 7)] ?? 0,
      );
      for (const axis of [0, 1]) await expectSameOnBoth(() => run(tf.tensor(values, shape), axis));
    }
  });
});

import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registerWasmBackend } from "../../index.ts";
import { draw, expectSameOnBoth, tensor } from "../../testing/on-both.ts";

const random = new RandomStream(43);
const dtypes = ["float32", "int32", "bool"] as const;
let numTensors = 0;

beforeAll(async () => {
  await registerWasmBackend({ threads: 2 });
  await tf.setBackend("featuremap-wasm");
  numTensors = tf.memory().numTensors;
});

afterAll(() => {
  expect(tf.memory().numTensors).toBe(numTensors);
  tf.removeBackend("featuremap-wasm");
});

test.for(dtypes.flatMap((from) => dtypes.map((to) => [from, to] as const)))(
  "from %s to %s agrees with the CPU backend",
  async ([from, to]) => {
    for (const shape of [[], [1], [7], [0, 2], [40_003]]) {
      const x = draw(shape, from, random);
      await expectSameOnBoth(() => tf.cast(tensor(x), to));
    }
  },
);

test("numbers outside int32 wrap, and NaN and infinities become 0", async () => {
  const large = [2 ** 31, -(2 ** 31), 3e9, -3e9, 2 ** 40 + 2 ** 20, 2 ** 63, -(2 ** 63), 2 ** 62, 1e30];
  const values = [...large, Infinity, -Infinity, NaN, -0, 0.9, -0.9, 2.5, -2.5, 1e-40, 2 ** 31 - 128];
  await expectSameOnBoth(() => tf.cast(tf.tensor1d(values), "int32"));
  await expectSameOnBoth(() => tf.cast(tf.tensor1d(values), "bool"));
});

test("integers beyond 2^24 round to the nearest float", async () => {
  await tf.setBackend("featuremap-wasm");
  const values = [16_777_217, 16_777_219, -16_777_217, 2_147_483_647, -2_147_483_648];
  const cast = tf.tidy(() => tf.cast(tf.tensor1d(values, "int32"), "float32"));
  // The CPU backend keeps the integers as they are, in a tensor that is float32 by name only.
  expect(await cast.data()).toEqual(Float32Array.from(values));
  cast.dispose();
});

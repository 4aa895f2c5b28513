import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { draw, expectSameOnBoth, tensor } from "../../testing/on-both.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(43);
const dtypes = ["float32", "int32", "bool"] as const;

useWasmBackend();

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

test.for([
  ["bool", "float32"],
  ["bool", "int32"],
  ["int32", "float32"],
] as const)("from %s to %s gives values that every kernel reads rightly", async ([from, to]) => {
  await tf.setBackend("featuremap-wasm");
  const [values, total] = tf.tidy(() => {
    const cast = tf.cast(tf.tensor1d([1, 0, 1, 1], from), to);
    return [cast, tf.sum(cast)];
  });
  expect(values.dtype).toBe(to);
  expect(await total.data()).toEqual(to === "int32" ? Int32Array.of(3) : Float32Array.of(3));
  expect(await values.data()).toEqual(to === "int32" ? Int32Array.of(1, 0, 1, 1) : Float32Array.of(1, 0, 1, 1));
  tf.dispose([values, total]);
});

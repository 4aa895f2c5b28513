import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, test } from "vitest";
import { draw, expectSameOnBoth, tensor } from "../../testing/on-both.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(42);
const dtypes = ["float32", "int32", "bool"] as const;

useWasmBackend();

describe.for(dtypes)("%s", (dtype) => {
  async function expectSamePad(shape: number[], paddings: number[][], constantValue: number): Promise<void> {
    const x = draw(shape, dtype, random);
    const attrs = { paddings, constantValue } as unknown as tf.NamedAttrMap;
    await expectSameOnBoth(() => tf.engine().runKernel<tf.Tensor>("PadV2", { x: tensor(x) }, attrs));
  }

  test("surrounds any tensor with a constant", async () => {
    await expectSamePad([2, 26, 13, 32], [[0, 0], [1, 1], [2, 1], [0, 0]], 0); // prettier-ignore
    await expectSamePad([40_000], [[3, 700]], 1);
    await expectSamePad([0, 3], [[2, 1], [1, 0]], 1); // prettier-ignore
    await expectSamePad([], [], 1);
    for (let round = 0; round < 30; round++) {
      const integer = (below: number): number => Math.floor(random.uniform() * below);
      const shape = Array.from({ length: 1 + integer(5) }, () => integer(6));
      await expectSamePad(shape, shape.map(() => [integer(3), integer(3)]), integer(2)); // prettier-ignore
    }
  });

  test.for([0, 1, 2.75, -3, 3e9, Number.NaN])("fills a tensor with %s as the CPU backend does", async (value) => {
    for (const shape of [[], [7], [3, 0], [40_003]]) {
      const attrs = { shape, value, dtype } as unknown as tf.NamedAttrMap;
      await expectSameOnBoth(() => tf.engine().runKernel<tf.Tensor>("Fill", {}, attrs));
    }
  });

  test("makes zeros and ones like a tensor", async () => {
    const x = draw([5, 3], dtype, random);
    await expectSameOnBoth(() => [tf.zerosLike(tensor(x)), tf.onesLike(tensor(x))]);
  });
});

test("a value's data type decides where none is given", async () => {
  for (const value of [2, 0.5]) {
    await expectSameOnBoth(() => tf.engine().runKernel<tf.Tensor>("Fill", {}, { shape: [3], value }));
  }
});

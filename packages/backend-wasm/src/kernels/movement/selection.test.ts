import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { draw, expectSameOnBoth, tensor } from "../../testing/on-both.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(45);

useWasmBackend();

const dtypes = ["float32", "int32", "bool"] as const;

describe.for(dtypes)("%s", (dtype) => {
  test.for([
    { x: [7, 3], indices: [5], axis: 0, batchDims: 0 },
    { x: [7, 40], indices: [2, 3], axis: 1, batchDims: 0 },
    { x: [2, 5, 6], indices: [4], axis: -1, batchDims: 0 },
    { x: [3, 5, 4], indices: [3, 2], axis: 1, batchDims: 1 },
    { x: [2, 3, 4, 5], indices: [2, 3, 6], axis: 2, batchDims: 2 },
    { x: [2, 3, 4, 5], indices: [2, 6], axis: 3, batchDims: 1 },
    { x: [1000, 64], indices: [700], axis: 0, batchDims: 0 },
    { x: [40_000], indices: [30_000], axis: 0, batchDims: 0 },
    { x: [9], indices: [], axis: 0, batchDims: 0 },
    { x: [4, 0], indices: [3], axis: 0, batchDims: 0 },
    { x: [4, 2], indices: [0], axis: 0, batchDims: 0 },
  ])("gathers %o", async ({ x, indices, axis, batchDims }) => {
    const length = x.at(axis) ?? 1;
    const values = Array.from({ length: tf.util.sizeFromShape(indices) }, () => Math.floor(random.uniform() * length));
    const input = draw(x, dtype, random);
    await expectSameOnBoth(() =>
      tf
        .engine()
        .runKernel<tf.Tensor>(
          "GatherV2",
          { x: tensor(input), indices: tf.tensor(values, indices, "int32") },
          { axis, batchDims },
        ),
    );
  });

  test("chooses by condition", async () => {
    for (const shape of [[], [3], [17], [4, 5, 6], [0, 2], [40_003]]) {
      const condition = draw(shape, "bool", random);
      const [t, e] = [draw(shape, dtype, random), draw(shape, dtype, random)];
      await expectSameOnBoth(() => tf.where(tensor(condition), tensor(t), tensor(e)));
    }
  });
});

test("a choice between data types has the wider one", async () => {
  const [condition, t, e] = [draw([9], "bool", random), draw([9], "int32", random), draw([9], "float32", random)];
  await expectSameOnBoth(() => tf.where(tensor(condition), tensor(t), tensor(e)));
});

test.for([-1, 4])("the index %s of an axis of 4 is named", (index) => {
  tf.tidy(() => {
    const gather = (): tf.Tensor => tf.gather(tf.zeros([4]), tf.tensor1d([0, 1, 2, 3, 0, index], "int32"));
    expect(gather).toThrow(`the index value ${index} is not in [0, 3]`);
  });
});

test.for(["float32", "int32"] as const)("one-hot rows of %s agree with the CPU backend", async (dtype) => {
  for (const [shape, depth] of [
    [[], 3],
    [[5], 4],
    [[2, 3], 10],
    [[3000], 10],
    [[0], 4],
    [[40], 1000],
  ] as const) {
    const values = Array.from(
      { length: tf.util.sizeFromShape([...shape]) },
      () => Math.floor(random.uniform() * (depth + 2)) - 1,
    );
    for (const [onValue, offValue] of [
      [1, 0],
      [2.75, -1.5],
    ]) {
      const attrs = { depth, onValue, offValue, dtype } as unknown as tf.NamedAttrMap;
      await expectSameOnBoth(() =>
        tf.engine().runKernel<tf.Tensor>("OneHot", { indices: tf.tensor(values, [...shape], "int32") }, attrs),
      );
    }
  }
});

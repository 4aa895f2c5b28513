import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { type Drawn, draw, expectSameOnBoth, tensor } from "../../testing/on-both.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(41);
const dtypes = ["float32", "int32", "bool"] as const;

useWasmBackend();

/** An integer in [low, high]. */
function integer(low: number, high: number): number {
  return low + Math.floor(random.uniform() * (high - low + 1));
}

/** A shape of a few small axes, some of them 1, a few of them empty. */
function drawShape(leastRank: number): number[] {
  const length = (): number => (integer(0, 30) === 0 ? 0 : integer(0, 4) === 0 ? 1 : integer(1, 9));
  return Array.from({ length: integer(leastRank, 5) }, length);
}

function runKernel(name: string, inputs: object, attrs: object): tf.Tensor | tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, inputs as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
}

/** Runs a kernel of one input on both backends. */
async function expectSameKernel(name: string, x: Drawn, attrs: object, input = "x"): Promise<void> {
  await expectSameOnBoth(() => runKernel(name, { [input]: tensor(x) }, attrs));
}

describe.for(dtypes)("%s", (dtype) => {
  test.for([
    { shape: [5, 7], perm: [1, 0] },
    { shape: [130, 300], perm: [1, 0] },
    { shape: [2, 26, 13, 32], perm: [0, 3, 1, 2] },
    { shape: [3, 40_000], perm: [1, 0] },
    { shape: [40_000, 3], perm: [1, 0] },
    { shape: [2, 3, 4, 5, 2, 3], perm: [5, 2, 0, 4, 1, 3] },
    { shape: [1, 6, 1, 4], perm: [2, 1, 0, 3] },
    { shape: [4, 0, 3], perm: [2, 1, 0] },
    { shape: [], perm: [] },
  ])("transposes %o", async ({ shape, perm }) => {
    await expectSameKernel("Transpose", draw(shape, dtype, random), { perm });
  });

  test("transposes any tensor", async () => {
    for (let round = 0; round < 40; round++) {
      const shape = drawShape(1);
      const perm = random.permutation(shape.length);
      await expectSameKernel("Transpose", draw(shape, dtype, random), { perm: [...perm] });
    }
  });

  test("reverses any axes", async () => {
    await expectSameKernel("Reverse", draw([70_003], dtype, random), { dims: [0] });
    for (let round = 0; round < 20; round++) {
      const shape = drawShape(0);
      const dims = shape.map((_, axis) => axis).filter(() => integer(0, 1) === 1);
      await expectSameKernel("Reverse", draw(shape, dtype, random), { dims });
    }
    await expectSameKernel("Reverse", draw([2, 3, 4], dtype, random), { dims: [-1, 0] });
  });

  test("slices any tensor", async () => {
    await expectSameKernel("Slice", draw([3, 50_000], dtype, random), { begin: [0, 2], size: [-1, 40_000] });
    for (let round = 0; round < 40; round++) {
      const shape = drawShape(1);
      const begin = shape.map((length) => integer(0, length));
      const size = shape.map((length, axis) => integer(0, length - (begin[axis] ?? 0)));
      await expectSameKernel("Slice", draw(shape, dtype, random), { begin, size });
    }
  });

  test.for([
    { shape: [9, 7], begin: [1, 0], end: [8, 7], strides: [3, 2] },
    { shape: [9, 7], begin: [-1, -2], end: [0, 0], strides: [-2, -1] },
    { shape: [4, 5, 6], begin: [0, 1, 2], end: [3, 4, 6], strides: [1, 1, 1] },
    { shape: [4, 5, 6], begin: [1, 0, 0], end: [0, 0, 5], strides: [1, 1, 1], shrinkAxisMask: 1, endMask: 2 },
    { shape: [4, 5, 6], begin: [0, 5, 1], end: [0, 1, 6], strides: [1, -2, 1], ellipsisMask: 1 },
    { shape: [4, 6], begin: [0, 0, 1], end: [0, 4, 4], strides: [1, 1, 1], newAxisMask: 1 },
    { shape: [4, 6], begin: [0, 0], end: [0, 0], strides: [1, 1], beginMask: 3, endMask: 3 },
    { shape: [4, 6], begin: [3, 0], end: [1, 6], strides: [1, 2] },
    { shape: [70_003], begin: [2], end: [70_000], strides: [3] },
  ])("takes every so many elements: %o", async ({ shape, ...given }) => {
    const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    await expectSameKernel("StridedSlice", draw(shape, dtype, random), { ...masks, ...given });
  });

  test("joins tensors along any axis, and splits them again", async () => {
    for (let round = 0; round < 40; round++) {
      const shape = drawShape(1);
      const axis = integer(-shape.length, shape.length - 1);
      const lengths = Array.from({ length: integer(1, 4) }, () => integer(0, 5));
      const parts = lengths.map((length) => draw(shape.with(axis, length), dtype, random));
      await expectSameOnBoth(() => runKernel("Concat", parts.map(tensor), { axis }));
      const whole = draw(
        shape.with(
          axis,
          lengths.reduce((sum, length) => sum + length, 0),
        ),
        dtype,
        random,
      );
      await expectSameKernel("SplitV", whole, { numOrSizeSplits: lengths, axis });
    }
    await expectSameKernel("SplitV", draw([4, 6], dtype, random), { numOrSizeSplits: 3, axis: 1 });
    await expectSameKernel("SplitV", draw([4, 6], dtype, random), { numOrSizeSplits: [2, -1, 1], axis: -1 });
    const large = [draw([40_000], dtype, random), draw([30_001], dtype, random)];
    await expectSameOnBoth(() => runKernel("Concat", large.map(tensor), { axis: 0 }));
  });

  test("stacks tensors along a new axis, and takes them apart again", async () => {
    for (let round = 0; round < 15; round++) {
      const shape = drawShape(0);
      const parts = Array.from({ length: integer(1, 4) }, () => draw(shape, dtype, random));
      await expectSameOnBoth(() => tf.stack(parts.map(tensor)));
      await expectSameOnBoth(() => runKernel("Pack", parts.map(tensor), { axis: shape.length }));
    }
    const x = draw([4, 3, 5], dtype, random);
    for (const axis of [0, 1, -1]) await expectSameKernel("Unpack", x, { axis }, "value");
  });

  test("repeats any tensor", async () => {
    await expectSameKernel("Tile", draw([30_000], dtype, random), { reps: [3] });
    await expectSameKernel("Tile", draw([300, 1], dtype, random), { reps: [2, 200] });
    for (let round = 0; round < 30; round++) {
      const shape = drawShape(0);
      await expectSameKernel("Tile", draw(shape, dtype, random), { reps: shape.map(() => integer(0, 3)) });
    }
  });
});

test("takes every second element of one row, which the CPU backend cannot", async () => {
  await tf.setBackend("featuremap-wasm");
  const row = tf.tidy(() =>
    tf.stridedSlice(tf.reshape(tf.range(0, 24), [4, 6]), [2, 1], [0, 6], [1, 2], 0, 0, 0, 0, 1),
  );
  expect(row.shape).toEqual([3]);
  expect(await row.data()).toEqual(Float32Array.of(13, 15, 17));
  row.dispose();
});

test("what leaves the order of elements alone shares its values and stays when the input goes", async () => {
  await tf.setBackend("featuremap-wasm");
  const x = tf.tensor([1, 2, 3], [1, 3, 1]);
  const { numDataBuffers } = tf.memory();
  const y = tf.transpose(x, [2, 0, 1]);
  expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
  x.dispose();
  expect(await y.data()).toEqual(Float32Array.of(1, 2, 3));
  y.dispose();
});

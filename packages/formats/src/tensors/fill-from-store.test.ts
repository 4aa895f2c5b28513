import { Conv2D, Dense, Sequential } from "@featuremap/layers";
import { sizeOf } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { fillFromStore, transpose } from "./fill-from-store.ts";
import type { StoredTensor } from "./tensor-store.ts";

const stored = (shape: readonly number[]): StoredTensor => ({
  shape,
  type: "float32",
  read: () => Promise.resolve(Float32Array.from({ length: sizeOf(shape) }, (_, index) => index)),
});

test("fills weights, whose shapes are checked first", async () => {
  const model = new Sequential([
    new Conv2D({ filters: 2, kernelSize: [1, 2], useBias: false, inputShape: [4, 4, 3] }),
    new Dense({ units: 1 }),
  ]);
  const [kernel, dense, bias] = model.weights;
  if (!(kernel && dense && bias)) throw new Error("weights are missing");
  await fillFromStore(
    [
      { weight: kernel, path: "conv2d/kernel", tensor: stored([1, 2, 3, 2]) },
      { weight: bias, path: "dense/bias", tensor: stored([1]) },
    ],
    "file",
  );
  expect([...(await kernel.read()).data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const wrong = fillFromStore([{ weight: dense, path: "dense/kernel", tensor: stored([1, 2]) }], "file");
  await expect(wrong).rejects.toThrow('file: shape of weight "dense/kernel" must be (2, 1), found (1, 2)');
  model.dispose();
});

test("turns axes as NumPy's transpose", () => {
  const values = Float32Array.from({ length: 24 }, (_, index) => index);
  expect([...transpose(values, [2, 3, 4], [2, 0, 1])].slice(0, 8)).toEqual([0, 4, 8, 12, 16, 20, 1, 5]);
  expect([...transpose(Float32Array.of(5), [], [])]).toEqual([5]);
  expect(transpose(new Float32Array(0), [0, 3], [1, 0])).toHaveLength(0);
});

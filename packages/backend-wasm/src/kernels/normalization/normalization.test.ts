import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, test } from "vitest";
import { type Input, expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(32);

useWasmBackend();

/** Parameters of `shape` whose values are all positive, as variances are. */
function positive(shape: readonly number[]): Input {
  const values = Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.uniform() + 0.1);
  return { shape, values };
}

describe("batch normalisation", () => {
  test.for<{ x: number[]; period: number[] }>([
    { x: [2, 3, 5, 7], period: [7] },
    { x: [4, 9, 9, 64], period: [64] },
    { x: [8, 33, 33, 3], period: [3] },
    { x: [3, 40, 40, 1], period: [1] },
    { x: [5, 300], period: [300] },
    { x: [70, 2, 129], period: [129] },
    { x: [2, 3, 4], period: [2, 3, 4] },
    { x: [0, 3, 4], period: [4] },
    { x: [300], period: [300] },
  ])("agrees with the CPU backend, with and without scale and offset: %o", async ({ x, period }) => {
    const mean = period;
    const variance = positive(period);
    const attrs = { varianceEpsilon: 0.001 };
    await expectSame({ name: "FusedBatchNorm", inputs: { x, mean, variance }, attrs }, random);
    await expectSame({ name: "FusedBatchNorm", inputs: { x, mean, variance, scale: period }, attrs }, random);
    await expectSame({ name: "FusedBatchNorm", inputs: { x, mean, variance, offset: period }, attrs }, random);
    const inputs = { x, mean, variance, scale: period, offset: period };
    await expectSame({ name: "FusedBatchNorm", inputs, attrs: { varianceEpsilon: 0.1 } }, random);
  });

  test("keeps the digits of values far from 0", async () => {
    const x = { shape: [4, 2], values: [1e4, -2e5, 1e4 + 1, -2e5 - 1, 1e4 - 1, -2e5 + 1, 1e4 + 2, -2e5 + 2] };
    const mean = { shape: [2], values: [1e4, -2e5] };
    const inputs = { x, mean, variance: { shape: [2], values: [1, 2] }, offset: [2], scale: [2] };
    await expectSame({ name: "FusedBatchNorm", inputs, attrs: { varianceEpsilon: 1e-3 } }, random);
  });

  test("parameters of different lengths are left to the CPU backend", async () => {
    const inputs = { x: [2, 4, 6], mean: [6], variance: positive([1]), scale: [6], offset: [1] };
    await expectSame({ name: "FusedBatchNorm", inputs, attrs: { varianceEpsilon: 1e-3 } }, random);
  });
});

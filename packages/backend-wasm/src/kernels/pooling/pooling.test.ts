import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(22);

useWasmBackend();

describe("pooling", () => {
  test.for([
    { x: [2, 7, 7, 3], filterSize: 3, strides: 2, pad: "valid" },
    { x: [1, 26, 26, 32], filterSize: 2, strides: 2, pad: "valid" },
    { x: [2, 5, 6, 5], filterSize: 2, strides: 2, pad: "same" },
    { x: [1, 6, 6, 4], filterSize: [3, 2], strides: 1, pad: "same" },
  ])("agrees with the CPU backend: %o", async ({ x, filterSize, strides, pad }) => {
    const attrs = { filterSize, strides, pad };
    await expectSame({ name: "MaxPool", inputs: { x }, attrs }, random);
    await expectSame({ name: "AvgPool", inputs: { x }, attrs }, random);
    const shape = x as [number, number, number, number];
    const { outShape } = tf.backend_util.computePool2DInfo(shape, filterSize as number, strides, 1, pad as "same");
    await expectSame({ name: "MaxPoolGrad", inputs: { dy: outShape, input: x, output: outShape }, attrs }, random);
    // The CPU backend divides by the whole window at the border, which is not the gradient of its forward kernel.
    if (pad === "valid") await expectSame({ name: "AvgPoolGrad", inputs: { dy: outShape, input: x }, attrs }, random);
  });
});

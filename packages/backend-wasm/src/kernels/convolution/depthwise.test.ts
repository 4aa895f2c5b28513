import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(31);

useWasmBackend();

type Shape = [number, number, number, number];

interface Case {
  readonly x: Shape;
  readonly filter: Shape;
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dilations: number | [number, number];
}

function outShape({ x, filter, strides, pad, dilations }: Case): Shape {
  return tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, undefined, true).outShape;
}

const FIXED: Case[] = [
  { x: [2, 9, 11, 16], filter: [3, 3, 16, 1], strides: 1, pad: "same", dilations: 1 },
  { x: [1, 14, 14, 40], filter: [3, 3, 40, 1], strides: 2, pad: "same", dilations: 1 },
  { x: [2, 7, 8, 5], filter: [3, 3, 5, 1], strides: 1, pad: "valid", dilations: 1 },
  { x: [2, 12, 13, 6], filter: [5, 5, 6, 1], strides: [1, 2], pad: 2, dilations: 1 },
  { x: [2, 8, 9, 3], filter: [3, 2, 3, 2], strides: 1, pad: "same", dilations: 1 },
  { x: [1, 9, 9, 4], filter: [3, 3, 4, 5], strides: 2, pad: "valid", dilations: 1 },
  { x: [3, 10, 12, 7], filter: [3, 3, 7, 1], strides: 1, pad: "same", dilations: 2 },
  { x: [1, 11, 10, 8], filter: [2, 3, 8, 3], strides: 1, pad: "valid", dilations: [3, 2] },
  { x: [1, 3, 3, 1], filter: [5, 5, 1, 1], strides: 1, pad: "same", dilations: 1 },
  { x: [1, 4, 4, 4], filter: [1, 3, 4, 1], strides: 1, pad: 3, dilations: 1 },
];

/** Any geometry whose output is not empty. */
function drawCase(): Case {
  for (;;) {
    const integer = (low: number, high: number): number => low + random.integer(high - low + 1);
    const channels = integer(1, 20);
    const dilated = random.uniform() < 0.3;
    const drawn: Case = {
      x: [integer(1, 3), integer(1, 12), integer(1, 14), channels],
      filter: [integer(1, 4), integer(1, 4), channels, random.uniform() < 0.6 ? 1 : integer(2, 5)],
      strides: dilated ? 1 : [integer(1, 3), integer(1, 3)],
      pad: (["same", "valid", integer(0, 3)] as const)[integer(0, 2)] ?? "same",
      dilations: dilated ? [integer(1, 3), integer(1, 3)] : 1,
    };
    const { x, filter, strides, pad, dilations } = drawn;
    const info = tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, undefined, true);
    if (info.outHeight > 0 && info.outWidth > 0) return drawn;
  }
}

describe.for([...FIXED, ...Array.from({ length: 60 }, drawCase)])("depthwise convolution %o", (geometry) => {
  const { x, filter, strides, pad, dilations } = geometry;
  const attrs = { strides, pad, dilations, dataFormat: "NHWC" };
  const dy = outShape(geometry);
  const bias = [dy[3]];

  test("agrees with the CPU backend", async () => {
    await expectSame({ name: "DepthwiseConv2dNative", inputs: { x, filter }, attrs }, random);
    for (const activation of ["linear", "relu", "relu6", "sigmoid"]) {
      const inputs = { x, filter, bias };
      await expectSame({ name: "FusedDepthwiseConv2D", inputs, attrs: { ...attrs, activation } }, random);
    }
  });

  test("has the CPU backend's gradients, and the adjoint's where it is dilated", async () => {
    if (tf.backend_util.tupleValuesAreOne(dilations)) {
      const name = "DepthwiseConv2dNativeBackprop";
      await expectSame({ name: `${name}Input`, inputs: { dy, filter }, attrs: { ...attrs, inputShape: x } }, random);
      await expectSame({ name: `${name}Filter`, inputs: { x, dy }, attrs: { ...attrs, filterShape: filter } }, random);
      return;
    }
    // <dy, conv(x, w)> = <dx, x> = <dw, w>.
    const [forward, towardsInput, towardsFilter] = await products(geometry);
    expect(towardsInput).toBeCloseTo(forward, 3);
    expect(towardsFilter).toBeCloseTo(forward, 3);
  });
});

/** The three inner products that a bilinear map and its two gradients share. */
async function products(geometry: Case): Promise<[number, number, number]> {
  await tf.setBackend("featuremap-wasm");
  const { x: xShape, filter: filterShape, strides, pad, dilations } = geometry;
  const inner = tf.tidy(() => {
    const attrs = { strides, pad, dilations, dataFormat: "NHWC" };
    const draw = (shape: number[]): tf.Tensor =>
      tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal() / 8),
        shape,
      );
    const [x, filter, dy] = [draw(xShape), draw(filterShape), draw(outShape(geometry))];
    const run = (name: string, inputs: tf.NamedTensorMap, extra: object = {}): tf.Tensor =>
      tf.engine().runKernel<tf.Tensor>(name, inputs, { ...attrs, ...extra });
    const y = run("DepthwiseConv2dNative", { x, filter });
    const dx = run("DepthwiseConv2dNativeBackpropInput", { dy, filter }, { inputShape: xShape });
    const dw = run("DepthwiseConv2dNativeBackpropFilter", { x, dy }, { filterShape });
    return tf.stack([tf.sum(tf.mul(dy, y)), tf.sum(tf.mul(dx, x)), tf.sum(tf.mul(dw, filter))]);
  });
  const [forward = Number.NaN, towardsInput = Number.NaN, towardsFilter = Number.NaN] = await inner.data();
  inner.dispose();
  return [forward, towardsInput, towardsFilter];
}

test("a bias for every position is left to the CPU backend", async () => {
  const inputs = { x: [1, 4, 4, 2], filter: [3, 3, 2, 1], bias: [4, 4, 2] };
  const attrs = { strides: 1, pad: "same", dilations: 1, dataFormat: "NHWC", activation: "relu" };
  await expectSame({ name: "FusedDepthwiseConv2D", inputs, attrs }, random);
});

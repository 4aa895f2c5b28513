import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { expectSame } from "../../testing/expect-same.ts";
import { useWasmBackend } from "../../testing/use-wasm-backend.ts";

const random = new RandomStream(20);

useWasmBackend();

describe("convolution", () => {
  test.for([
    { x: [2, 7, 6, 3], filter: [3, 3, 3, 5], strides: 1, pad: "same", dilations: 1 },
    { x: [3, 9, 9, 4], filter: [3, 3, 4, 16], strides: 2, pad: "valid", dilations: 1 },
    { x: [2, 8, 8, 8], filter: [1, 1, 8, 8], strides: 1, pad: "valid", dilations: 1 },
    { x: [1, 5, 5, 64], filter: [3, 3, 64, 24], strides: 1, pad: "valid", dilations: 1 },
    { x: [3, 13, 13, 8], filter: [3, 3, 8, 64], strides: 1, pad: "valid", dilations: 1 },
    { x: [2, 10, 11, 2], filter: [3, 3, 2, 4], strides: 1, pad: "same", dilations: 2 },
    { x: [1, 12, 5, 1], filter: [5, 2, 1, 1], strides: [3, 2], pad: 2, dilations: 1 },
    { x: [1, 4, 4, 400], filter: [2, 2, 400, 3], strides: 1, pad: "same", dilations: 1 },
  ])("agrees with the CPU backend, forward and backward: %o", async ({ x, filter, strides, pad, dilations }) => {
    const attrs = { strides, pad, dilations, dataFormat: "NHWC" };
    await expectSame({ name: "Conv2D", inputs: { x, filter }, attrs }, random);
    await expectSame(
      {
        name: "FusedConv2D",
        inputs: { x, filter, bias: [filter[3] as number] },
        attrs: { ...attrs, activation: "relu" },
      },
      random,
    );
    // A sum of 1,600 products differs by more than the sigmoid of it is large.
    await expectSame(
      {
        name: "FusedConv2D",
        inputs: { x, filter, bias: [filter[3] as number] },
        attrs: { ...attrs, activation: "sigmoid" },
      },
      random,
      1e-5,
    );
    if (dilations !== 1) return;
    const shape = x as [number, number, number, number];
    const { outShape } = tf.backend_util.computeConv2DInfo(
      shape,
      filter as [number, number, number, number],
      strides as number,
      1,
      pad as "same",
    );
    await expectSame(
      { name: "Conv2DBackpropInput", inputs: { dy: outShape, filter }, attrs: { ...attrs, inputShape: x } },
      random,
    );
    await expectSame(
      { name: "Conv2DBackpropFilter", inputs: { x, dy: outShape }, attrs: { ...attrs, filterShape: filter } },
      random,
    );
  });
});

test.for([
  { activation: "linear", dilations: 1, channels: 12 },
  { activation: "relu", dilations: 2, channels: 7 },
  { activation: "relu6", dilations: 1, channels: 8 },
] as const)(
  "the fused convolution's gradients are those of its parts: %o",
  async ({ activation, dilations, channels }) => {
    await tf.setBackend("featuremap-wasm");
    const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 2, "float32", seed);
    const results = tf.tidy(() => {
      const [x, filter] = [normal([3, 9, 8, 5], 1), normal([3, 2, 5, channels], 2)];
      const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", dilations, activation };
      const y = tf.engine().runKernel<tf.Tensor>("FusedConv2D", { x, filter }, attrs);
      const dy = normal(y.shape, 3);
      const run = (name: string, inputs: tf.NamedTensorMap, shapes: object): tf.Tensor[] =>
        [tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, inputs, { ...attrs, ...shapes })].flat();
      const shapes = { inputShape: x.shape, filterShape: filter.shape };
      const fused = [
        ...run("FusedConv2DBackpropFilter", { x, dy, y }, shapes),
        ...run("FusedConv2DBackpropInput", { dy, y, filter }, shapes),
      ];
      const slope =
        activation === "linear"
          ? tf.onesLike(y)
          : tf.cast(tf.logicalAnd(tf.greater(y, 0), tf.less(y, activation === "relu6" ? 6 : Infinity)), "float32");
      const sums = tf.mul(dy, slope);
      // Every tap of the filter alone: a plain product of shifted images and gradients.
      const taps = (image: tf.Tensor): tf.Tensor[] => {
        const padding = [
          [0, 0],
          [dilations, dilations],
          [Math.floor(dilations / 2), Math.ceil(dilations / 2)],
          [0, 0],
        ] as [number, number][];
        const padded = tf.pad(image, padding);
        return [0, 1, 2].flatMap((row) =>
          [0, 1].map((column) => tf.slice(padded, [0, row * dilations, column * dilations, 0], image.shape)),
        );
      };
      const columns = (tensor: tf.Tensor): tf.Tensor2D => tf.reshape(tensor, [-1, tensor.shape.at(-1) ?? 1]);
      const towardsFilter = tf.stack(taps(x).map((tap) => tf.matMul(columns(tap), columns(sums), true)));
      return {
        fused: fused.slice(0, 2),
        parts: [tf.reshape(towardsFilter, filter.shape), tf.sum(sums, [0, 1, 2])],
        dx: fused[2] as tf.Tensor,
        x,
        filter,
        sums,
      };
    });
    for (const [index, part] of results.parts.entries()) {
      const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(part, results.fused[index] as tf.Tensor))));
      expect((await difference.data())[0]).toBeLessThan(1e-3);
      difference.dispose();
    }
    // dx is the adjoint of the convolution: <dx, x> = <sums, conv(x)>.
    const adjoint = tf.tidy(() => {
      const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", dilations };
      const convolved = tf.engine().runKernel<tf.Tensor>("Conv2D", { x: results.x, filter: results.filter }, attrs);
      return tf.sub(tf.sum(tf.mul(results.dx, results.x)), tf.sum(tf.mul(results.sums, convolved)));
    });
    expect(Math.abs((await adjoint.data())[0] ?? Number.NaN)).toBeLessThan(0.5);
    tf.dispose([results.fused, results.parts, results.dx, results.x, results.filter, results.sums, adjoint]);
  },
);

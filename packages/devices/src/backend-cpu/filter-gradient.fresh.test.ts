import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { openDevice } from "../open-device.ts";

useBackend();

const stock = tf.getKernel(tf.Conv2DBackpropFilter, "cpu");
beforeAll(() => openDevice("cpu"));

interface Convolution {
  readonly pad: "same" | "valid" | number | [[number, number], [number, number], [number, number], [number, number]];
  readonly strides: number | [number, number];
  readonly size: [number, number];
}

test.each<Convolution>([
  { pad: "valid", strides: 1, size: [3, 3] },
  { pad: "same", strides: 1, size: [3, 3] },
  { pad: "same", strides: [2, 3], size: [4, 2] },
  { pad: 1, strides: 2, size: [3, 1] },
  {
    pad: [
      [0, 0],
      [2, 0],
      [1, 3],
      [0, 0],
    ],
    strides: [1, 2],
    size: [2, 3],
  },
])("the filter's gradient is that of tfjs's kernel: %j", ({ pad, strides, size }) => {
  const x = tf.randomNormal<tf.Rank.R4>([2, 7, 8, 3], 0, 1, "float32", 1);
  const filter = tf.randomNormal<tf.Rank.R4>([...size, 3, 5], 0, 1, "float32", 2);
  const y = tf.conv2d(x, filter, strides, pad);
  const dy = tf.randomNormal(y.shape, 0, 1, "float32", 3);
  const attributes = { strides, pad, dataFormat: "NHWC", filterShape: filter.shape };
  const gradient = tf.engine().runKernel<tf.Tensor>(tf.Conv2DBackpropFilter, { x, dy }, attributes);
  const expected = stock.kernelFunc({ inputs: { x, dy }, attrs: attributes, backend: tf.backend() });
  if (Array.isArray(expected)) throw new Error("one tensor is expected");
  expect(gradient.shape).toEqual(filter.shape);
  expect(gradient.dataSync()).toEqual(tf.backend().readSync(expected.dataId));
  tf.backend().disposeData(expected.dataId);
  tf.dispose([x, filter, y, dy, gradient]);
});

test("images whose channels come first have the same gradient", () => {
  const [x, dy] = [
    tf.randomNormal([2, 6, 5, 3], 0, 1, "float32", 1),
    tf.randomNormal([2, 4, 4, 2], 0, 1, "float32", 2),
  ];
  const gradientOf = (images: tf.Tensor, slopes: tf.Tensor, dataFormat: "NHWC" | "NCHW"): tf.Tensor => {
    const attributes = { strides: 1, pad: "valid", dataFormat, filterShape: [3, 2, 3, 2] };
    return tf.engine().runKernel<tf.Tensor>(tf.Conv2DBackpropFilter, { x: images, dy: slopes }, attributes);
  };
  tf.tidy(() => {
    const last = gradientOf(x, dy, "NHWC");
    const first = gradientOf(tf.transpose(x, [0, 3, 1, 2]), tf.transpose(dy, [0, 3, 1, 2]), "NCHW");
    expect(first.dataSync()).toEqual(last.dataSync());
  });
  tf.dispose([x, dy]);
});

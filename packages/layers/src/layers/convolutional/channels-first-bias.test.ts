import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import {
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  DepthwiseConv1D,
  DepthwiseConv2D,
  type Layer,
  SeparableConv1D,
  SeparableConv2D,
} from "../../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

const dataFormat = "channelsFirst";
const same = { kernelSize: 3, padding: "same", dataFormat } as const;

/** As many channels come out as the last axis is long: there Keras 3.15 on TensorFlow takes that axis for the channels. */
test.for<readonly [string, Layer, readonly number[]]>([
  ["Conv1D", new Conv1D({ filters: 2, ...same }), [1, 3, 2]],
  ["Conv2D", new Conv2D({ filters: 2, ...same }), [1, 3, 3, 2]],
  ["Conv3D", new Conv3D({ filters: 2, ...same }), [1, 3, 2, 3, 2]],
  ["Conv1DTranspose", new Conv1DTranspose({ filters: 2, ...same }), [1, 3, 2]],
  ["Conv2DTranspose", new Conv2DTranspose({ filters: 2, ...same }), [1, 3, 3, 2]],
  ["DepthwiseConv1D", new DepthwiseConv1D(same), [1, 2, 2]],
  ["DepthwiseConv2D", new DepthwiseConv2D(same), [1, 2, 3, 2]],
  ["SeparableConv1D", new SeparableConv1D({ filters: 2, ...same }), [1, 3, 2]],
  ["SeparableConv2D", new SeparableConv2D({ filters: 2, ...same }), [1, 3, 3, 2]],
])("%s adds its bias to the channels, however long the last axis is", async ([, layer, inputShape]) => {
  layer.build(inputShape);
  const values = await layer.getWeights();
  layer.setWeights([...values.slice(0, -1), new HostArray(Float32Array.of(10, 20), [2])]);
  const output = tf.tidy(() => layer.call(tf.zeros([...inputShape]), { training: false }));
  const each = output.size / 2;
  expect(output.shape[1]).toBe(2);
  expect([...output.dataSync()]).toEqual([...Array(each).fill(10), ...Array(each).fill(20)]);
  output.dispose();
  layer.dispose();
});

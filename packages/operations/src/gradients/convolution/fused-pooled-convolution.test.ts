import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { activations } from "../../testing/activations.ts";
import { conv2dMaxPool } from "../../operations/convolution/conv2d-max-pool.ts";
import {
  fusedConv2DMaxPool,
  fusedConv2DMaxPoolBackpropFilter,
  fusedConv2DMaxPoolBackpropInput,
} from "../../contract/pooled-convolution.ts";
import { offerKernels } from "../../testing/offer-kernels.ts";
import { distinctValues, gradientMismatches } from "../../testing/numerical-gradient.ts";

useBackend();

const kernels = [fusedConv2DMaxPool, fusedConv2DMaxPoolBackpropFilter, fusedConv2DMaxPoolBackpropInput];
const used: string[] = [];
let withdraw: () => void = () => {};

beforeAll(() => {
  withdraw = offerKernels(kernels, used);
});
afterAll(() => withdraw());

const cases = [
  { activation: "linear", padding: "same", strides: 1, dilation: 1 },
  { activation: "relu", padding: "valid", strides: 2, dilation: 1 },
  { activation: "relu6", padding: "valid", strides: 1, dilation: 1 },
] as const;

type Case = (typeof cases)[number];

function network({ activation, padding, strides, dilation }: Case) {
  return (...[x, filter, bias]: tf.Tensor[]): tf.Tensor => {
    const output = conv2dMaxPool(
      x as tf.Tensor4D,
      filter as tf.Tensor4D,
      bias as tf.Tensor1D,
      activations[activation],
      { strides: [strides, strides], padding, dilation: [dilation, dilation], groups: 1 },
    );
    return output ?? tf.scalar(Number.NaN);
  };
}

function inputs(): tf.Tensor[] {
  return [
    distinctValues([1, 5, 6, 2], -1, 1, 6),
    distinctValues([3, 2, 2, 3], -1, 1, 3),
    distinctValues([3], -0.5, 1, 1),
  ];
}

describe("the pooled convolution", () => {
  test.for(cases)("has the slopes that differences show: %o", (each) => {
    used.length = 0;
    expect(gradientMismatches(network(each), inputs(), { step: 0.001, tolerance: 5e-3 })).toEqual([]);
    expect(used).toContain("FusedConv2DMaxPoolBackpropInput");
  });

  test.for(cases)("has slopes of slopes, by kernels whose gradients are known: %o", (each) => {
    const f = network(each);
    const slopes = (...given: tf.Tensor[]): tf.Tensor => {
      const gradients = tf.grads((...values: tf.Tensor[]) => tf.sum(tf.square(f(...values))))(given);
      return tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1])));
    };
    expect(gradientMismatches(slopes, inputs(), { step: 0.001, tolerance: 1e-2 })).toEqual([]);
  });
});

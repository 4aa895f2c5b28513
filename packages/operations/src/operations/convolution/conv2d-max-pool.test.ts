import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestedActivation, activations } from "../../testing/activations.ts";
import { distinctValues } from "../../testing/numerical-gradient.ts";
import { registerGradients } from "../../gradients/register-gradients.ts";
import { useBackend } from "@featuremap/testing/backend";
import {
  fusedConv2DMaxPool,
  fusedConv2DMaxPoolBackpropFilter,
  fusedConv2DMaxPoolBackpropInput,
} from "../../contract/pooled-convolution.ts";
import { offerKernels } from "../../testing/offer-kernels.ts";
import { conv2dMaxPool } from "./conv2d-max-pool.ts";
import { type Conv2DGeometry, conv2d } from "./conv2d.ts";
import { maxPool2d } from "../pooling/pool2d.ts";

useBackend(registerGradients);

const plain: Conv2DGeometry = { strides: [1, 1], padding: "valid", dilation: [1, 1], groups: 1 };
const kernels = [fusedConv2DMaxPool, fusedConv2DMaxPoolBackpropFilter, fusedConv2DMaxPoolBackpropInput];
const used: string[] = [];
let withdraw: () => void = () => {};

beforeEach(() => {
  used.length = 0;
  withdraw = offerKernels(kernels, used);
});
afterEach(() => withdraw());

type Network = (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D | null) => tf.Tensor;

function fused(activation: TestedActivation, geometry: Conv2DGeometry): Network {
  return (x, filter, bias) => {
    const output = conv2dMaxPool(x, filter, bias, activations[activation], geometry);
    if (output === undefined) throw new Error("It was not fused.");
    return output;
  };
}

function inTurn(activation: TestedActivation, geometry: Conv2DGeometry): Network {
  return (x, filter, bias) =>
    maxPool2d(conv2d(x, filter, bias, activations[activation], geometry), {
      size: [2, 2],
      strides: [2, 2],
      padding: "valid",
    });
}

interface Example {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D | null;
}

function example(hasBias: boolean): Example {
  return {
    x: distinctValues([2, 9, 8, 2], -2, 2, 1) as tf.Tensor4D,
    filter: distinctValues([3, 2, 2, 3], -1, 2, 2) as tf.Tensor4D,
    bias: hasBias ? (distinctValues([3], -1, 1, 3) as tf.Tensor1D) : null,
  };
}

/** Output, and gradients of the sum of its squares by input, filter and bias. */
function results(network: Network, hasBias: boolean): number[][] {
  return tf.tidy(() => {
    const { x, filter, bias } = example(hasBias);
    const output = network(x, filter, bias);
    const given: tf.Tensor[] = bias === null ? [x, filter] : [x, filter, bias];
    const gradients = tf.grads((...[images, kernel, offset]: tf.Tensor[]) =>
      tf.sum(tf.square(network(images as tf.Tensor4D, kernel as tf.Tensor4D, (offset ?? null) as tf.Tensor1D | null))),
    )(given);
    return [output, ...gradients].map((tensor) => [...tensor.dataSync()]);
  });
}

function expectAllClose(actual: readonly number[][], expected: readonly number[][]): void {
  expect(actual.map((values) => values.length)).toEqual(expected.map((values) => values.length));
  for (const [which, values] of expected.entries()) {
    const errors = values.map((value, index) => Math.abs(value - (actual[which]?.[index] ?? Number.NaN)));
    expect(Math.max(...errors)).toBeLessThan(1e-5 * Math.max(1, ...values.map(Math.abs)));
  }
}

describe("conv2dMaxPool", () => {
  test.for([
    { activation: "linear", hasBias: true, ...plain },
    { activation: "relu", hasBias: true, ...plain },
    { activation: "relu", hasBias: false, ...plain, padding: "same" },
    { activation: "relu6", hasBias: true, ...plain, strides: [2, 1] },
    { activation: "relu", hasBias: true, ...plain, dilation: [2, 2] },
  ] as const)("gives outputs and gradients of the two operations, in one kernel each: %o", (options) => {
    const { activation, hasBias, ...geometry } = options;
    const before = tf.memory().numTensors;
    const actual = results(fused(activation, geometry), hasBias);
    expect(tf.memory().numTensors).toBe(before);
    expect(used.toSorted()).toEqual(["FusedConv2DMaxPool", ...kernels.map(({ name }) => name)].toSorted());
    expectAllClose(actual, results(inTurn(activation, geometry), hasBias));
  });

  test("computes no gradient that nobody asks for", () => {
    tf.tidy(() => {
      const { x, filter } = example(false);
      tf.grad((kernel) => fused("relu", plain)(x, kernel as tf.Tensor4D, null))(filter);
    });
    expect(used).toEqual(["FusedConv2DMaxPool", "FusedConv2DMaxPoolBackpropFilter"]);
  });

  test("predicts where the device offers no gradients, and leaves training to others", () => {
    withdraw();
    withdraw = offerKernels([fusedConv2DMaxPool], used);
    tf.tidy(() => {
      const { x, filter } = example(false);
      expect(fused("relu", plain)(x, filter, null).shape).toEqual([2, 3, 3, 3]);
      tf.grad((kernel) => {
        expect(fusedOrNot(x, kernel as tf.Tensor4D)).toBeUndefined();
        return tf.sum(kernel);
      })(filter);
    });
  });

  test.for<{ activation?: TestedActivation; groups?: number; dtype?: "int32"; strides?: [number, number] }>([
    { activation: "sigmoid" },
    { groups: 2 },
    { dtype: "int32" },
    // An output of one row, which fills no window.
    { strides: [5, 1] },
  ])("leaves to others what its kernel does not take: %o", ({ activation = "relu", dtype, ...geometry }) => {
    tf.tidy(() => {
      const x = tf.zeros<tf.Rank.R4>([1, 6, 6, 2], dtype);
      const filter = tf.zeros<tf.Rank.R4>([3, 3, 2 / (geometry.groups ?? 1), 2]);
      const options = { ...plain, ...geometry };
      expect(conv2dMaxPool(x, filter, null, activations[activation], options)).toBeUndefined();
    });
    expect(used).toEqual([]);
  });

  test("leaves everything to others where the device has no such kernel", () => {
    withdraw();
    tf.tidy(() => {
      const { x, filter } = example(false);
      expect(fusedOrNot(x, filter)).toBeUndefined();
    });
  });
});

function fusedOrNot(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor | undefined {
  return conv2dMaxPool(x, filter, null, activations.relu, plain);
}

import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { activations } from "../../testing/activations.ts";
import { registerGradients } from "../../gradients/register-gradients.ts";
import { useBackend } from "@featuremap/testing/backend";
import { fusedConv2DBackpropFilter, fusedConv2DBackpropInput } from "../../contract/fused-convolution.ts";
import { offerKernels } from "../../testing/offer-kernels.ts";
import { conv2d } from "./conv2d.ts";

useBackend(registerGradients);

const relu = activations.relu;
const geometry = { strides: [1, 1], padding: "valid", dilation: [1, 1], groups: 1 } as const;

/** Gradients of a small network of two convolutions, for its input and all its weights. */
function gradients(): number[][] {
  return tf.tidy(() => {
    const shapes = [[2, 6, 6, 2], [3, 3, 2, 3], [3], [2, 2, 3, 2], [2]];
    const [image, ...weights] = shapes.map((shape, seed) =>
      tf.variable(tf.randomNormal(shape, 0, 1, "float32", seed + 1)),
    );
    const [firstKernel, firstBias, secondKernel, secondBias] = weights;
    const loss = (): tf.Scalar => {
      const hidden = conv2d(
        image as tf.Tensor as tf.Tensor4D,
        kernelOf(firstKernel),
        biasOf(firstBias),
        relu,
        geometry,
      );
      return tf.sum(tf.square(conv2d(hidden, kernelOf(secondKernel), biasOf(secondBias), relu, geometry)));
    };
    const variables = [image, ...weights].filter((variable) => variable !== undefined);
    const { grads } = tf.variableGrads(loss, variables);
    const values = variables.map(({ name }) => [...(grads[name]?.dataSync() ?? [])]);
    tf.dispose(variables);
    return values;
  });
}

function kernelOf(variable: tf.Variable | undefined): tf.Tensor4D {
  return variable as tf.Tensor as tf.Tensor4D;
}

function biasOf(variable: tf.Variable | undefined): tf.Tensor1D {
  return variable as tf.Tensor as tf.Tensor1D;
}

describe("conv2d on a device with fused gradients", () => {
  let expected: number[][] = [];
  const used: string[] = [];

  let withdraw: () => void = () => {};

  beforeAll(() => {
    expected = gradients();
    withdraw = offerKernels([fusedConv2DBackpropFilter, fusedConv2DBackpropInput], used);
  });

  afterAll(() => withdraw());

  test("gives the gradients that the plain kernels give, and leaves no tensors behind", () => {
    const before = tf.memory().numTensors;
    const actual = gradients();
    expect(tf.memory().numTensors).toBe(before);
    expect(actual).toEqual(expected);
    expect(used.filter((name) => name === "FusedConv2DBackpropFilter")).toHaveLength(2);
    expect(used.filter((name) => name === "FusedConv2DBackpropInput")).toHaveLength(2);
  });
});

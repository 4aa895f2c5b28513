import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { gelu, silu } from "../../operations/elementwise/smooth-activations.ts";
import { geluGrad, siluGrad } from "../../contract/activation-gradients.ts";
import { geluKernel, siluKernel } from "../../contract/smooth-activations.ts";
import { offerKernels } from "../../testing/offer-kernels.ts";
import { activationGradients } from "./activations.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { registerGradients } from "../register-gradients.ts";

useBackend();
const unused = watchGradients(activationGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

const activations: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ["relu", tf.relu],
  ["relu6", (x) => tf.relu6(tf.mul(x, 4.1))],
  ["leakyRelu", (x) => tf.leakyRelu(x, 0.3)],
  ["elu", tf.elu],
  ["selu", tf.selu],
  ["sigmoid", tf.sigmoid],
  ["tanh", tf.tanh],
  ["softplus", tf.softplus],
  ["softmax", tf.softmax],
  ["gelu", gelu],
  ["silu", silu],
];

describe.for(activations)("%s", ([, activation]) => {
  test("has the slope that differences show", () => {
    expect(gradientMismatches((x) => activation(x), [distinctValues([3, 4])])).toEqual([]);
  });

  test("can be differentiated twice", () => {
    registerGradients();
    const slope = (x: tf.Tensor): tf.Tensor =>
      tf.grad((inner: tf.Tensor) => tf.mul(tf.square(inner), activation(inner)))(x);
    expect(gradientMismatches(slope, [distinctValues([2, 3])], { tolerance: 5e-3 })).toEqual([]);
  });
});

test.for([[4], [3, 4], [1]])("prelu has the slope that differences show, for slopes of shape %j", (shape) => {
  const prelu = (x: tf.Tensor, alpha: tf.Tensor): tf.Tensor => tf.prelu(x, alpha);
  expect(gradientMismatches(prelu, [distinctValues([2, 3, 4]), distinctValues(shape, 0.1, 0.9)])).toEqual([]);
});

test("relu has no slope where it is zero, relu6 none where it is six", () => {
  registerGradients();
  tf.tidy(() => {
    const x = tf.tensor1d([-1, 0, 2, 6, 7]);
    expect(
      tf
        .grad((input: tf.Tensor) => tf.relu(input))(x)
        .arraySync(),
    ).toEqual([0, 0, 1, 1, 1]);
    expect(
      tf
        .grad((input: tf.Tensor) => tf.relu6(input))(x)
        .arraySync(),
    ).toEqual([0, 0, 1, 0, 0]);
  });
});

test("selu is as steep at zero as above, as in TensorFlow, and elu one", () => {
  registerGradients();
  tf.tidy(() => {
    const x = tf.tensor1d([0, -0, 1]);
    for (const [activation, slope] of [
      [tf.selu, tf.backend_util.SELU_SCALE],
      [tf.elu, 1],
    ] as const) {
      const slopes = tf.grad((input: tf.Tensor) => activation(input))(x);
      expect([...slopes.dataSync()]).toEqual([slope, slope, slope].map(Math.fround));
    }
  });
});

test("the LogSoftmax kernel's gradient equals that of tf.logSoftmax", () => {
  registerGradients();
  tf.tidy(() => {
    const logits = distinctValues([2, 4]);
    const dy = distinctValues([2, 4], -1, 1, 5);
    const expected = tf.grad((x: tf.Tensor) => tf.logSoftmax(x))(logits, dy);
    const gradients = tf.getGradient(tf.LogSoftmax).gradFunc(dy, [logits, tf.logSoftmax(logits)], { axis: 1 });
    const received = gradients["logits"]?.() ?? tf.scalar(0);
    expect(tf.max(tf.abs(tf.sub(received, expected))).arraySync()).toBeLessThan(1e-6);
  });
});

describe.for([
  ["Gelu", gelu, [geluKernel, geluGrad]],
  ["Silu", silu, [siluKernel, siluGrad]],
] as const)("a device's own %s", ([, activation, kernels]) => {
  let withdraw: () => void = () => {};

  beforeEach(() => {
    registerGradients();
    withdraw = offerKernels(kernels);
  });

  afterEach(() => withdraw());

  test("has the slope that differences show, also where it is differentiated twice", () => {
    expect(gradientMismatches((x) => activation(x), [distinctValues([3, 4])])).toEqual([]);
    const slope = (x: tf.Tensor): tf.Tensor =>
      tf.grad((inner: tf.Tensor) => tf.mul(tf.square(inner), activation(inner)))(x);
    expect(gradientMismatches(slope, [distinctValues([2, 3])], { tolerance: 5e-3 })).toEqual([]);
  });
});

describe("a device's own kernels", () => {
  const kernels: [string, (x: tf.Tensor) => tf.Tensor][] = [
    ["ReluGrad", tf.relu],
    ["Relu6Grad", tf.relu6],
    ["SigmoidGrad", tf.sigmoid],
    ["TanhGrad", tf.tanh],
  ];
  const registered: string[] = [];
  afterEach(() => {
    for (const kernelName of registered.splice(0)) tf.unregisterKernel(kernelName, "cpu");
  });

  test.for(kernels)("%s is used where the device has it, but not where it would have to be differentiated", (entry) => {
    const [kernelName, activation] = entry;
    registerGradients();
    tf.registerKernel({
      kernelName,
      backendName: "cpu",
      kernelFunc: ({ inputs }) => {
        expect(Object.keys(inputs).toSorted()).toEqual(["dy", "y"]);
        return tf.fill(inputs["y"]?.shape ?? [], 42);
      },
    });
    registered.push(kernelName);
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2]);
      expect(
        tf
          .grad((input: tf.Tensor) => activation(input))(x)
          .arraySync(),
      ).toEqual([42, 42]);
      const slope = (outer: tf.Tensor): tf.Tensor =>
        tf.grad((inner: tf.Tensor) => tf.mul(inner, activation(inner)))(outer);
      // Where it used the kernel, TensorFlow.js would miss that kernel's own gradient.
      expect(() => tf.grad(slope)(x)).not.toThrow();
    });
  });
});

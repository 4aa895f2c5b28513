import { RandomStream } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test } from "vitest";
import { siluKernel } from "../contract/smooth-activations.ts";
import { sparseSoftmaxCrossentropy, softmaxCrossentropy } from "../operations/losses/softmax-crossentropy.ts";
import { channelMoments, normalizeByOwnMoments } from "../operations/normalization/batch-normalization.ts";
import { normalizeLayer } from "../operations/normalization/layer-normalization.ts";
import { maxPool2d } from "../operations/pooling/pool2d.ts";
import { type Device, type KernelCheck, checkKernel } from "../testing/check-kernel.ts";
import { kernelChecks } from "../testing/kernel-checks.ts";
import { type TensorFunction, distinctValues, gradientMismatches } from "../testing/numerical-gradient.ts";
import { offerKernels } from "../testing/offer-kernels.ts";
import type { HostTensor } from "./host-tensor.ts";
import { references } from "./references.ts";

useBackend(allowSavedTensors);

const kernels = references.map(({ kernel }) => kernel);
let withdraw: () => void = () => {};
afterEach(() => withdraw());

test("every reference has its check", () => {
  expect(kernelChecks.map(({ name }) => name).toSorted()).toEqual(kernels.map(({ name }) => name).toSorted());
});

describe("the gradients of references are the slopes that differences of references show", () => {
  const [gamma, beta] = [
    [1, 2, -0.5],
    [0.5, 0, 1],
  ].map((values) => () => tf.tensor1d(values)) as [() => tf.Tensor1D, () => tf.Tensor1D];
  const examples: [string, string[], TensorFunction, number[]][] = [
    [
      "maxPool2d",
      ["MaxPoolWithChoice", "MaxPoolWithChoiceGrad"],
      (x) => maxPool2d(x as tf.Tensor4D, { size: [3, 2], strides: [1, 2], padding: "same" }),
      [1, 4, 5, 2],
    ],
    [
      "normalizeLayer",
      ["LayerNorm", "LayerNormGrad"],
      (x) => normalizeLayer(x, { axes: [1], gamma: gamma(), beta: beta(), epsilon: 0.01 }),
      [4, 3],
    ],
    [
      "normalizeByOwnMoments",
      ["ChannelMoments", "FusedBatchNormGrad"],
      (x) =>
        normalizeByOwnMoments(x as tf.Tensor2D, channelMoments(x as tf.Tensor2D), {
          gamma: gamma(),
          beta: beta(),
          epsilon: 0.01,
        }),
      [5, 3],
    ],
    [
      "softmaxCrossentropy",
      ["SoftmaxCrossentropy"],
      (x) => softmaxCrossentropy(tf.tensor2d([0.2, 0.3, 0.5, 1, 0, 0], [2, 3]), x),
      [2, 3],
    ],
    [
      "sparseSoftmaxCrossentropy",
      ["SparseSoftmaxCrossentropy"],
      (x) => sparseSoftmaxCrossentropy(tf.tensor1d([2, 0], "int32"), x),
      [2, 3],
    ],
  ];

  test.for(examples)("%s", ([, names, f, shape]) => {
    const used: string[] = [];
    withdraw = offerKernels(kernels, used);
    expect(gradientMismatches(f, [distinctValues(shape)])).toEqual([]);
    expect([...new Set(used)].toSorted()).toEqual(names);
  });
});

describe("checkKernel", () => {
  const cpu: Device = { name: "cpu", backend: tf.findBackend("cpu") };

  test.for(kernelChecks.map((check) => [check.name, check] as const))(
    "takes the reference of %s",
    async ([name, check]) => {
      withdraw = offerKernels(kernels);
      const call = check.generate(new RandomStream(1).fork(name));
      expect(await checkKernel(check, call, cpu, cpu)).toBeUndefined();
    },
  );

  const x: HostTensor = { shape: [3], dtype: "float32", values: Float32Array.of(-1, 0, 2) };
  const right = Float32Array.of(-0.26894143, 0, 1.7615942);
  const put = (values: HostTensor["values"], shape: number[], dtype: HostTensor["dtype"]): tf.TensorInfo => ({
    dataId: cpu.backend.write(values, shape, dtype),
    shape,
    dtype,
  });

  test.for<[string, () => tf.TensorInfo, string | undefined]>([
    ["nothing where all is right", () => put(right, [3], "float32"), undefined],
    ["a wrong number", () => put(right.with(2, 1.762), [3], "float32"), "at element 2 of [3]"],
    ["another shape", () => put(right, [1, 3], "float32"), "has shape [1,3] for [3]"],
    ["another type", () => put(Int32Array.of(0, 0, 1), [3], "int32"), "is int32 for float32"],
    [
      "an error",
      () => {
        throw new RangeError("no such thing");
      },
      "fails: no such thing",
    ],
    [
      "what is left behind",
      () => {
        put(right, [3], "float32");
        return put(right, [3], "float32");
      },
      "leaves 1 tensors behind",
    ],
  ])("finds %s", async ([, compute, sentence]) => {
    const check = kernelChecks.find(({ name }) => name === siluKernel.name) as KernelCheck;
    tf.registerKernel({ kernelName: siluKernel.name, backendName: "cpu", kernelFunc: compute });
    withdraw = () => tf.unregisterKernel(siluKernel.name, "cpu");
    const found = await checkKernel(check, { kernel: siluKernel.name, inputs: { x }, attrs: {} }, cpu, cpu);
    expect(String(found)).toContain(String(sentence));
  });
});

import { RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerWasmBackend } from "../index.ts";
import { expectSame } from "../testing/expect-same.ts";

const random = new RandomStream(20);
let numTensors = 0;

beforeAll(async () => {
  await registerWasmBackend({ threads: 2 });
  await tf.setBackend("featuremap-wasm");
  numTensors = tf.memory().numTensors;
});

afterAll(() => {
  expect(tf.memory().numTensors).toBe(numTensors);
  tf.removeBackend("featuremap-wasm");
});

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

describe("matrix product", () => {
  test.for([
    { a: [1, 5, 7], b: [1, 7, 3], transposeA: false, transposeB: false },
    { a: [2, 64, 33], b: [2, 64, 10], transposeA: true, transposeB: false },
    { a: [3, 20, 9], b: [3, 8, 9], transposeA: false, transposeB: true },
    { a: [1, 6, 70], b: [1, 16, 6], transposeA: true, transposeB: true },
    { a: [1, 100, 1300], b: [1, 1300, 24], transposeA: false, transposeB: false },
  ])("agrees with the CPU backend: %o", async ({ a, b, transposeA, transposeB }) => {
    await expectSame({ name: "BatchMatMul", inputs: { a, b }, attrs: { transposeA, transposeB } }, random);
    const columns = b[transposeB ? 1 : 2] as number;
    await expectSame(
      {
        name: "_FusedMatMul",
        inputs: { a, b, bias: [columns] },
        attrs: { transposeA, transposeB, activation: "relu" },
      },
      random,
    );
  });
});

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

describe("unary functions", () => {
  const values = [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1e-8,
    3.7,
    -3.7,
    20,
    -20,
    87,
    -87,
    89,
    1e30,
    -1e30,
    Infinity,
    -Infinity,
    NaN,
  ];
  test.for(
    [
      "Relu",
      "Relu6",
      "Neg",
      "Abs",
      "Square",
      "Sqrt",
      "Rsqrt",
      "Reciprocal",
      "Exp",
      "Log",
      "Sigmoid",
      "Tanh",
      "Softplus",
    ].concat(["Elu", "Floor", "Ceil", "Round"]),
  )("%s agrees with the CPU backend on special values and at random", async (name) => {
    for (const value of values) await expectSame({ name, inputs: { x: { shape: [1], values: [value] } } }, random);
    await expectSame({ name, inputs: { x: [40_003] } }, random);
  });

  test("Step, LeakyRelu and ClipByValue take their parameters", async () => {
    await expectSame({ name: "Step", inputs: { x: [37] }, attrs: { alpha: 0.25 } }, random);
    await expectSame({ name: "LeakyRelu", inputs: { x: [37] }, attrs: { alpha: 0.1 } }, random);
    await expectSame(
      { name: "ClipByValue", inputs: { x: [37] }, attrs: { clipValueMin: -0.5, clipValueMax: 0.25 } },
      random,
    );
  });
});

describe("binary functions", () => {
  test.for(["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "SquaredDifference"])(
    "%s broadcasts as the CPU backend does",
    async (name) => {
      const shapes: [number[], number[]][] = [
        [[40_001], [40_001]],
        [[3, 5], []],
        [[], [3, 5]],
        [[4, 6, 10], [10]],
        [
          [4, 6, 10],
          [6, 1],
        ],
        [
          [4, 1, 10],
          [6, 10],
        ],
        [[1], [7]],
        [
          [2, 3, 4, 5],
          [2, 1, 4, 1],
        ],
        [
          [0, 3],
          [1, 3],
        ],
      ];
      for (const [a, b] of shapes) await expectSame({ name, inputs: { a, b } }, random);
    },
  );
});

describe("reductions", () => {
  test.for(["Sum", "Mean", "Max", "Min"])("%s agrees with the CPU backend over any axes", async (name) => {
    for (const [x, axis] of [
      [[7], [0]],
      [[20_000], [0]],
      [[3, 12_000, 6], [1]],
      [[2, 60_000], [1]],
      [[40_009, 2], [0]],
      [[5, 33], [1]],
      [[5, 33], [0]],
      [
        [2, 3, 4, 5],
        [1, 2],
      ],
      [
        [2, 3, 4, 5],
        [2, 3],
      ],
      [
        [2, 3, 4, 5],
        [0, 1, 2, 3],
      ],
    ] as const) {
      const call = { name, inputs: { x }, attrs: { axis, reductionIndices: axis, keepDims: false } };
      // Long sums of numbers of both signs come to less than what was rounded on the way.
      await expectSame(call, random, x[0] > 10_000 || (x[1] ?? 0) > 10_000 ? 1e-5 : 2e-6);
    }
  });

  test("softmax agrees with the CPU backend", async () => {
    for (const logits of [
      [3, 10],
      [1, 1],
      [64, 1000],
    ])
      await expectSame({ name: "Softmax", inputs: { logits }, attrs: { dim: -1 } }, random);
  });
});

describe("cast", () => {
  test.for([
    ["bool", "float32"],
    ["bool", "int32"],
    ["int32", "float32"],
  ] as const)("from %s to %s gives values that every kernel reads rightly", async ([from, to]) => {
    await tf.setBackend("featuremap-wasm");
    const [values, total] = tf.tidy(() => {
      const cast = tf.cast(tf.tensor1d([1, 0, 1, 1], from), to);
      return [cast, tf.sum(cast)];
    });
    expect(values.dtype).toBe(to);
    expect(await total.data()).toEqual(to === "int32" ? Int32Array.of(3) : Float32Array.of(3));
    expect(await values.data()).toEqual(to === "int32" ? Int32Array.of(1, 0, 1, 1) : Float32Array.of(1, 0, 1, 1));
    tf.dispose([values, total]);
  });
});

import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import { convolutionGradients } from "./convolution.ts";
import { distinctValues, gradientMismatches, watchGradients } from "../../testing/numerical-gradient.ts";
import { registerGradients } from "../register-gradients.ts";

useBackend();
const unused = watchGradients(convolutionGradients);
afterAll(() => expect(unused(), "gradients that no test used").toEqual([]));

type Padding = tf.Conv2DAttrs["pad"];
type Pair = [number, number];

interface Case {
  readonly image: [number, number, number, number];
  readonly kernel: Pair;
  readonly strides?: Pair;
  readonly padding: Padding;
  readonly dilation?: Pair;
}

const explicit: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];

const cases: Case[] = [
  { image: [2, 4, 5, 2], kernel: [3, 2], padding: "valid" },
  { image: [2, 4, 5, 2], kernel: [3, 2], padding: "same" },
  { image: [1, 5, 6, 2], kernel: [3, 3], strides: [2, 3], padding: "valid" },
  { image: [1, 5, 6, 2], kernel: [2, 3], strides: [3, 2], padding: "same" },
  { image: [1, 4, 4, 2], kernel: [3, 3], padding: 1 },
  { image: [1, 4, 4, 1], kernel: [3, 3], strides: [2, 2], padding: explicit },
  { image: [2, 6, 7, 2], kernel: [3, 2], padding: "valid", dilation: [2, 3] },
  { image: [2, 6, 7, 2], kernel: [3, 2], padding: "same", dilation: [2, 3] },
  { image: [1, 5, 5, 1], kernel: [2, 2], padding: "same", dilation: [3, 3] },
  { image: [1, 5, 5, 1], kernel: [3, 3], padding: "same", dilation: [4, 1] },
  { image: [1, 5, 5, 1], kernel: [3, 3], padding: 2, dilation: [2, 2] },
  { image: [1, 5, 5, 1], kernel: [2, 3], padding: 3, dilation: [2, 2] },
  { image: [1, 5, 5, 1], kernel: [2, 3], padding: 1, dilation: [2, 2] },
  { image: [1, 6, 5, 1], kernel: [3, 2], padding: 1, dilation: [2, 3] },
  { image: [1, 6, 5, 1], kernel: [3, 1], padding: 0, dilation: [2, 1] },
  { image: [1, 4, 5, 2], kernel: [3, 2], padding: 1 },
  { image: [1, 5, 6, 1], kernel: [2, 2], padding: explicit, dilation: [2, 3] },
];

const plain: Pair = [1, 1];

function named(entry: Case): [string, Case] {
  const parts = Object.entries(entry).map(([part, value]) => `${part} ${JSON.stringify(value)}`);
  return [parts.join(", "), entry];
}

describe("conv2d", () => {
  test.for(cases.map(named))(
    "has the slopes that differences show: %s",
    ([, { image, kernel, strides = plain, padding, dilation = plain }]) => {
      const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
        tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, padding, "NHWC", dilation);
      const inputs = [distinctValues(image, -1, 1), distinctValues([...kernel, image[3], 3], -1, 1, 3)];
      expect(gradientMismatches(f, inputs)).toEqual([]);
    },
  );

  test.for([
    ["same", 1],
    ["same", 2],
    ["valid", 2],
    [
      [
        [0, 0],
        [0, 0],
        [1, 2],
        [2, 0],
      ],
      2,
    ],
  ] as [Padding, number][])("has them with channels first, padding %j, dilation %s", ([padding, dilation]) => {
    const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, padding, "NCHW", dilation);
    expect(gradientMismatches(f, [distinctValues([1, 2, 4, 5], -1, 1), distinctValues([2, 2, 2, 2])])).toEqual([]);
  });

  test.for(["floor", "round", "ceil"] as const)("has them where output sizes are rounded: %s", (rounding) => {
    const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 1, "NHWC", 1, rounding);
    expect(gradientMismatches(f, [distinctValues([1, 4, 5, 1], -1, 1), distinctValues([3, 3, 1, 2])])).toEqual([]);
  });

  test("has them for one image without a batch axis", () => {
    const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.conv2d(x as tf.Tensor3D, filter as tf.Tensor4D, 1, "same", "NHWC", 2);
    expect(gradientMismatches(f, [distinctValues([4, 4, 2], -1, 1), distinctValues([2, 2, 2, 2])])).toEqual([]);
  });

  test("with dilation costs no more multiplications than without", async () => {
    registerGradients();
    const [x, filter] = [distinctValues([1, 12, 12, 1]), distinctValues([3, 3, 1, 1])] as [tf.Tensor4D, tf.Tensor4D];
    const convolve = (...[image, weights]: tf.Tensor[]): tf.Tensor =>
      tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, 1, "same", "NHWC", 4);
    const profile = await tf.profile(() =>
      tf
        .grads(convolve)([x, filter])
        .map((gradient) => tf.dispose(gradient)),
    );
    const filterGradient = profile.kernels.find(({ name: kernel }) => kernel === tf.Conv2DBackpropFilter);
    expect(filterGradient?.outputShapes).toEqual([[3, 3, 1, 1]]);
    tf.dispose([x, filter]);
  });

  test("can be differentiated twice", () => {
    registerGradients();
    const slope = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.grad((image: tf.Tensor) => tf.square(tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 1, "same")))(x);
    expect(gradientMismatches(slope, [distinctValues([1, 3, 3, 1], -1, 1), distinctValues([2, 2, 1, 2])])).toEqual([]);
    const filterSlope = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.grad((weights: tf.Tensor) => tf.square(tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, 1, "same")))(
        filter,
      );
    expect(
      gradientMismatches(filterSlope, [distinctValues([1, 3, 3, 1], -1, 1), distinctValues([2, 2, 1, 2])]),
    ).toEqual([]);
  });
});

test.for(["same", "valid"] as const)("conv2dTranspose has the slopes that differences show, %s", (padding) => {
  const size: [number, number, number, number] = padding === "same" ? [1, 6, 5, 2] : [1, 7, 7, 2];
  const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, size, 2, padding);
  expect(gradientMismatches(f, [distinctValues([1, 3, 3, 1], -1, 1), distinctValues([3, 3, 2, 1])])).toEqual([]);
});

describe("depthwiseConv2d", () => {
  test.for(cases.filter(({ padding }) => typeof padding !== "object").map(named))(
    "has the slopes that differences show: %s",
    ([, { image, kernel, strides = plain, padding, dilation = plain }]) => {
      const f = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
        tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, padding, "NHWC", dilation);
      const inputs = [distinctValues(image, -1, 1), distinctValues([...kernel, image[3], 2], -1, 1, 3)];
      expect(gradientMismatches(f, inputs)).toEqual([]);
    },
  );

  test("cannot be trained with channels first, and says so", () => {
    registerGradients();
    tf.tidy(() => {
      const { gradFunc } = tf.getGradient(tf.DepthwiseConv2dNative);
      const saved = [tf.ones([1, 2, 4, 2]), tf.ones([2, 2, 2, 1])];
      const attributes = { strides: 1, pad: "same", dataFormat: "NCHW", dilations: 1 };
      expect(() => gradFunc(tf.ones([1, 2, 4, 2]), saved, attributes)).toThrow(
        expect.objectContaining({ code: "INVALID_CONFIG", option: "dataFormat" }),
      );
    });
  });
});

test("separableConv2d has the slopes that differences show", () => {
  const f = (x: tf.Tensor, depthwise: tf.Tensor, pointwise: tf.Tensor): tf.Tensor =>
    tf.separableConv2d(x as tf.Tensor4D, depthwise as tf.Tensor4D, pointwise as tf.Tensor4D, 1, "same", [2, 2]);
  const inputs = [
    distinctValues([1, 4, 4, 2], -1, 1),
    distinctValues([2, 2, 2, 1], -1, 1),
    distinctValues([1, 1, 2, 3], -1, 1),
  ];
  expect(gradientMismatches(f, inputs)).toEqual([]);
});

test("strides and dilation at once cannot be trained, and it says so", () => {
  registerGradients();
  tf.tidy(() => {
    const { gradFunc } = tf.getGradient(tf.Conv2D);
    const saved = [tf.ones([1, 5, 5, 1]), tf.ones([2, 2, 1, 1])];
    const attributes = { strides: 2, pad: "valid", dataFormat: "NHWC", dilations: 2 };
    expect(() => gradFunc(tf.ones([1, 2, 2, 1]), saved, attributes)).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "strides" }),
    );
  });
});

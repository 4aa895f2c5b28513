import {
  Conv1D,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Dense,
  DepthwiseConv2D,
  Flatten,
  type Layer,
  Model,
  SeparableConv2D,
  Sequential,
  SpectralNormalization,
} from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { filtersOf } from "./index.ts";
import { modelOf, networkNamed } from "./testing/golden-networks.ts";

/** A model of one layer whose kernel counts up from 0. */
function counting(layer: Layer, inputShape: readonly number[]): Sequential {
  const model = new Sequential([layer]);
  model.build([null, ...inputShape]);
  const values = layer.weights.map(
    ({ shape }) =>
      new HostArray(
        Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, place) => place),
        shape,
      ),
  );
  layer.setWeights(values);
  return model;
}

/** Of kernels of height 1, filter by filter, pixel by pixel. */
const kernels: readonly [string, Layer, readonly number[], readonly (readonly number[][])[]][] = [
  [
    "Conv2D",
    new Conv2D({ filters: 2, kernelSize: [1, 2] }),
    [4, 4, 3],
    [
      [
        [0, 2, 4],
        [6, 8, 10],
      ],
      [
        [1, 3, 5],
        [7, 9, 11],
      ],
    ],
  ],
  [
    "Conv2D in groups",
    new Conv2D({ filters: 2, kernelSize: [1, 2], groups: 2 }),
    [4, 4, 2],
    [
      [[0], [2]],
      [[1], [3]],
    ],
  ],
  [
    "Conv1D",
    new Conv1D({ filters: 2, kernelSize: 2 }),
    [4, 1],
    [
      [[0], [2]],
      [[1], [3]],
    ],
  ],
  [
    "Conv2DTranspose",
    new Conv2DTranspose({ filters: 2, kernelSize: [1, 2] }),
    [4, 4, 3],
    [
      [
        [0, 1, 2],
        [6, 7, 8],
      ],
      [
        [3, 4, 5],
        [9, 10, 11],
      ],
    ],
  ],
  [
    "DepthwiseConv2D",
    new DepthwiseConv2D({ kernelSize: [1, 2], depthMultiplier: 2 }),
    [4, 4, 2],
    [
      [[0], [4]],
      [[1], [5]],
      [[2], [6]],
      [[3], [7]],
    ],
  ],
  [
    "SeparableConv2D",
    new SeparableConv2D({ filters: 3, kernelSize: [1, 2] }),
    [4, 4, 2],
    [
      [[0], [2]],
      [[1], [3]],
    ],
  ],
  [
    "a wrapped Conv2D",
    new SpectralNormalization({ layer: new Conv2D({ filters: 1, kernelSize: [1, 2] }) }),
    [4, 4, 1],
    [[[0], [1]]],
  ],
];

test.each(kernels)("filters of %s are pictures, channels last", async (_what, layer, inputShape, expected) => {
  const model = counting(layer, inputShape);
  const { filters } = await filtersOf(model);
  expect(filters.shape).toEqual([expected.length, 1, 2, expected[0]?.[0]?.length]);
  expect(filters.toNested()).toEqual(expected.map((filter) => [filter]));
});

test("the first convolution is shown unless another is named, also one within", async () => {
  const network = networkNamed("n1");
  const backbone = modelOf(network);
  const model = new Model({ inputs: backbone.inputs, outputs: backbone.apply(backbone.inputs) });
  const [first, named, indexed] = [
    await filtersOf(backbone),
    await filtersOf(model, `${backbone.name}/conv2d_2`),
    await filtersOf(backbone, 3),
  ];
  expect([first.layer, ...first.filters.shape]).toEqual(["conv2d", 3, 3, 3, 1]);
  expect([named.layer, ...named.filters.shape]).toEqual([`${backbone.name}/conv2d_2`, 5, 2, 2, 4]);
  expect(indexed.layer).toBe("conv2d_1");
  const kernel = network.weights[0];
  // Keras's kernel is (height, width, channels, filters).
  expect(first.filters.at(2, 0, 1, 0)).toBe(Math.fround(kernel?.values[1 * 3 + 2] ?? 0));
});

test("what has no such filters is refused by name", async () => {
  const dense = new Sequential([new Flatten({ inputShape: [2, 2, 1] }), new Dense({ units: 2, name: "classes" })]);
  await expect(filtersOf(dense)).rejects.toThrow(
    /filtersOf: model must be one with a convolution \(its layers: flatten, classes\), received/,
  );
  await expect(filtersOf(dense, "classes")).rejects.toThrow(/layer must be a convolution, received "classes"/);
  await expect(filtersOf(dense, "clases")).rejects.toThrow(/did you mean classes\?/);
  const volumes = new Sequential([new Conv3D({ filters: 1, kernelSize: 2, inputShape: [3, 3, 3, 1] })]);
  await expect(filtersOf(volumes)).rejects.toThrow(
    /layer must be a convolution of images or of rows, received "Conv3D"/,
  );
});

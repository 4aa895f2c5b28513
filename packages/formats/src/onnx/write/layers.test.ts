import {
  Activation,
  AdaptiveAveragePooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveAveragePooling3D,
  AdaptiveMaxPooling2D,
  Add,
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  Average,
  BatchNormalization,
  CenterCrop,
  Concatenate,
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Conv3DTranspose,
  Cropping1D,
  Cropping2D,
  Cropping3D,
  CustomScaleLayer,
  Dense,
  DepthwiseConv1D,
  DepthwiseConv2D,
  Dot,
  ELU,
  Flatten,
  GaussianNoise,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling2D,
  GroupNormalization,
  Input,
  type Layer,
  LayerNormalization,
  LayerScale,
  LeakyReLU,
  MaxPooling1D,
  MaxPooling2D,
  MaxPooling3D,
  Maximum,
  Minimum,
  Model,
  Multiply,
  Normalization,
  PReLU,
  Permute,
  RMSNormalization,
  RandomFlip,
  ReLU,
  RepeatVector,
  Rescaling,
  Reshape,
  Resizing,
  SeparableConv1D,
  SeparableConv2D,
  Sequential,
  Softmax,
  SpatialDropout2D,
  SpectralNormalization,
  StochasticDepth,
  Subtract,
  UnitNormalization,
  UpSampling1D,
  UpSampling2D,
  UpSampling3D,
  ZeroPadding1D,
  ZeroPadding2D,
  ZeroPadding3D,
} from "@featuremap/layers";
import { FormatError } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { runOnnx } from "@featuremap/testing/onnx-runtime";
import { describe, expect, test } from "vitest";
import { farthest, fillWeights, predictAll, someInputs } from "../../testing/onnx-models.ts";
import { loadOnnx } from "../read/load-onnx.ts";
import { encodeOnnx } from "./encode-onnx.ts";

useBackend();

/** How far what ONNX Runtime makes of a model's file, and what `loadOnnx` does, are from what the model predicts. */
async function distances(model: Model): Promise<number[]> {
  fillWeights(model);
  const inputs = someInputs(model);
  const [ours] = await predictAll(model, inputs);
  const file = await encodeOnnx(model);
  model.dispose();
  const [theirs] = await runOnnx(file, inputs);
  const again = await readAgain(file, inputs);
  if (ours === undefined || theirs === undefined) throw new Error("no output");
  return [theirs, ...again].map((other) => farthest(ours, other));
}

/** What `loadOnnx` makes of it, unless it has no layers for what a layer was taken apart to. */
async function readAgain(file: Uint8Array, inputs: Parameters<typeof predictAll>[1]): ReturnType<typeof predictAll> {
  try {
    const { model } = await loadOnnx(file, { layout: "file" });
    const outputs = await predictAll(model, inputs);
    model.dispose();
    return outputs;
  } catch (error) {
    const known =
      /(Greater|Less|ReduceLogSumExp) [^ ]*: no such operator|MatMul [^ ]*: input 1 that is computed|several open lengths/;
    if (error instanceof FormatError && known.test(error.message)) return [];
    throw error;
  }
}

const row = [9, 4] as const;
const image = [7, 6, 4] as const;
const volume = [5, 6, 4, 4] as const;

const layers: readonly (readonly [readonly (number | null)[], () => Layer])[] = [
  [row, () => new Conv1D({ filters: 3, kernelSize: 3, padding: "causal", dilationRate: 2 })],
  [row, () => new Conv1D({ filters: 4, kernelSize: 4, strides: 2, padding: "same", groups: 2, activation: "relu" })],
  [image, () => new Conv2D({ filters: 6, kernelSize: [3, 2], strides: 2, padding: "same", activation: "elu" })],
  [image, () => new Conv2D({ filters: 6, kernelSize: 3, dilationRate: [1, 2], padding: "same", groups: 2 })],
  [[null, null, 4], () => new Conv2D({ filters: 2, kernelSize: 4, padding: "same", useBias: false })],
  [[null, null, 4], () => new Conv2D({ filters: 2, kernelSize: 3, strides: 2, padding: "same" })],
  [[4, 7, 6], () => new Conv2D({ filters: 3, kernelSize: 3, dataFormat: "channelsFirst", strides: [2, 1] })],
  [volume, () => new Conv3D({ filters: 3, kernelSize: 2, padding: "same", strides: [2, 1, 2] })],
  [row, () => new Conv1DTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" })],
  [image, () => new Conv2DTranspose({ filters: 3, kernelSize: 3, strides: 2 })],
  [image, () => new Conv2DTranspose({ filters: 3, kernelSize: [1, 3], strides: 3, padding: "same" })],
  [image, () => new Conv2DTranspose({ filters: 3, kernelSize: 4, strides: 2, padding: "same", outputPadding: 1 })],
  [image, () => new Conv2DTranspose({ filters: 3, kernelSize: 3, dilationRate: 2, padding: "same" })],
  [[null, null, 4], () => new Conv2DTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" })],
  [volume, () => new Conv3DTranspose({ filters: 2, kernelSize: 2, strides: 2 })],
  [row, () => new DepthwiseConv1D({ kernelSize: 3, depthMultiplier: 2, strides: 2 })],
  [image, () => new DepthwiseConv2D({ kernelSize: 3, depthMultiplier: 2, strides: 2, padding: "same" })],
  [image, () => new DepthwiseConv2D({ kernelSize: 3, dilationRate: 2 })],
  [row, () => new SeparableConv1D({ filters: 5, kernelSize: 3, padding: "same" })],
  [image, () => new SeparableConv2D({ filters: 5, kernelSize: 3, depthMultiplier: 2, activation: "relu6" })],
  [[5], () => new Dense({ units: 3, activation: "softmax" })],
  [image, () => new Dense({ units: 3, activation: "softmax" })],
  [image, () => new Flatten()],
  [image, () => new Flatten({ dataFormat: "channelsFirst" })],
  [image, () => new BatchNormalization({ scale: false })],
  [image, () => new BatchNormalization({ axis: 1, center: false })],
  [[5], () => new BatchNormalization()],
  [image, () => new LayerNormalization()],
  [image, () => new LayerNormalization({ axis: [1, 3], center: false })],
  [image, () => new LayerNormalization({ rmsScaling: true })],
  [image, () => new RMSNormalization({ axis: [2, 3] })],
  [image, () => new UnitNormalization({ axis: -1 })],
  [image, () => new UnitNormalization({ axis: [1, 2] })],
  [image, () => new GroupNormalization({ groups: 2 })],
  [[null, null, 4], () => new GroupNormalization({ groups: -1, scale: false })],
  [[6, 4, 3], () => new GroupNormalization({ groups: 3, axis: 1 })],
  [image, () => new LayerScale({ initValues: 1, projectionDim: 4 })],
  [image, () => new StochasticDepth({ dropPathRate: 0.5 })],
  [image, () => new Normalization()],
  [image, () => new Normalization({ mean: [1, 2, 3, 4], variance: [1, 4, 0, 2] })],
  [image, () => new Normalization({ axis: null, mean: 2, variance: 3, invert: true })],
  [image, () => new SpectralNormalization({ layer: new Conv2D({ filters: 2, kernelSize: 2 }) })],
  [row, () => new AveragePooling1D({ poolSize: 2, padding: "same" })],
  [image, () => new AveragePooling2D({ poolSize: 3, strides: 2, padding: "same" })],
  [volume, () => new AveragePooling3D({ poolSize: 2, padding: "same" })],
  [row, () => new MaxPooling1D({ poolSize: 3, padding: "same" })],
  [image, () => new MaxPooling2D({ poolSize: 3, strides: 2, padding: "same" })],
  [[4, 7, 6], () => new MaxPooling2D({ dataFormat: "channelsFirst" })],
  [volume, () => new MaxPooling3D({ poolSize: [1, 2, 3] })],
  [row, () => new GlobalAveragePooling1D()],
  [image, () => new GlobalAveragePooling2D({ keepDims: true })],
  [volume, () => new GlobalAveragePooling3D()],
  [image, () => new GlobalMaxPooling2D()],
  [row, () => new AdaptiveAveragePooling1D({ outputSize: 4 })],
  [image, () => new AdaptiveAveragePooling2D({ outputSize: [3, 2] })],
  [volume, () => new AdaptiveAveragePooling3D({ outputSize: [2, 4, 3] })],
  [image, () => new AdaptiveMaxPooling2D({ outputSize: [3, 2] })],
  [image, () => new AdaptiveAveragePooling2D({ outputSize: [7, 3] })],
  [row, () => new ZeroPadding1D({ padding: [1, 2] })],
  [
    image,
    () =>
      new ZeroPadding2D({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
  ],
  [volume, () => new ZeroPadding3D({ padding: 1 })],
  [row, () => new Cropping1D({ cropping: 2 })],
  [
    [null, null, 4],
    () =>
      new Cropping2D({
        cropping: [
          [1, 0],
          [0, 2],
        ],
      }),
  ],
  [volume, () => new Cropping3D({ cropping: 1 })],
  [row, () => new UpSampling1D()],
  [image, () => new UpSampling2D({ size: [3, 2] })],
  [[null, null, 4], () => new UpSampling2D({ interpolation: "bilinear" })],
  [image, () => new UpSampling2D({ interpolation: "bicubic" })],
  [volume, () => new UpSampling3D({ size: [1, 2, 3] })],
  [image, () => new Resizing({ height: 4, width: 9 })],
  [image, () => new Resizing({ height: 11, width: 4, interpolation: "nearest" })],
  [image, () => new CenterCrop({ height: 4, width: 3 })],
  [image, () => new Rescaling(1 / 127.5, { offset: -1 })],
  [image, () => new Rescaling({ scale: [1, 2, 3, 4], offset: [0, 1, 0, 1] })],
  [image, () => new Permute([3, 1, 2])],
  [image, () => new Reshape([3, -1])],
  [[4], () => new Reshape([1, 1, 4])],
  [[4], () => new RepeatVector(3)],
  [image, () => new ReLU({ maxValue: 0.5, negativeSlope: 0.2, threshold: 0.1 })],
  [image, () => new ReLU({ negativeSlope: 0.2 })],
  [image, () => new LeakyReLU()],
  [image, () => new ELU({ alpha: 0.5 })],
  [image, () => new PReLU({ sharedAxes: [1, 2] })],
  [image, () => new PReLU()],
  [image, () => new Softmax({ axis: 1 })],
  [image, () => new Softmax({ axis: [1, 2] })],
  [image, () => new Activation("glu")],
  [image, () => new SpatialDropout2D({ rate: 0.5 })],
  [image, () => new GaussianNoise({ stddev: 1 })],
  [image, () => new RandomFlip()],
];

describe("ONNX Runtime computes what we do for", () => {
  test.for(layers.map(([shape, make], index) => [`${make().className} (${index})`, shape, make] as const))(
    "%s",
    async ([, shape, make]) => {
      const input = Input({ shape });
      const alone = new Model({ inputs: input, outputs: make().apply(input) });
      for (const distance of await distances(alone)) expect(distance).toBeLessThan(1e-5);
      // With its channels moved by a convolution before it.
      if (shape.length < 2) return;
      const before = Input({ shape });
      const moved =
        shape.length === 2
          ? new Conv1D({ filters: 4, kernelSize: 1 })
          : shape.length === 3
            ? new Conv2D({ filters: shape.at(-1) ?? 1, kernelSize: 1 })
            : new Conv3D({ filters: 4, kernelSize: 1 });
      const after = make().apply(moved.apply(before));
      for (const distance of await distances(new Model({ inputs: before, outputs: after })))
        expect(distance).toBeLessThan(1e-5);
    },
  );

  const activations = [
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "sigmoid",
    "hard_sigmoid",
    "tanh",
    "softmax",
    "log_softmax",
    "silu",
    "hard_silu",
    "softplus",
    "softsign",
    "exponential",
    "mish",
    "celu",
    "log_sigmoid",
    "hard_tanh",
    "hard_shrink",
    "soft_shrink",
    "tanh_shrink",
    "sparse_plus",
    "sparse_sigmoid",
    "squareplus",
    "sparsemax",
  ] as const;

  test.for(activations)("%s", async (activation) => {
    const model = new Sequential([
      new Conv2D({ filters: 5, kernelSize: 3, activation, inputShape: [5, 5, 3] }),
      new Rescaling(3),
      new Activation(activation),
    ]);
    for (const distance of await distances(model)) expect(distance).toBeLessThan(1e-5);
  });

  const merging: readonly Layer[] = [
    new Add(),
    new Average(),
    new Maximum(),
    new Minimum(),
    new Multiply(),
    new Subtract(),
    new Concatenate(),
    new Concatenate({ axis: 1 }),
    new Dot({ axes: [3, 3], normalize: true }),
    new Dot({ axes: [1, 1] }),
    new CustomScaleLayer({ scale: 0.3 }),
  ];

  test.for(merging.map((layer) => [layer.name, layer] as const))("%s", async ([, layer]) => {
    const [a, b] = [Input({ shape: [4, 3, 2] }), Input({ shape: [4, 3, 2] })];
    const moved = new Conv2D({ filters: 2, kernelSize: 1 }).apply(a);
    const model = new Model({ inputs: [a, b], outputs: layer.apply([moved, b]) });
    for (const distance of await distances(model)) expect(distance).toBeLessThan(1e-5);
  });

  test("a tensor of fewer axes that is added", async () => {
    const [a, b] = [Input({ shape: [4, 3, 2] }), Input({ shape: [2] })];
    const moved = new Conv2D({ filters: 2, kernelSize: 1 }).apply(a);
    const model = new Model({ inputs: [a, b], outputs: new Add().apply([moved, b]) });
    for (const distance of await distances(model)) expect(distance).toBeLessThan(1e-5);
  });
});

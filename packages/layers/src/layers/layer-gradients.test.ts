import { type FixedShape, RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import {
  distinctValues,
  variableGradientMismatches,
} from "@featuremap/operations/~internal/testing/numerical-gradient";
import * as layers from "../index.ts";
import * as secondNames from "../saving/second-names.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

interface Check {
  readonly make: () => layers.Layer;
  readonly inputs: readonly FixedShape[];
  /** Whether the pass trains. A layer that draws begins with the same seed each time. Default: true. */
  readonly training?: boolean;
  /** Between which values inputs lie. Default: -2 and 2. */
  readonly range?: readonly [number, number];
  /** How far inputs and weights are moved. */
  readonly step?: number;
}

const row: FixedShape = [2, 5];
const signal: FixedShape = [2, 6, 2];
const image: FixedShape = [2, 4, 5, 2];
const volume: FixedShape = [1, 3, 4, 3, 2];
const pair: readonly FixedShape[] = [
  [2, 3, 2],
  [2, 3, 2],
];

const one = (make: () => layers.Layer, input: FixedShape, options: Omit<Check, "make" | "inputs"> = {}): Check => ({
  make,
  inputs: [input],
  ...options,
});
const rgb: FixedShape = [2, 4, 5, 3];
const augmenting = { range: [0.2, 0.8], training: true } as const;
/** Far apart, for layers with many kinks. */
const bytes = { range: [20, 200], step: 0.1, training: true } as const;
/** For layers that round to whole numbers. */
const fractions = { ...bytes, step: 0.01 } as const;

/** A layer of every class that there is. */
const checks: Readonly<Record<string, Check>> = {
  Activation: one(() => new layers.Activation("softplus"), row),
  ActivityRegularization: one(() => new layers.ActivityRegularization({ l1: 0.3, l2: 0.2 }), row),
  AlphaDropout: one(() => new layers.AlphaDropout({ rate: 0.4, seed: 1 }), row),
  AdaptiveAveragePooling1D: one(() => new layers.AdaptiveAveragePooling1D({ outputSize: 4 }), signal),
  AdaptiveAveragePooling2D: one(() => new layers.AdaptiveAveragePooling2D({ outputSize: [3, 2] }), image),
  AdaptiveAveragePooling3D: one(() => new layers.AdaptiveAveragePooling3D({ outputSize: [2, 3, 1] }), volume),
  AdaptiveMaxPooling1D: one(() => new layers.AdaptiveMaxPooling1D({ outputSize: 4 }), signal),
  AdaptiveMaxPooling2D: one(() => new layers.AdaptiveMaxPooling2D({ outputSize: [3, 2] }), image),
  AdaptiveMaxPooling3D: one(() => new layers.AdaptiveMaxPooling3D({ outputSize: [2, 3, 1] }), volume),
  Add: { make: () => new layers.Add(), inputs: pair },
  AugMix: one(() => new layers.AugMix({ allOps: false, seed: 6 }), rgb, bytes),
  AutoContrast: one(() => new layers.AutoContrast({}), image, bytes),
  Average: { make: () => new layers.Average(), inputs: pair },
  AveragePooling1D: one(() => new layers.AveragePooling1D({ poolSize: 3, strides: 2, padding: "same" }), signal),
  AveragePooling2D: one(() => new layers.AveragePooling2D({ poolSize: 3, strides: 2, padding: "same" }), image),
  AveragePooling3D: one(() => new layers.AveragePooling3D({ poolSize: 2, padding: "same" }), volume),
  BatchNormalization: one(() => new layers.BatchNormalization(), image),
  CenterCrop: one(() => new layers.CenterCrop({ height: 2, width: 3 }), image),
  Concatenate: { make: () => new layers.Concatenate({ axis: 1 }), inputs: pair },
  ContrastLimitedAdaptiveHistogramEqualization: one(
    () => new layers.ContrastLimitedAdaptiveHistogramEqualization({ tileGridSize: [2, 2] }),
    image,
    fractions,
  ),
  Conv1D: one(() => new layers.Conv1D({ filters: 2, kernelSize: 3, activation: "tanh" }), signal),
  Conv1DTranspose: one(() => new layers.Conv1DTranspose({ filters: 2, kernelSize: 3, strides: 2 }), signal),
  Conv2D: one(() => new layers.Conv2D({ filters: 2, kernelSize: 3, activation: "sigmoid" }), image),
  Conv2DTranspose: one(() => new layers.Conv2DTranspose({ filters: 2, kernelSize: 3, strides: 2 }), image),
  Conv3D: one(() => new layers.Conv3D({ filters: 2, kernelSize: 2, activation: "tanh" }), volume),
  Conv3DTranspose: one(() => new layers.Conv3DTranspose({ filters: 2, kernelSize: 2, strides: 2 }), volume),
  Cropping1D: one(() => new layers.Cropping1D({ cropping: [1, 2] }), signal),
  Cropping2D: one(() => new layers.Cropping2D({ cropping: 1 }), image),
  Cropping3D: one(() => new layers.Cropping3D({ cropping: [1, 1, 0] }), volume),
  CustomScaleLayer: { make: () => new layers.CustomScaleLayer({ scale: 0.3 }), inputs: pair },
  CutMix: { make: () => new layers.CutMix({ seed: 1 }), inputs: [image, [2, 3]] },
  Dense: one(() => new layers.Dense({ units: 3, activation: "softmax" }), row),
  DepthwiseConv1D: one(() => new layers.DepthwiseConv1D({ kernelSize: 3, depthMultiplier: 2 }), signal),
  DepthwiseConv2D: one(() => new layers.DepthwiseConv2D({ kernelSize: 3, depthMultiplier: 2 }), image),
  Dot: { make: () => new layers.Dot({ axes: 2, normalize: true }), inputs: pair },
  Dropout: one(() => new layers.Dropout({ rate: 0.4, seed: 1 }), row),
  ELU: one(() => new layers.ELU({ alpha: 0.5 }), row),
  Equalization: one(() => new layers.Equalization(), image, fractions),
  Flatten: one(() => new layers.Flatten(), image),
  GaussianDropout: one(() => new layers.GaussianDropout({ rate: 0.4, seed: 1 }), row),
  GaussianNoise: one(() => new layers.GaussianNoise({ stddev: 0.4, seed: 1 }), row),
  GlobalAveragePooling1D: one(() => new layers.GlobalAveragePooling1D(), signal),
  GlobalAveragePooling2D: one(() => new layers.GlobalAveragePooling2D(), image),
  GlobalAveragePooling3D: one(() => new layers.GlobalAveragePooling3D(), volume),
  GlobalMaxPooling1D: one(() => new layers.GlobalMaxPooling1D(), signal),
  GlobalMaxPooling2D: one(() => new layers.GlobalMaxPooling2D(), image),
  GlobalMaxPooling3D: one(() => new layers.GlobalMaxPooling3D(), volume),
  GroupNormalization: one(() => new layers.GroupNormalization({ groups: 2 }), [2, 3, 4]),
  Identity: one(() => new layers.Identity(), row),
  InputLayer: one(() => new layers.InputLayer({ batchShape: [null, 5] }), row),
  LayerNormalization: one(() => new layers.LayerNormalization(), row),
  LayerScale: one(() => new layers.LayerScale({ initValues: 0.5, projectionDim: 5 }), row),
  LeakyReLU: one(() => new layers.LeakyReLU(), row),
  MaxPooling1D: one(() => new layers.MaxPooling1D({ poolSize: 3, strides: 2, padding: "same" }), signal),
  MaxPooling2D: one(() => new layers.MaxPooling2D({ poolSize: 3, strides: 2, padding: "same" }), image),
  MaxPooling3D: one(() => new layers.MaxPooling3D({ poolSize: 2, padding: "same" }), volume),
  Maximum: { make: () => new layers.Maximum(), inputs: pair },
  Minimum: { make: () => new layers.Minimum(), inputs: pair },
  MixUp: { make: () => new layers.MixUp({ alpha: 1, seed: 1 }), inputs: [image, [2, 3]] },
  Model: one(() => {
    const input = layers.Input({ shape: [5] });
    const hidden = new layers.Dense({ units: 3, activation: "tanh" }).apply(input);
    return new layers.Model({ inputs: input, outputs: new layers.Dense({ units: 2 }).apply(hidden) });
  }, row),
  Multiply: { make: () => new layers.Multiply(), inputs: pair },
  Normalization: one(() => new layers.Normalization({ axis: -1, mean: [1, 2], variance: [2, 3] }), signal),
  PReLU: one(() => new layers.PReLU(), row),
  Permute: one(() => new layers.Permute([2, 1]), signal),
  Pipeline: one(
    () =>
      new layers.Pipeline({
        layers: [
          new layers.Dense({ units: 2, activityRegularizer: "l2", activation: "tanh" }),
          new layers.Dense({ units: 2 }),
        ],
      }),
    image,
  ),
  RandAugment: one(() => new layers.RandAugment({ seed: 4 }), rgb, bytes),
  RandomBrightness: one(
    () => new layers.RandomBrightness({ factor: 0.1, valueRange: [0, 1], seed: 1 }),
    image,
    augmenting,
  ),
  RandomColorDegeneration: one(() => new layers.RandomColorDegeneration({ factor: 0.2, seed: 1 }), rgb, bytes),
  RandomColorJitter: one(
    () =>
      new layers.RandomColorJitter({
        brightnessFactor: 0.05,
        contrastFactor: 0.1,
        saturationFactor: [0.45, 0.55],
        hueFactor: 0.1,
        seed: 1,
      }),
    rgb,
    bytes,
  ),
  RandomContrast: one(() => new layers.RandomContrast({ factor: 0.1, valueRange: [0, 1], seed: 1 }), image, augmenting),
  RandomCrop: one(() => new layers.RandomCrop({ height: 2, width: 3, seed: 1 }), image, augmenting),
  RandomElasticTransform: one(() => new layers.RandomElasticTransform({ factor: [1, 1], seed: 1 }), image, bytes),
  RandomErasing: one(() => new layers.RandomErasing({ factor: [1, 1], seed: 1 }), image, bytes),
  RandomFlip: one(() => new layers.RandomFlip({ seed: 1 }), image, augmenting),
  RandomGaussianBlur: one(() => new layers.RandomGaussianBlur({ factor: [1, 1], seed: 1 }), image, bytes),
  RandomGrayscale: one(() => new layers.RandomGrayscale({ seed: 1 }), rgb, bytes),
  RandomHue: one(() => new layers.RandomHue({ factor: 0.2, seed: 1 }), rgb, bytes),
  RandomInvert: one(() => new layers.RandomInvert({ seed: 1 }), image, bytes),
  RandomPerspective: one(() => new layers.RandomPerspective({ factor: [1, 1], seed: 1 }), image, augmenting),
  RandomPosterization: one(() => new layers.RandomPosterization({ factor: 3, seed: 1 }), image, fractions),
  RandomRotation: one(() => new layers.RandomRotation({ factor: 0.2, seed: 1 }), image, augmenting),
  RandomSaturation: one(
    () => new layers.RandomSaturation({ factor: [0.4, 0.45], valueRange: [0, 1], seed: 1 }),
    rgb,
    bytes,
  ),
  RandomSharpness: one(() => new layers.RandomSharpness({ factor: [0.3, 0.6], seed: 1 }), image, bytes),
  RandomShear: one(() => new layers.RandomShear({ xFactor: 0.3, yFactor: 0.3, seed: 1 }), image, augmenting),
  RandomTranslation: one(
    () => new layers.RandomTranslation({ heightFactor: 0.3, widthFactor: 0.3, seed: 1 }),
    image,
    augmenting,
  ),
  RandomZoom: one(() => new layers.RandomZoom({ heightFactor: 0.3, seed: 1 }), image, augmenting),
  ReLU: one(() => new layers.ReLU({ maxValue: 1.2, negativeSlope: 0.2 }), row),
  RMSNormalization: one(() => new layers.RMSNormalization(), row),
  RepeatVector: one(() => new layers.RepeatVector(3), row),
  Rescaling: one(() => new layers.Rescaling({ scale: 0.5, offset: -1 }), row),
  Reshape: one(() => new layers.Reshape([2, -1]), signal),
  Resizing: one(() => new layers.Resizing({ height: 3, width: 7 }), image),
  SeparableConv1D: one(() => new layers.SeparableConv1D({ filters: 3, kernelSize: 2, activation: "tanh" }), signal),
  SeparableConv2D: one(() => new layers.SeparableConv2D({ filters: 3, kernelSize: 2, activation: "tanh" }), image),
  Sequential: one(
    () =>
      new layers.Sequential([
        new layers.Dense({ units: 3, activation: "tanh", inputShape: [5] }),
        new layers.Dense({ units: 2 }),
      ]),
    row,
  ),
  Softmax: one(() => new layers.Softmax(), row),
  Solarization: one(
    () => new layers.Solarization({ additionFactor: 0.05, thresholdFactor: 0.9, seed: 1 }),
    image,
    bytes,
  ),
  SpatialDropout1D: one(() => new layers.SpatialDropout1D({ rate: 0.4, seed: 1 }), signal),
  SpatialDropout2D: one(() => new layers.SpatialDropout2D({ rate: 0.4, seed: 1 }), image),
  SpatialDropout3D: one(() => new layers.SpatialDropout3D({ rate: 0.4, seed: 1 }), volume),
  // While it trains each pass changes the kernel, which differences cannot show.
  SpectralNormalization: one(
    () => new layers.SpectralNormalization({ layer: new layers.Dense({ units: 3, activation: "tanh" }) }),
    row,
    { training: false },
  ),
  StochasticDepth: one(() => new layers.StochasticDepth({ dropPathRate: 0.5 }), row),
  Subtract: { make: () => new layers.Subtract(), inputs: pair },
  UnitNormalization: one(() => new layers.UnitNormalization(), row),
  UpSampling1D: one(() => new layers.UpSampling1D({ size: 2 }), signal),
  UpSampling2D: one(() => new layers.UpSampling2D({ size: 2, interpolation: "bilinear" }), image),
  UpSampling3D: one(() => new layers.UpSampling3D({ size: [2, 1, 3] }), volume),
  ZeroPadding1D: one(() => new layers.ZeroPadding1D({ padding: [1, 2] }), signal),
  ZeroPadding2D: one(() => new layers.ZeroPadding2D({ padding: 1 }), image),
  ZeroPadding3D: one(() => new layers.ZeroPadding3D({ padding: [[1, 0], 1, 0] }), volume),
};

/** Each class once. */
const exported = Object.entries(layers)
  .filter(([, value]) => typeof value === "function" && value.prototype instanceof layers.Layer)
  .filter(([name]) => !(name in secondNames))
  .map(([name]) => name);

test("every layer that is exported is checked below", () => {
  expect(Object.keys(checks).toSorted()).toEqual(exported.toSorted());
});

describe("the gradients by inputs and weights are those that differences show", () => {
  test.each(Object.entries(checks))("%s", (name, { make, inputs, range = [-2, 2], step = 0.01, training = true }) => {
    const layer = built(make, inputs);
    expect(layer.constructor.name).toBe(name);
    // No element of one input is an element of another, where a maximum would have a kink.
    const values = inputs.map((shape, index) =>
      distinctValues(shape, range[0] + index / 10, range[1] + index / 10, index),
    );
    const variables = values.map((tensor) => tf.variable(tensor));
    tf.dispose(values);
    const forward = (): tf.Tensor => {
      const losses: tf.Tensor[] = [];
      const again = draws(layer) ? built(make, inputs) : layer;
      const [output = tf.zeros([0])] = again.callAll(variables, { training, losses });
      // What a layer adds to the loss has a gradient too.
      return losses.length === 0 ? output : tf.concat([output, ...losses].map((tensor) => tf.reshape(tensor, [-1])));
    };
    const weights = layer.trainableWeights.map(({ variable }) => variable);
    expect(variableGradientMismatches(forward, [...variables, ...weights], { step })).toEqual([]);
    tf.dispose(variables);
    layer.dispose();
  });
});

function built(make: () => layers.Layer, inputs: readonly FixedShape[]): layers.Layer {
  const layer = make();
  layer.buildAll(inputs, new RandomStream(1));
  return layer;
}

/** Whether each call draws anew, so that a layer of the same seed must begin again for each. */
function draws(layer: layers.Layer): boolean {
  return "seed" in layer.getConfig() || layer instanceof layers.StochasticDepth;
}

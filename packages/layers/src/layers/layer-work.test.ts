import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as layersPackage from "../index.ts";
import { Input, Layer, Model } from "../index.ts";
import { countElements } from "../config/element-counts.ts";
import * as secondNames from "../saving/second-names.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

const image = [16, 16, 4];
const rgb = [16, 16, 3];
const row = [64, 4];
const volume = [8, 8, 8, 2];
const window1d = { poolSize: 33, strides: 1, padding: "same" } as const;
const window2d = { poolSize: 11, strides: 1, padding: "same" } as const;
const window3d = { poolSize: 5, strides: 1, padding: "same" } as const;
const kernel1d = { filters: 4, kernelSize: 33, padding: "same" } as const;
const kernel2d = { filters: 4, kernelSize: 11, padding: "same" } as const;
const depthwise1d = { kernelSize: 33, padding: "same", depthMultiplier: 3 } as const;
const depthwise2d = { kernelSize: 11, padding: "same", depthMultiplier: 3 } as const;

type Shape = readonly number[];

/** Options with which forgotten work would be many times what is counted, and inputs. */
const cases: Readonly<Record<string, readonly [options: object, ...inputs: Shape[]]>> = {
  Activation: [{ activation: "gelu" }, image],
  ActivityRegularization: [{}, image],
  AdaptiveAveragePooling1D: [{ outputSize: [7] }, row],
  AdaptiveAveragePooling2D: [{ outputSize: [7, 3] }, image],
  AdaptiveAveragePooling3D: [{ outputSize: [3, 2, 1] }, volume],
  AdaptiveMaxPooling1D: [{ outputSize: [7] }, row],
  AdaptiveMaxPooling2D: [{ outputSize: [7, 3] }, image],
  AdaptiveMaxPooling3D: [{ outputSize: [3, 2, 1] }, volume],
  Add: [{}, image, image],
  AlphaDropout: [{ rate: 0.5 }, image],
  AugMix: [{}, rgb],
  AutoContrast: [{}, image],
  Average: [{}, image, image],
  AveragePooling1D: [window1d, row],
  AveragePooling2D: [window2d, image],
  AveragePooling3D: [window3d, volume],
  BatchNormalization: [{}, image],
  CenterCrop: [{ height: 60, width: 60 }, image],
  Concatenate: [{}, image, image],
  ContrastLimitedAdaptiveHistogramEqualization: [{}, image],
  Conv1D: [{ ...kernel1d, dilationRate: 2 }, row],
  Conv1DTranspose: [kernel1d, row],
  Conv2D: [kernel2d, image],
  Conv2DTranspose: [{ ...kernel2d, strides: 2 }, image],
  Conv3D: [{ filters: 2, kernelSize: 5, padding: "same" }, volume],
  Conv3DTranspose: [{ filters: 2, kernelSize: 5, strides: 2, padding: "same" }, volume],
  Cropping1D: [{ cropping: 9 }, row],
  Cropping2D: [{ cropping: 3 }, image],
  Cropping3D: [{ cropping: 2 }, volume],
  CustomScaleLayer: [{ scale: 0.5 }, image, image],
  CutMix: [{}, image, [3]],
  Dense: [{ units: 200 }, [300]],
  DepthwiseConv1D: [depthwise1d, row],
  DepthwiseConv2D: [{ ...depthwise2d, strides: 4, dilationRate: 2 }, image],
  Dot: [{ axes: 2 }, [40, 50], [60, 50]],
  Dropout: [{ rate: 0.5 }, image],
  ELU: [{}, image],
  Equalization: [{}, image],
  Flatten: [{}, image],
  GaussianDropout: [{ rate: 0.5 }, image],
  GaussianNoise: [{ stddev: 1 }, image],
  GlobalAveragePooling1D: [{}, row],
  GlobalAveragePooling2D: [{}, image],
  GlobalAveragePooling3D: [{}, volume],
  GlobalMaxPooling1D: [{}, row],
  GlobalMaxPooling2D: [{}, image],
  GlobalMaxPooling3D: [{}, volume],
  GroupNormalization: [{ groups: 2 }, image],
  Identity: [{}, image],
  LayerNormalization: [{}, image],
  LayerScale: [{ initValues: 1, projectionDim: 4 }, image],
  LeakyReLU: [{}, image],
  MaxPooling1D: [window1d, row],
  MaxPooling2D: [window2d, image],
  MaxPooling3D: [{ ...window3d, strides: [8, 1, 1] }, volume],
  Maximum: [{}, image, image],
  Minimum: [{}, image, image],
  MixUp: [{}, image, [3]],
  Multiply: [{}, image, [1, 1, 4]],
  Normalization: [{ mean: 1, variance: 2 }, image],
  PReLU: [{}, image],
  Permute: [{ dims: [2, 1, 3] }, image],
  Pipeline: [{ layers: [new layersPackage.UpSampling2D({ size: 5 }), new layersPackage.Dense({ units: 9 })] }, image],
  RMSNormalization: [{}, image],
  RandAugment: [{}, rgb],
  RandomBrightness: [{ factor: 0.1 }, image],
  RandomColorDegeneration: [{ factor: 0.1 }, rgb],
  RandomColorJitter: [{ hueFactor: 0.1 }, rgb],
  RandomContrast: [{ factor: 0.1 }, image],
  RandomCrop: [{ height: 60, width: 60 }, image],
  RandomElasticTransform: [{}, image],
  RandomErasing: [{}, image],
  RandomFlip: [{}, image],
  RandomGaussianBlur: [{ kernelSize: 99 }, image],
  RandomGrayscale: [{}, rgb],
  RandomHue: [{ factor: 0.1 }, rgb],
  RandomInvert: [{}, image],
  RandomPerspective: [{}, image],
  RandomPosterization: [{ factor: 2 }, image],
  RandomRotation: [{ factor: 0.1 }, image],
  RandomSaturation: [{ factor: 0.1 }, rgb],
  RandomSharpness: [{ factor: 0.1 }, image],
  RandomShear: [{}, image],
  RandomTranslation: [{ heightFactor: 0.1, widthFactor: 0.1 }, image],
  RandomZoom: [{ heightFactor: 0.1 }, image],
  ReLU: [{}, image],
  RepeatVector: [{ n: 30 }, [40]],
  Rescaling: [{ scale: 2 }, image],
  Reshape: [{ targetShape: [1024] }, image],
  Resizing: [{ height: 60, width: 60, interpolation: "lanczos5" }, [60, 60, 1]],
  SeparableConv1D: [{ ...depthwise1d, filters: 50 }, row],
  SeparableConv2D: [{ ...depthwise2d, filters: 50 }, image],
  Softmax: [{}, image],
  Solarization: [{}, image],
  SpatialDropout1D: [{ rate: 0.5 }, row],
  SpatialDropout2D: [{ rate: 0.5 }, image],
  SpatialDropout3D: [{ rate: 0.5 }, volume],
  SpectralNormalization: [
    {
      // One for each that is made.
      get layer() {
        return new layersPackage.Conv2D(kernel2d);
      },
    },
    image,
  ],
  StochasticDepth: [{ dropPathRate: 0.5 }, image],
  Subtract: [{}, image, image],
  UnitNormalization: [{}, image],
  UpSampling1D: [{ size: 5 }, row],
  UpSampling2D: [{ interpolation: "bicubic" }, [60, 60, 1]],
  UpSampling3D: [{ size: [5, 2, 3] }, volume],
  ZeroPadding1D: [{ padding: 200 }, row],
  ZeroPadding2D: [{ padding: 30 }, image],
  ZeroPadding3D: [{ padding: 5 }, volume],
};

type LayerClass = new (options: object) => Layer;

const classes = new Map(
  Object.entries<unknown>(layersPackage).filter((entry): entry is [string, LayerClass] => {
    const [name, value] = entry;
    return (
      typeof value === "function" && value.prototype instanceof Layer && !isModelOrInput(name) && !(name in secondNames)
    );
  }),
);

function isModelOrInput(name: string): boolean {
  return ["Model", "Sequential", "InputLayer"].includes(name);
}

test("every layer that is exported has its work counted here", () => {
  expect(Object.keys(cases)).toEqual([...classes.keys()].toSorted());
});

describe("shapes that are measured are those that come out, of a prediction and of a step that trains", () => {
  const small = new Map<string, object>([
    ["RandomCrop", { height: 2, width: 3 }],
    ["CenterCrop", { height: 2, width: 3 }],
    ["Resizing", { height: 2, width: 3 }],
  ]);
  const all = Object.entries(cases).flatMap(([name, [options, ...shapes]]) =>
    [options, small.get(name)].flatMap((each) =>
      each === undefined ? [] : [false, true].map((training) => ({ name, options: each, shapes, training })),
    ),
  );

  test.for(all)("$name of $options, training: $training", ({ name, options, shapes, training }) => {
    const layer = new (classes.get(name) as LayerClass)(options);
    // The layers of a Pipeline may be of the user's own.
    expect(layer.isOwn).toBe(name !== "Pipeline");
    const batches = shapes.map((shape) => [2, ...shape]);
    layer.buildAll(batches);
    const outputs = tf.tidy(() => {
      const values = batches.map((shape) => tf.randomUniform(shape, 0.1, 1, "float32", 1));
      return layer.callAll(values, { training }).map(({ shape }) => shape);
    });
    expect(layer.measure(batches, { training }).outputs).toEqual(outputs);
    // Those of the Pipeline are used again, and disposed of below.
    if (layer.isOwn) layer.dispose();
  });
});

describe("what a layer says of its work is what TensorFlow.js's cpu backend does", () => {
  let reads = 0;
  const { data } = tf.backend() as MathBackendCPU;

  /** Values that count how often a kernel looks at one of them. */
  function watched(values: object): object {
    return new Proxy(values, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value === "function") return value.bind(target) as unknown;
        if (typeof value === "number" && key !== "length") reads++;
        return value;
      },
      set: (target, key, value) => Reflect.set(target, key, value, target),
    });
  }

  beforeAll(() => {
    data.set = (id, info: { values?: object }) => {
      if (ArrayBuffer.isView(info.values)) info.values = watched(info.values);
      tf.DataStorage.prototype.set.call(data, id, info as never);
    };
  });
  afterAll(() => {
    Reflect.deleteProperty(data, "set");
  });

  test.for(Object.entries(cases))("%s", ([name, [options, ...shapes]]) => {
    const layer = new (classes.get(name) as LayerClass)(options);
    const inputs = shapes.map((shape) => Input({ shape }));
    const model = new Model({ inputs, outputs: layer.applyAll(inputs) });
    const { operations } = layer.measure(shapes.map((shape) => [1, ...shape]));
    tf.tidy(() => {
      const values = shapes.map((shape) => tf.randomUniform([1, ...shape], 0.1, 1, "float32", 1));
      model.predictAll(values);
      reads = 0;
      model.predictAll(values);
    });
    expect(reads).toBeLessThan(10 * operations);
    const moved = countElements([...shapes, ...layer.measure(shapes.map((shape) => [1, ...shape])).outputs]);
    expect(operations).toBeGreaterThanOrEqual(moved);
    expect(operations).toBeLessThan(2 * (reads + moved));
    model.dispose();
  });
});

import {
  Activation,
  ActivityRegularization,
  Add,
  AlphaDropout,
  Average,
  AveragePooling2D,
  BatchNormalization,
  Concatenate,
  Conv1D,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Cropping2D,
  Dense,
  DepthwiseConv2D,
  Dropout,
  ELU,
  Flatten,
  GaussianNoise,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D,
  Identity,
  Input,
  type Layer,
  LayerNormalization,
  LeakyReLU,
  MaxNorm,
  MaxPooling2D,
  Maximum,
  Model,
  Multiply,
  Normalization,
  PReLU,
  Permute,
  RandomFlip,
  ReLU,
  RepeatVector,
  Rescaling,
  Reshape,
  SeparableConv2D,
  Sequential,
  Softmax,
  SpatialDropout2D,
  UpSampling2D,
  ZeroPadding2D,
  registerGradients,
} from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { handlerOf } from "@featuremap/testing/tfjs-handlers";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, test } from "vitest";
import { encodeTfjs } from "./encode-tfjs.ts";
import { operationGraph } from "../testing/operation-graph.ts";

useBackend(registerGradients);

// TensorFlow.js keeps the weights of models within models.
afterEach(() => tf.disposeVariables());

const image = [9, 9, 3];

function stack(...layers: readonly Layer[]): Model {
  return new Sequential([new Rescaling({ scale: 1, inputShape: image }), ...layers]);
}

function stir(model: Model): void {
  let seed = 1;
  for (const weight of model.weights) {
    const values = Float32Array.from({ length: weight.size }, () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647 - 0.4 + (weight.name.includes("variance") ? 1 : 0);
    });
    weight.assign(new HostArray(values, weight.shape));
  }
}

/** The largest distance of what TensorFlow.js predicts, relative to the largest output; and the notes. */
async function distanceInTfjs(model: Model): Promise<readonly [number, readonly string[]]> {
  stir(model);
  const notes: string[] = [];
  const files = await encodeTfjs(model, { onNote: (note) => notes.push(note) });
  const theirs = await loadLayersModel(handlerOf(files));
  const inputs = model.inputs.map(({ shape }, index) =>
    tf.randomUniform([2, ...shape.slice(1).map((length) => length ?? 9)], -2, 2, "float32", index + 3),
  );
  const [own] = model.predictAll(inputs);
  const other = theirs.predict(inputs) as tf.Tensor;
  const [values, others] = [[...(own?.dataSync() ?? [])], [...other.dataSync()]];
  tf.dispose([inputs, own ?? [], other]);
  model.dispose();
  if (values.length !== others.length) return [Number.NaN, notes];
  const largest = Math.max(1, ...values.map(Math.abs));
  return [Math.max(...values.map((value, index) => Math.abs(value - (others[index] ?? Number.NaN)))) / largest, notes];
}

describe("what TensorFlow.js predicts with a written model", () => {
  test.for<[string, () => Model]>([
    [
      "convolutions",
      () =>
        stack(
          new Conv2D({
            filters: 4,
            kernelSize: 3,
            padding: "same",
            activation: "relu6",
            kernelInitializer: "lecunNormal",
          }),
          new DepthwiseConv2D({ kernelSize: 3, depthMultiplier: 2, activation: "silu" }),
          new BatchNormalization({ epsilon: 0.01 }),
          new SeparableConv2D({ filters: 5, kernelSize: 3, dilationRate: 2, padding: "same", activation: "elu" }),
          new Conv2DTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", useBias: false }),
          new Conv2D({ filters: 4, kernelSize: [3, 1], strides: 2, kernelRegularizer: "l2" }),
          new LayerNormalization(),
          new PReLU({ sharedAxes: [1, 2] }),
        ),
    ],
    [
      "borders, poolings and shapes",
      () =>
        stack(
          new ZeroPadding2D({
            padding: [
              [1, 0],
              [2, 3],
            ],
          }),
          new Cropping2D({ cropping: 1 }),
          new UpSampling2D({ size: [2, 3] }),
          new MaxPooling2D({ poolSize: 3, strides: 2, padding: "same" }),
          new AveragePooling2D({ poolSize: 2, padding: "same" }),
          new Permute({ dims: [3, 1, 2] }),
          new Flatten(),
          new Dense({ units: 6, activation: "tanh" }),
          new RepeatVector({ n: 4 }),
          new Conv1D({ filters: 5, kernelSize: 2, activation: "softplus" }),
          new GlobalMaxPooling1D(),
          new Reshape({ targetShape: [1, -1] }),
          new Softmax(),
        ),
    ],
    ["a volume", () => new Sequential([new Conv3D({ filters: 2, kernelSize: 2, inputShape: [4, 4, 4, 2] })])],
    [
      "activations",
      () =>
        stack(
          new Activation("mish"),
          new LeakyReLU({ negativeSlope: 0.1 }),
          new Activation("gelu"),
          new ELU(),
          new Activation("selu"),
          new Activation("softsign"),
          new Activation("sigmoid"),
          new Activation("logSoftmax"),
          new AlphaDropout({ rate: 0.1 }),
          new GaussianNoise({ stddev: 1 }),
        ),
    ],
    [
      "graphs with shared layers, models within models, and merging",
      () => {
        const [left, right] = [Input({ shape: [5], name: "left" }), Input({ shape: [5], name: "right" })];
        const shared = new Dense({ units: 5, activation: "relu", name: "shared" });
        const inner = new Sequential([new Dense({ units: 5, inputShape: [5], name: "inner_dense" })]);
        const entry = Input({ shape: [5] });
        const deeper = new Model({ inputs: entry, outputs: inner.apply(new Dense({ units: 5 }).apply(entry)) });
        const [a, b] = [shared.apply(left), shared.apply(right)];
        const ends = [deeper.apply(a), deeper.apply(b)];
        const merged = [new Add(), new Multiply(), new Average(), new Maximum()].map((layer) => layer.apply(ends));
        return new Model({ inputs: [left, right], outputs: new Concatenate().apply([...merged, a]) });
      },
    ],
  ])("writes what TensorFlow.js has: %s", async ([, make]) => {
    const [distance, notes] = await distanceInTfjs(make());
    expect(distance).toBeLessThan(1e-5);
    expect(notes).toEqual([]);
  });

  test.for<[string, () => Model, number]>([
    ["hard_sigmoid", () => stack(new Dense({ units: 4, activation: "hardSigmoid" }), new Activation("hardSigmoid")), 2],
    ["leaky_relu", () => stack(new Conv2D({ filters: 2, kernelSize: 1, activation: "leakyRelu" })), 0],
    ["a slope below 0", () => stack(new ReLU({ negativeSlope: 0.3 })), 0],
    ["a threshold", () => stack(new ReLU({ threshold: 0.5 })), 0],
    ["what does nothing", () => stack(new Identity(), new RandomFlip(), new ActivityRegularization({ l2: 1 })), 2],
    ["dropout of maps", () => stack(new SpatialDropout2D({ rate: 0.5 })), 1],
    ["an orthogonal penalty", () => stack(new Dense({ units: 3, kernelRegularizer: "orthogonalRegularizer" })), 1],
    ["a fixed normalization", () => stack(new Normalization({ mean: [1, 2, 3], variance: [4, 0.5, 1] })), 1],
    ["an adapted normalization", () => stack(new Normalization()), 1],
    ["dropout of one mask", () => stack(new Dropout({ rate: 0.5, noiseShape: [null, 1, 1, 1] })), 1],
    ["batch renormalization", () => stack(new BatchNormalization({ renorm: true })), 1],
    ["statistics of rows", () => stack(new BatchNormalization({ axis: 1 }), new BatchNormalization({ axis: -2 })), 2],
    ["statistics of channels by number", () => stack(new BatchNormalization({ axis: 3 })), 0],
    [
      "joining along an axis from behind",
      () => {
        const entry = Input({ shape: image });
        return new Model({ inputs: entry, outputs: new Concatenate({ axis: -2 }).apply([entry, entry]) });
      },
      0,
    ],
    [
      "constraints that weights break",
      () =>
        stack(
          new DepthwiseConv2D({ kernelSize: 3, depthwiseConstraint: "nonNeg" }),
          new Conv2D({ filters: 3, kernelSize: 1, kernelConstraint: new MaxNorm({ maxValue: 0.1, axis: [0, 1, 2] }) }),
          new Dense({ units: 2, kernelConstraint: "unitNorm" }),
          new Dense({ units: 2, biasConstraint: "nonNeg" }),
        ),
      4,
    ],
  ])("writes an equivalent for %s", async ([, make, count]) => {
    const [distance, notes] = await distanceInTfjs(make());
    expect(distance).toBeLessThan(1e-6);
    expect(notes).toHaveLength(count);
  });

  test("writes equivalents in graphs, and connects what follows to them", async () => {
    const entry = Input({ shape: image });
    const pooled = new GlobalAveragePooling2D({ keepDims: true }).apply(entry);
    const gate = new Conv2D({ filters: 3, kernelSize: 1, activation: "hardSigmoid" }).apply(pooled);
    const scaled = new Multiply().apply([entry, gate]);
    const swished = new Activation("hardSilu").apply(scaled);
    const model = new Model({ inputs: entry, outputs: new Add().apply([swished, gate]) });
    const [distance, notes] = await distanceInTfjs(model);
    expect(distance).toBeLessThan(1e-6);
    expect(notes).toEqual([expect.stringContaining("hard_sigmoid"), expect.stringContaining("hard_silu")]);
  });

  test.for<[string, object, (tensor: unknown) => readonly unknown[]]>([
    ["Add", {}, (tensor) => [tensor, 2]],
    ["Add", {}, (tensor) => [tensor, tensor]],
    ["Subtract", {}, (tensor) => [1, tensor]],
    ["Multiply", {}, (tensor) => [0.5, tensor]],
    ["TrueDivide", {}, (tensor) => [tensor, 4]],
    ["Maximum", {}, (tensor) => [tensor, 0]],
    ["Relu6", {}, (tensor) => [tensor]],
    ["HardSigmoid", {}, (tensor) => [tensor]],
    ["HardSilu", {}, (tensor) => [tensor]],
    ["Clip", { x_min: 0, x_max: 0.5 }, (tensor) => [tensor]],
    ["Softmax", { axis: -1 }, (tensor) => [tensor]],
    ["LeakyRelu", { negative_slope: 0.1 }, (tensor) => [tensor]],
    ["Concatenate", { axis: -1 }, (tensor) => [[tensor, tensor]]],
    ["Mean", { axis: [1, 2], keepdims: true }, (tensor) => [tensor]],
    ["Max", { axis: [1, 2], keepdims: false, initial: null }, (tensor) => [tensor]],
  ])("writes the operation %s of a graph as layers", async ([className, config, args]) => {
    const [distance, notes] = await distanceInTfjs(operationGraph(className, config, args));
    expect(distance).toBeLessThan(1e-6);
    expect(notes).toHaveLength(1);
  });
});

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainPreprocessing } from "@featuremap/images";
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
  GroupNormalization,
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
  Subtract,
  UpSampling2D,
  ZeroPadding2D,
  deserializeModel,
  registerGradients,
} from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { handlerOf } from "@featuremap/testing/tfjs-handlers";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, test } from "vitest";
import { encodeTfjs, saveTfjs } from "./encode-tfjs.ts";
import { loadTfjs } from "./load-tfjs.ts";

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

/** A graph of one operation of `keras.ops` after a convolution. */
function withOperation(className: string, config: object, args: (tensor: unknown) => readonly unknown[]): Model {
  const model = deserializeModel(operationGraph(className, config, args));
  return model;
}

function operationGraph(className: string, config: object, args: (tensor: unknown) => readonly unknown[]): unknown {
  const tensor = {
    class_name: "__keras_tensor__",
    config: { shape: [null, 9, 9, 3], dtype: "float32", keras_history: ["image", 0, 0] },
  };
  const input = { class_name: "InputLayer", config: { name: "image", batch_shape: [null, ...image] } };
  const operation = { module: "keras.src.ops.numpy", class_name: className, config: { name: "it", ...config } };
  return {
    class_name: "Functional",
    config: {
      name: "graph",
      layers: [
        { ...input, name: "image", inbound_nodes: [] },
        { ...operation, name: "it", inbound_nodes: [{ args: args(tensor), kwargs: {} }] },
      ],
      input_layers: [["image", 0, 0]],
      output_layers: [["it", 0, 0]],
    },
  };
}

describe("encodeTfjs", () => {
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
    const [distance, notes] = await distanceInTfjs(withOperation(className, config, args));
    expect(distance).toBeLessThan(1e-6);
    expect(notes).toHaveLength(1);
  });

  test("names all that TensorFlow.js lacks at once", async () => {
    const model = stack(
      new GroupNormalization({ groups: 3, name: "groups" }),
      new Dense({ units: 2, activation: "sparsemax", name: "sparse" }),
      new UpSampling2D({ interpolation: "bilinear", name: "smooth" }),
      new DepthwiseConv2D({ kernelSize: 2, dilationRate: 2, name: "wide" }),
    );
    await expect(encodeTfjs(model)).rejects.toThrow(
      /GroupNormalization "groups", Dense "sparse" \(activation "sparsemax"\), UpSampling2D "smooth" \(interpolation.*"wide" \(dilation/,
    );
    model.dispose();
    const power = withOperation("Power", {}, (tensor) => [tensor, 2]);
    await expect(encodeTfjs(power)).rejects.toThrow('Power "it" (an operation as a node of the graph)');
    power.dispose();
    const [left, right] = [Input({ shape: [2] }), Input({ shape: [2] })];
    const difference = new Model({ inputs: [left, right], outputs: new Subtract().apply([left, right]) });
    await expect(encodeTfjs(difference)).rejects.toThrow('Subtract "subtract"');
    difference.dispose();
  });

  test("keeps constraints that weights keep to", async () => {
    const model = new Sequential([
      new Dense({
        units: 2,
        inputShape: [2],
        kernelConstraint: new MaxNorm({ maxValue: 100 }),
        biasConstraint: "nonNeg",
      }),
    ]);
    const document = new TextDecoder().decode((await encodeTfjs(model)).get("model.json"));
    expect(document).toContain('"kernel_constraint":{"class_name":"MaxNorm"');
    expect(document).toContain('"bias_constraint":{"class_name":"NonNeg"');
    model.dispose();
  });

  test("refuses names that TensorFlow.js would confuse or not take", async () => {
    const inner = new Sequential([new Dense({ units: 2, inputShape: [2], name: "same" })]);
    const twice = new Sequential([inner, new Dense({ units: 2, name: "same" })]);
    await expect(encodeTfjs(twice)).rejects.toThrow("of different names");
    const again = new Sequential([inner, new Dense({ units: 2, name: "other" })]);
    const entry = Input({ shape: [2] });
    const shared = new Model({ inputs: entry, outputs: new Add().apply([inner.apply(entry), again.apply(entry)]) });
    await expect(encodeTfjs(shared)).rejects.toThrow("of different names");
    const odd = new Sequential([new Dense({ units: 2, inputShape: [2], name: "größe" })]);
    await expect(encodeTfjs(odd)).rejects.toThrow("letters, digits");
    const member = new Sequential([new Dense({ units: 2, inputShape: [2], name: "constructor" })]);
    await expect(encodeTfjs(member)).rejects.toThrow('must be others, for TensorFlow.js, received "constructor"');
    const both = new Model({ inputs: odd.inputs, outputs: [odd.output, odd.output] });
    await expect(encodeTfjs(both)).rejects.toThrow("outputs must be different ones");
    for (const model of [twice, shared, odd, member]) model.dispose();
  });

  test("keeps labels, preprocessing and how the model was compiled", async () => {
    const model = new Sequential([
      new Flatten({ inputShape: [4, 4, 3] }),
      new Dense({ units: 2, activation: "softmax" }),
    ]);
    const preprocessing = plainPreprocessing([4, 4], "rgb");
    const optimizer = {
      class_name: "Adam",
      config: { name: "adam", learning_rate: 0.01, beta_1: 0.8, amsgrad: false },
    };
    const compile = { optimizer, loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] };
    const notes: string[] = [];
    const onNote = (note: string): void => void notes.push(note);
    const files = await encodeTfjs(model, { labels: ["cat", "dog"], preprocessing, training: { compile }, onNote });
    const loaded = await loadTfjs(files);
    expect(loaded).toMatchObject({ labels: ["cat", "dog"], preprocessing });
    expect(loaded.training?.compile).toMatchObject({
      optimizer: { class_name: "Adam", config: { learning_rate: 0.01, beta_1: 0.8 } },
    });
    const theirs = await loadLayersModel(handlerOf(files));
    expect(theirs.optimizer.getConfig()).toMatchObject({ learningRate: 0.01, beta1: 0.8 });
    expect(notes).toEqual([]);
    const other = { ...compile, optimizer: { class_name: "Lion", config: { learning_rate: 0.01 } } };
    await encodeTfjs(model, { training: { compile: other }, onNote });
    expect(notes).toEqual([expect.stringContaining("compiled")]);
    for (const each of [model, loaded.model]) each.dispose();
    theirs.optimizer.dispose();
  });

  test("writes a folder, in shards of 4 MiB", async () => {
    const model = new Sequential([new Dense({ units: 1200, inputShape: [1000], name: "large" })]);
    stir(model);
    const folder = await mkdtemp(join(tmpdir(), "tfjs-"));
    await saveTfjs(model, folder);
    expect(await readdir(folder)).toEqual(["group1-shard1of2.bin", "group1-shard2of2.bin", "model.json"]);
    const loaded = await loadTfjs(folder);
    const [own, other] = [model, loaded.model].map((each) => each.namedWeights().get("large/kernel"));
    expect((await other?.read())?.data).toEqual((await own?.read())?.data);
    for (const each of [model, loaded.model]) each.dispose();
    await rm(folder, { recursive: true });
  });

  test("writes what Keras 2 calls its own, as TensorFlow.js's converter does", async () => {
    const model = stack(new Dropout({ rate: 0.5 }), new Dense({ units: 2, kernelInitializer: "lecunUniform" }));
    const files = await encodeTfjs(model);
    const document = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as Record<string, unknown>;
    const text = JSON.stringify(document["modelTopology"]);
    expect(document).toMatchObject({ format: "layers-model", generatedBy: "featuremap" });
    expect(text).toContain('"batch_input_shape":[null,9,9,3]');
    expect(text).not.toMatch(/registered_name|DTypePolicy|"module"/);
    expect(text).toContain(
      '{"class_name":"VarianceScaling","config":{"scale":1,"mode":"fan_in","distribution":"uniform"}}',
    );
    model.dispose();
  });

  test.for<[string, object, string]>([
    ["labels", { labels: [1] }, "a list of texts"],
    ["training", { training: {} }, "an object with compile"],
    ["onNote", { onNote: "x" }, "a function"],
    ["preprocessing", { preprocessing: {} }, "preprocessing"],
    ["an unknown option", { quantize: true }, "quantize"],
  ])("refuses %s that is not what it may be", async ([, options, words]) => {
    const model = new Sequential([new Dense({ units: 1, inputShape: [1] })]);
    await expect(encodeTfjs(model, options)).rejects.toThrow(words);
    model.dispose();
  });
});

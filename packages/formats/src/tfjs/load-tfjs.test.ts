import { type Model, registerGradients } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import {
  type LayersModel,
  type SymbolicTensor,
  model as graph,
  input,
  layers,
  sequential,
} from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, test } from "vitest";
import { fileKeeper } from "@featuremap/testing/tfjs-handlers";
import { loadTfjs } from "./load-tfjs.ts";

useBackend(registerGradients);

// TensorFlow.js keeps the weights of models within models.
afterEach(() => tf.disposeVariables());

interface Saved {
  readonly files: Map<string, Uint8Array>;
  /** What the model predicts, in TensorFlow.js. */
  readonly expected: readonly number[];
}

interface SavedDocument {
  readonly modelTopology: { keras_version: string };
}

async function save(model: LayersModel, inputs: readonly tf.Tensor[], partBytes?: number): Promise<Saved> {
  const { files, handler } = fileKeeper(partBytes);
  await model.save(handler);
  const output = model.predict([...inputs]) as tf.Tensor;
  const expected = [...output.dataSync()];
  output.dispose();
  return { files, expected };
}

/** The largest distance of a model's predictions from others. */
function distance(model: Model, inputs: readonly tf.Tensor[], expected: readonly number[]): number {
  const outputs = model.predictAll([...inputs]);
  const values = [...(outputs[0]?.dataSync() ?? [])];
  tf.dispose(outputs);
  model.dispose();
  if (values.length !== expected.length) return Number.NaN;
  return Math.max(...values.map((value, index) => Math.abs(value - (expected[index] ?? Number.NaN))));
}

function random(...shape: number[]): tf.Tensor {
  return tf.randomUniform(shape, -1, 1, "float32", 5);
}

/** Moves all weights away from the zeros and ones that they begin with. */
function stir(model: LayersModel): LayersModel {
  const stirred = model.getWeights().map((weight, index) => {
    const noise = tf.randomUniform(weight.shape, 0.05, 0.35, "float32", index);
    const sum = tf.add(weight, noise);
    noise.dispose();
    return sum;
  });
  model.setWeights(stirred);
  tf.dispose(stirred);
  return model;
}

function stack(): LayersModel {
  return sequential({
    name: "Stack",
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, activation: "relu6", padding: "same", inputShape: [14, 14, 3] }),
      layers.batchNormalization(),
      layers.leakyReLU({ alpha: 0.1 }),
      layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, activation: "hardSigmoid", name: "Depths" }),
      layers.separableConv2d({ filters: 6, kernelSize: 3, activation: "swish" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.upSampling2d({ size: [2, 2] }),
      layers.zeroPadding2d({
        padding: [
          [1, 0],
          [2, 1],
        ],
      }),
      layers.cropping2D({
        cropping: [
          [1, 0],
          [0, 1],
        ],
      }),
      layers.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, padding: "same", activation: "tanh" }),
      layers.prelu(),
      layers.elu(),
      layers.layerNormalization(),
      layers.averagePooling2d({ poolSize: 4, padding: "same" }),
      layers.thresholdedReLU({ theta: 0.2 }),
      layers.gaussianNoise({ stddev: 1 }),
      layers.flatten(),
      layers.dense({ units: 6, activation: "selu", kernelInitializer: "heNormal", biasInitializer: "ones" }),
      layers.dropout({ rate: 0.5 }),
      layers.repeatVector({ n: 5 }),
      layers.permute({ dims: [2, 1] }),
      layers.conv1d({ filters: 4, kernelSize: 3, activation: "softplus" }),
      layers.spatialDropout1d({ rate: 0.5 }),
      layers.reshape({ targetShape: [4, 4, 1] }),
      layers.globalMaxPooling2d({}),
      layers.dense({ units: 4, activation: "mish" }),
      layers.activation({ activation: "softsign" }),
      layers.softmax(),
    ],
  });
}

/** Two inputs, a shared layer, models within the model, and every way to merge. */
function network(): LayersModel {
  const [first, second] = [input({ shape: [5], name: "Left" }), input({ shape: [5], name: "Right" })];
  const shared = layers.dense({ units: 5, activation: "elu", name: "shared_dense" });
  const inner = sequential({ layers: [layers.dense({ units: 5, inputShape: [5], activation: "sigmoid" })] });
  const entry = input({ shape: [5] });
  const deeper = graph({
    inputs: entry,
    outputs: inner.apply(layers.dense({ units: 5 }).apply(entry)) as SymbolicTensor,
  });
  const [a, b] = [first, second].map((each) => shared.apply(each) as SymbolicTensor);
  const ends = [a, b].map((each) => deeper.apply(each ?? first) as SymbolicTensor);
  const merged = [layers.add(), layers.multiply(), layers.average(), layers.maximum(), layers.minimum()].map(
    (merging) => merging.apply([...ends, a ?? first]) as SymbolicTensor,
  );
  const all = layers.concatenate().apply([...merged, layers.dot({ axes: 1 }).apply(ends) as SymbolicTensor]);
  return graph({ inputs: [first, second], outputs: all as SymbolicTensor });
}

describe("loadTfjs", () => {
  test.for([undefined, 1000])(
    "reads what TensorFlow.js saves of a stack of layers, in parts of %s bytes",
    async (part) => {
      const model = stir(stack());
      const inputs = [random(2, 14, 14, 3)];
      const { files, expected } = await save(model, inputs, part);
      expect(files.size > 2).toBe(part !== undefined);
      expect(Math.max(...expected)).toBeLessThan(0.99);
      const loaded = await loadTfjs(files);
      expect(loaded.notes).toEqual([]);
      expect(distance(loaded.model, inputs, expected)).toBeLessThan(1e-5);
      tf.dispose(inputs);
      model.dispose();
    },
  );

  test.for<[size: [number, number], channelsFirst?: boolean]>([[[2, 2]], [[4, 2]], [[1, 8]], [[1, 1]], [[2, 2], true]])(
    "interpolates between pixels as TensorFlow.js does: %j",
    async ([size, channelsFirst = false]) => {
      const inputShape = channelsFirst ? [2, 4, 5] : [4, 5, 2];
      const dataFormat = channelsFirst ? "channelsFirst" : "channelsLast";
      const enlarging = layers.upSampling2d({
        size,
        interpolation: "bilinear",
        dataFormat,
        inputShape,
        name: "Wide/er",
      });
      const [start, inputs] = [input({ shape: inputShape }), [random(2, ...inputShape)]];
      for (const model of [
        sequential({ layers: [enlarging, layers.flatten()] }),
        graph({ inputs: start, outputs: enlarging.apply(start) as SymbolicTensor }),
      ]) {
        const { files, expected } = await save(model, inputs);
        const loaded = await loadTfjs(files);
        expect(loaded.notes).toEqual([]);
        expect(distance(loaded.model, inputs, expected)).toBeLessThan(1e-6);
      }
      tf.dispose(inputs);
    },
  );

  test("interpolates as Keras does where Keras's converter wrote the file", async () => {
    const enlarging = layers.upSampling2d({ size: [2, 2], interpolation: "bilinear", inputShape: [4, 4, 1] });
    const picture = tf.tensor4d([...Array(16).keys()], [1, 4, 4, 1]);
    const { files, expected } = await save(sequential({ layers: [enlarging] }), [picture]);
    expect(expected.slice(8, 12)).toEqual([2, 2.5, 3, 3.5]);
    const document = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as SavedDocument;
    expect(document.modelTopology.keras_version).toMatch(/^tfjs-layers/);
    document.modelTopology.keras_version = "2.15.0";
    files.set("model.json", new TextEncoder().encode(JSON.stringify(document)));
    const { model } = await loadTfjs(files);
    const output = model.predict(picture);
    expect([...output.dataSync()].slice(8, 12)).toEqual([1, 1.25, 1.75, 2.25]);
    tf.dispose([output, picture]);
    model.dispose();
  });

  test("refuses what TensorFlow.js interpolates and no layers here do", async () => {
    const enlarging = layers.upSampling2d({
      size: [3, 3],
      interpolation: "bilinear",
      inputShape: [4, 4, 1],
      name: "up",
    });
    const inputs = [random(1, 4, 4, 1)];
    const { files } = await save(sequential({ layers: [enlarging] }), inputs);
    await expect(loadTfjs(files)).rejects.toThrow(/size of the bilinear UpSampling2D "up" .*powers of 2.*\[3, 3\]/);
    tf.dispose(inputs);
  });

  test.for([
    [1, 1],
    [-3, 1],
    [-1, 0],
    [3, 0],
  ])("says where TensorFlow.js normalizes another axis than %s", async ([axis = 0, count]) => {
    const normalizing = layers.batchNormalization({ axis, inputShape: [3, 4, 3], name: "norm" });
    const model = stir(sequential({ layers: [normalizing] }));
    const inputs = [random(2, 3, 4, 3)];
    const { files, expected } = await save(model, inputs);
    const loaded = await loadTfjs(files);
    expect(loaded.notes).toHaveLength(count ?? 0);
    for (const note of loaded.notes)
      expect(note).toContain(`BatchNormalization "norm" normalizes axis ${axis}, as Keras`);
    expect(distance(loaded.model, inputs, expected) > 1e-3).toBe(count === 1);
    tf.dispose(inputs);
    model.dispose();
  });

  test("reads the open length of a Reshape, which TensorFlow.js saves as null", async () => {
    const model = sequential({ layers: [layers.reshape({ targetShape: [-1, 8], inputShape: [4, 4] })] });
    const inputs = [random(2, 4, 4)];
    const { files, expected } = await save(model, inputs);
    expect(new TextDecoder().decode(files.get("model.json"))).toContain('"target_shape":[null,8]');
    const loaded = await loadTfjs(files);
    expect(loaded.model.output.shape).toEqual([null, 2, 8]);
    expect(distance(loaded.model, inputs, expected)).toBe(0);
    tf.dispose(inputs);
  });

  test("reads what TensorFlow.js saves of a graph with shared and nested layers", async () => {
    const model = stir(network());
    const inputs = [random(3, 5), random(3, 5)];
    const { files, expected } = await save(model, inputs);
    const loaded = await loadTfjs(files);
    expect(distance(loaded.model, inputs, expected)).toBeLessThan(1e-5);
    tf.dispose(inputs);
  });
});

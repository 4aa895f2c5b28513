import { registerGradients } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { fileKeeper } from "@featuremap/testing/tfjs-handlers";
import * as tf from "@tensorflow/tfjs-core";
import { type SymbolicTensor, model as graph, input, layers, sequential } from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, test } from "vitest";
import { loadTfjs } from "./load-tfjs.ts";

useBackend(registerGradients);

// TensorFlow.js keeps the weights of models within models.
afterEach(() => tf.disposeVariables());

const metadata = {
  tfjsVersion: "1.7.4",
  tmVersion: "2.4.16",
  packageVersion: "0.8.4-alpha2",
  packageName: "@teachablemachine/image",
  userMetadata: {},
  modelName: "tm-my-image-model",
  labels: ["cat", "dog"],
  imageSize: 16,
};

/** As Teachable Machine builds them: a Sequential of a truncated network in a Sequential, and of a head. */
async function teachableFiles(beside: object): Promise<{ files: Map<string, Uint8Array>; expected: number[] }> {
  const entry = input({ shape: [16, 16, 3], name: "input_1" });
  const convolved = layers
    .conv2d({ filters: 6, kernelSize: 3, strides: 2, useBias: false, name: "Conv1" })
    .apply(entry);
  const normalized = layers.batchNormalization({ axis: 3, name: "bn_Conv1" }).apply(convolved);
  const rectified = layers.reLU({ maxValue: 6, name: "out_relu" }).apply(normalized) as SymbolicTensor;
  const truncated = graph({ inputs: entry, outputs: rectified });
  const features = sequential({ layers: [truncated, layers.globalAveragePooling2d({})] });
  const head = sequential({
    layers: [
      layers.dense({ units: 10, inputShape: [6], activation: "relu", kernelInitializer: "varianceScaling" }),
      layers.dense({ units: 2, useBias: false, activation: "softmax", kernelInitializer: "varianceScaling" }),
    ],
  });
  const whole = sequential({ layers: [features, head] });
  const { files, handler } = fileKeeper();
  await whole.save(handler);
  const weights = files.get("group1-shard1.bin");
  const document = new TextDecoder().decode(files.get("model.json")).replace("group1-shard1.bin", "weights.bin");
  const picture = tf.ones([1, 16, 16, 3]);
  const output = whole.predict(picture) as tf.Tensor;
  const expected = [...output.dataSync()];
  tf.dispose([picture, output]);
  const encoder = new TextEncoder();
  return {
    expected,
    files: new Map([
      ["model.json", encoder.encode(document)],
      ["weights.bin", weights ?? new Uint8Array(0)],
      ["metadata.json", encoder.encode(JSON.stringify({ ...metadata, ...beside }))],
    ]),
  };
}

describe("a model of Teachable Machine", () => {
  test("loads with its labels, and as it takes pictures", async () => {
    const { files, expected } = await teachableFiles({});
    const { model, labels, preprocessing } = await loadTfjs(files);
    expect(labels).toEqual(["cat", "dog"]);
    expect(preprocessing).toMatchObject({ size: [16, 16], crop: "center", scale: 1 / 127, mean: [1, 1, 1] });
    const picture = tf.ones([1, 16, 16, 3]);
    const output = model.predict(picture);
    const values = [...output.dataSync()];
    tf.dispose([picture, output]);
    model.dispose();
    expect(values).toEqual(expected.map((value) => expect.closeTo(value, 6) as number));
  });

  test.for<[string, object]>([
    ["of poses", { packageName: "@teachablemachine/pose" }],
    ["of other labels", { labels: ["one"] }],
  ])("keeps to itself what is %s", async ([, beside]) => {
    const { files } = await teachableFiles(beside);
    const { model, labels } = await loadTfjs(files);
    model.dispose();
    expect(labels).toBeUndefined();
  });

  test("loads without its metadata too", async () => {
    const { files } = await teachableFiles({});
    files.delete("metadata.json");
    const { model, labels, preprocessing } = await loadTfjs(files);
    model.dispose();
    expect([labels, preprocessing]).toEqual([undefined, undefined]);
  });
});

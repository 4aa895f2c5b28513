import * as networks from "@featuremap/applications";
import { openDevice } from "@featuremap/devices";
import { encodeTfjs, loadTfjs } from "@featuremap/formats/tfjs";
import type { Model } from "@featuremap/layers";
import { HostArray, RandomStream } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { handlerOf } from "@featuremap/testing/tfjs-handlers";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, test } from "vitest";

// Whose kernels are many times faster than those of the reference.
useBackend(() => openDevice("wasm"));

// TensorFlow.js keeps the weights of models within models.
afterEach(() => tf.disposeVariables());

/** Values that no initializer gives, small enough for a hundred layers; variances and scales are near 1. */
function fill(model: Model): void {
  const random = new RandomStream(7);
  for (const weight of model.weights) {
    const inputs = Math.max(1, weight.size / (weight.shape.at(-1) ?? 1));
    const isScale = /variance|gamma/.test(weight.name);
    const values = Float32Array.from({ length: weight.size }, () =>
      isScale ? random.uniform(0.8, 1.2) : random.uniform(-1, 1) * Math.sqrt(3 / inputs),
    );
    weight.assign(new HostArray(values, weight.shape));
  }
}

const options = { classes: 7, classifierActivation: "linear" };

type Build = (given: object) => Model;

const builders = new Map<string, unknown>(Object.entries(networks));

function make(name: string, size: number): Model {
  return (builders.get(name) as Build)({ ...options, inputShape: [size, size, 3] });
}

describe("a backbone of each family, written as a layers-model", () => {
  test.for([
    ["MobileNet", 32],
    ["MobileNetV2", 32],
    ["MobileNetV3Small", 32],
    ["MobileNetV3Large", 32],
    ["EfficientNetB0", 32],
    ["EfficientNetV2B0", 32],
    ["ResNet50", 32],
    ["ResNet50V2", 32],
    ["ResNet18", 32],
    ["DenseNet121", 32],
    ["VGG16", 32],
    ["Xception", 71],
    ["InceptionV3", 75],
    ["NASNetMobile", 32],
  ] as const)("%s predicts in TensorFlow.js what it predicts here", async ([name, size]) => {
    const model = make(name, size);
    fill(model);
    const files = await encodeTfjs(model);
    const theirs = await loadLayersModel(handlerOf(files));
    const again = (await loadTfjs(files)).model;
    const input = tf.randomUniform([1, size, size, 3], 0, 255, "float32", 3);
    const [own, other, third] = [model.predict(input), theirs.predict(input) as tf.Tensor, again.predict(input)];
    const values = own.dataSync();
    const largest = Math.max(...values.map(Math.abs));
    expect(largest).toBeGreaterThan(0);
    for (const each of [other, third]) {
      const distances = each.dataSync().map((value, index) => Math.abs(value - (values[index] ?? Number.NaN)));
      expect(Math.max(...distances) / largest).toBeLessThan(1e-5);
    }
    tf.dispose([input, own, other, third]);
    for (const each of [model, again]) each.dispose();
  });

  test.for([
    ["InceptionResNetV2", 75, /CustomScaleLayer "custom_scale_layer"/],
    ["ConvNeXtTiny", 32, /\(groups 96\), LayerScale/],
  ] as const)("%s is refused by the layers that TensorFlow.js lacks", async ([name, size, words]) => {
    const model = make(name, size);
    await expect(encodeTfjs(model)).rejects.toThrow(words);
    model.dispose();
  });
});

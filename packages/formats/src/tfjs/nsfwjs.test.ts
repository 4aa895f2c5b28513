import { registerGradients } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { nsfwjsFiles } from "@featuremap/testing/nsfwjs";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { describe, expect, test } from "vitest";
import { handlerOf } from "@featuremap/testing/tfjs-handlers";
import { loadTfjs } from "./load-tfjs.ts";

useBackend(registerGradients);

/** Colours that run across, down and back, and a brighter disc. */
function picture(size: number): Float32Array {
  return Float32Array.from({ length: size * size * 3 }, (_, index) => {
    const place = Math.floor(index / 3);
    const [x, y] = [(place % size) / size, Math.floor(place / size) / size];
    const inside = Math.hypot(x - 0.5, y - 0.4) < 0.25 ? 0.4 : 0;
    return ([x, y, 1 - x][index % 3] ?? 0) * 0.6 + inside;
  });
}

describe("the models of nsfwjs", () => {
  test("a MobileNetV2 that Keras's converter quantized predicts what it predicts in TensorFlow.js", async () => {
    const files = nsfwjsFiles("mobilenet_v2");
    const { model, training, notes } = await loadTfjs(files);
    expect([model.layers.length, model.countParams()]).toEqual([162, 2_619_461]);
    const optimizer = { class_name: "SGD", config: { nesterov: false } };
    expect(training?.compile).toMatchObject({ optimizer, loss: "categorical_crossentropy", metrics: ["accuracy"] });
    expect(notes).toEqual([]);
    const theirs = await loadLayersModel(handlerOf(files));
    const input = tf.tensor4d(picture(224), [1, 224, 224, 3]);
    const [own, expected] = [model.predict(input), theirs.predict(input) as tf.Tensor];
    const [got, wanted] = [[...own.dataSync()], [...expected.dataSync()]];
    tf.dispose([input, own, expected]);
    model.dispose();
    theirs.dispose();
    expect(got.every((value, index) => Math.abs(value - (wanted[index] ?? Number.NaN)) < 1e-6)).toBe(true);
    expect(Math.max(...got)).toBeGreaterThan(0.5);
  });

  test("an InceptionV3 in six shards has every weight", async () => {
    const { model } = await loadTfjs(nsfwjsFiles("inception_v3"));
    expect(model.namedWeights().size).toBe(382);
    model.dispose();
  });

  test("a graph-model is refused, with what to do", async () => {
    await expect(loadTfjs(nsfwjsFiles("mobilenet_v2_mid"))).rejects.toThrow("--output_format tfjs_layers_model");
  });
});

import { encodeTfjs, loadTfjs } from "@featuremap/formats/tfjs";
import { registerGradients } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { handlerOf } from "@featuremap/testing/tfjs-handlers";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, test } from "vitest";
import { networkCases, stirredNetwork } from "./network-cases.ts";

useBackend(registerGradients);

// TensorFlow.js keeps the weights of models within models.
afterEach(() => tf.disposeVariables());

/** The largest distance of two outputs, and the largest output. */
function compare(own: tf.Tensor, other: tf.Tensor): readonly [number, number] {
  const [first, second] = [own.dataSync(), other.dataSync()];
  const distances = first.map((value, index) => Math.abs(value - (second[index] ?? Number.NaN)));
  return [Math.max(...distances), Math.max(...first.map(Math.abs))];
}

describe("every network but the backbones, written as a layers-model", () => {
  test.for(networkCases)("predicts in TensorFlow.js what it predicts here: %s", async ([, application]) => {
    const model = stirredNetwork(application);
    const notes: string[] = [];
    const files = await encodeTfjs(model, { onNote: (note) => notes.push(note) });
    const theirs = await loadLayersModel(handlerOf(files));
    const again = (await loadTfjs(files)).model;
    const shape = [2, ...model.inputShape.slice(1).map((length) => length ?? 32)];
    const input = tf.randomUniform(shape, 0, 1, "float32", 3);
    const [own, other, third] = [model.predict(input), theirs.predict(input) as tf.Tensor, again.predict(input)];
    const [distance, largest] = compare(own, other);
    expect(distance).toBeLessThan(1e-5 * Math.max(1, largest));
    expect(compare(own, third)[0]).toBe(0);
    expect(notes).toEqual([]);
    tf.dispose([input, own, other, third]);
    for (const each of [model, again]) each.dispose();
  });
});

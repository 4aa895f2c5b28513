import { applications } from "@featuremap/applications";
import { encodeTfjs, loadTfjs } from "@featuremap/formats/tfjs";
import { type Model, registerGradients } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { handlerOf } from "@featuremap/testing/tfjs-handlers";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, test } from "vitest";

useBackend(registerGradients);

// TensorFlow.js keeps the weights of models within models.
afterEach(() => tf.disposeVariables());

/** Values that no initializer gives, so that none can be left out unnoticed; variances are positive. */
function stir(model: Model): void {
  let seed = 1;
  for (const weight of model.weights) {
    const values = Float32Array.from({ length: weight.size }, () => {
      seed = (seed * 16807) % 2147483647;
      return (seed / 2147483647 - 0.3) * 0.2 + (weight.name.includes("variance") ? 1 : 0);
    });
    weight.assign(new HostArray(values, weight.shape));
  }
}

/** The largest distance of two outputs, and the largest output. */
function compare(own: tf.Tensor, other: tf.Tensor): readonly [number, number] {
  const [first, second] = [own.dataSync(), other.dataSync()];
  const distances = first.map((value, index) => Math.abs(value - (second[index] ?? Number.NaN)));
  return [Math.max(...distances), Math.max(...first.map(Math.abs))];
}

describe("every network here, written as a layers-model", () => {
  test.for(Object.values(applications).map((application) => [application.name, application] as const))(
    "predicts in TensorFlow.js what it predicts here: %s",
    async ([, application]) => {
      const small = ["mobile", "resnet", "small"].includes(application.name);
      const model = application.build({
        classes: application.outputs.startsWith("binary") ? 2 : 5,
        ...(small ? { inputShape: [32, 32, 3] } : {}),
      });
      stir(model);
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
    },
  );
});

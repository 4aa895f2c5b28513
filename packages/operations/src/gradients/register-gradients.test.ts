import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { useBackend } from "@featuremap/testing/backend";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { registerGradients } from "./register-gradients.ts";

useBackend();

const tfjsFiles = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core"));

/** The kernels that TensorFlow.js itself has gradients for, from the text of its files, which Node cannot load. */
function kernelsOfTensorFlow(): string[] {
  const registration = readFileSync(join(tfjsFiles, "register_all_gradients.js"), "utf8");
  const files = [...registration.matchAll(/from '(\.\/gradients\/\w+)'/g)].map(([, file]) => file ?? "");
  return files.map((file) => {
    const [, kernelName = ""] = /kernelName: (\w+)/.exec(readFileSync(join(tfjsFiles, `${file}.js`), "utf8")) ?? [];
    return String(Reflect.get(tf, kernelName));
  });
}

describe("registerGradients", () => {
  test("covers every kernel that TensorFlow.js has a gradient for", () => {
    registerGradients();
    const kernels = kernelsOfTensorFlow();
    expect(kernels.length).toBeGreaterThan(90);
    expect(kernels.filter((kernelName) => tf.getGradient(kernelName) === undefined)).toEqual([]);
  });

  test("replaces what others have registered since, and nothing else", () => {
    registerGradients();
    const before = tf.getGradient(tf.Sum);
    const other: tf.GradConfig = { kernelName: tf.Relu, gradFunc: () => ({}) };
    tf.registerGradient(other);
    registerGradients();
    expect(tf.getGradient(tf.Relu)).not.toBe(other);
    expect(tf.getGradient(tf.Sum)).toBe(before);
  });

  test("trains a small network", () => {
    registerGradients();
    tf.tidy(() => {
      const images = tf.randomUniform<tf.Rank.R4>([8, 6, 6, 1], 0, 1, "float32", 1);
      const labels = tf.oneHot(tf.tensor1d([0, 1, 0, 1, 0, 1, 0, 1], "int32"), 2);
      const filter = tf.variable(tf.randomNormal<tf.Rank.R4>([3, 3, 1, 4], 0, 0.3, "float32", 2));
      const weights = tf.variable(tf.randomNormal<tf.Rank.R2>([16, 2], 0, 0.3, "float32", 3));
      const loss = (): tf.Scalar => {
        const maps = tf.relu(tf.conv2d(images, filter, 1, "valid"));
        const logits = tf.matMul(tf.reshape(tf.maxPool(maps, 2, 2, "valid"), [8, 16]), weights);
        return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), labels), 1)));
      };
      const first = loss().dataSync()[0] ?? 0;
      for (let step = 0; step < 30; step++) {
        const { grads } = tf.variableGrads(loss, [filter, weights]);
        for (const variable of [filter, weights]) {
          variable.assign(tf.sub(variable, tf.mul(grads[variable.name] ?? 0, 0.5)));
        }
      }
      expect(loss().dataSync()[0]).toBeLessThan(first / 2);
      filter.dispose();
      weights.dispose();
    });
  });
});

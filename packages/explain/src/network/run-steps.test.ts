import { Add, Conv2D, Dropout, Input, Layer, Model } from "@featuremap/layers";
import type { Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { onEachDevice } from "../testing/devices.ts";
import { openNetwork } from "./network.ts";
import { requireValue, runSteps } from "./run-steps.ts";

/** A layer that counts the tensors that are there when it is called. */
class Counting extends Layer {
  static override readonly className: string = "Counting";
  readonly counts: number[] = [];

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    this.counts.push(tf.memory().numTensors);
    return input;
  }
}

onEachDevice(() => {
  test("a pass holds what is in use, however many layers there are, and gives what predict gives", () => {
    const image = Input({ shape: [4, 4, 1] });
    const counting = new Counting({});
    let x = new Conv2D({ filters: 2, kernelSize: 3, padding: "same" }).apply(image);
    for (let index = 0; index < 12; index++) {
      const y = new Conv2D({ filters: 2, kernelSize: 3, padding: "same", activation: "tanh" }).apply(x);
      x = counting.apply(new Add().apply([new Dropout({ rate: 0.5 }).apply(x), y]));
    }
    const model = new Model({ inputs: image, outputs: x, seed: 1 });
    const input = tf.ones([2, 4, 4, 1]);
    const expected = model.predict(input);
    counting.counts.length = 0;
    const network = openNetwork("test", model);
    const output = tf.tidy(() => {
      const values = new Map([[network.inputs[0] ?? -1, input]]);
      runSteps(network.steps, values, network.outputs);
      return tf.clone(requireValue(values, network.outputs[0] ?? -1));
    });
    expect(new Set(counting.counts).size).toBe(1);
    expect(counting.counts).toHaveLength(12);
    expect(tf.tidy(() => tf.max(tf.abs(tf.sub(output, expected))).arraySync())).toBeLessThan(1e-6);
    expect(input.isDisposed).toBe(false);
    for (const tensor of [input, expected, output]) tensor.dispose();
    model.dispose();
  });
});

import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, test } from "vitest";
import { activations } from "../../testing/activations.ts";
import { conv2d } from "../../operations/convolution/conv2d.ts";
import { registerGradients } from "../register-gradients.ts";
import { useBackend } from "@featuremap/testing/backend";
import { offerKernel } from "../../testing/offer-kernel.ts";

useBackend(registerGradients);

const GROUPS = 2;
const withdrawn: (() => void)[] = [];
afterEach(() => {
  for (const withdraw of withdrawn.splice(0)) withdraw();
});

/** A kernel for several groups, by one that knows only one: each input's share of the last axis goes to its own. */
function offerGrouped(kernelName: string, plain: string): void {
  withdrawn.push(
    offerKernel(kernelName, (inputs, attributes) => {
      const { inputShape = [], filterShape = [] } = attributes as { inputShape?: number[]; filterShape?: number[] };
      const shares = Object.entries(inputs).map(([name, x]) => [name, tf.split(x, GROUPS, x.rank - 1)] as const);
      const own = {
        ...attributes,
        inputShape: inputShape.map((length, axis) => (axis === 3 ? length / GROUPS : length)),
        filterShape: filterShape.map((length, axis) => (axis === 3 ? length / GROUPS : length)),
      };
      const parted = Array.from({ length: GROUPS }, (_, group) => {
        const parts = Object.fromEntries(shares.map(([name, all]) => [name, all[group] as tf.Tensor]));
        return tf.engine().runKernel<tf.Tensor>(plain, parts, own);
      });
      return [tf.concat(parted, 3)];
    }),
  );
}

/** Output and gradients of a convolution with groups. */
function results(activation: "relu" | "relu6" | "tanh", useBias: boolean): number[][] {
  return tf.tidy(() => {
    const shapes = [[2, 6, 5, 4], [3, 2, 2, 6], [6]];
    const inputs = shapes.map((shape, seed) => tf.randomNormal(shape, 0, 2, "float32", seed + 1));
    const compute = (...[x, kernel, bias]: tf.Tensor[]): tf.Tensor =>
      conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, useBias ? (bias as tf.Tensor1D) : null, activations[activation], {
        strides: [1, 1],
        padding: "same",
        dilation: [1, 1],
        groups: GROUPS,
      });
    const taken = useBias ? inputs : inputs.slice(0, 2);
    const gradients = tf.grads((...each: tf.Tensor[]) => tf.sum(tf.square(compute(...each))))(taken);
    return [compute(...inputs), ...gradients].map((result) => [...result.dataSync()]);
  });
}

test.for([
  ["relu", true],
  ["relu6", false],
  ["tanh", true],
] as const)(
  "a device's convolution of groups with %s gives what each group's own gives, bias %s",
  ([activation, useBias]) => {
    const expected = results(activation, useBias);
    offerGrouped("GroupedConv2D", tf.FusedConv2D);
    offerGrouped("GroupedConv2DBackpropInput", tf.Conv2DBackpropInput);
    offerGrouped("GroupedConv2DBackpropFilter", tf.Conv2DBackpropFilter);
    const actual = results(activation, useBias);
    expect(actual).toHaveLength(expected.length);
    for (const [index, values] of expected.entries()) {
      const far = values.filter((value, at) => !(Math.abs(value - (actual[index]?.[at] ?? Number.NaN)) < 1e-3));
      expect(far).toEqual([]);
    }
  },
);

import { firstDifference } from "@featuremap/testing/closeness";
import { useBackend } from "@featuremap/testing/backend";
import { tolerances } from "@featuremap/testing/tolerances";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type ActivationName, resolveActivation } from "./activations.ts";
import golden from "./activation-bends.golden.json" with { type: "json" };
import { registerGradients } from "@featuremap/operations";

useBackend(registerGradients);

/** Where what is here is known to differ from Keras, by name: see `ActivationName`. */
const differs: Readonly<Record<string, string>> = {
  celu: "at exactly 0 TensorFlow adds up the slopes of both sides",
  sparsemax: "adds up to 1 here, as its paper has it",
};

test.for(golden.cases.filter(({ name }) => !(name in differs)))("$name bends where it bends in Keras", (kind) => {
  const activation = resolveActivation("test", kind.name as ActivationName);
  tf.tidy(() => {
    const x = tf.tensor1d(golden.x);
    const values = [activation.apply(x), tf.grad((input: tf.Tensor) => activation.apply(tf.clone(input)))(x)];
    const differences = [kind.y, kind.slopes].map((wanted, index) => {
      const received = { shape: [wanted.length], values: values[index]?.dataSync<"float32">() ?? [] };
      return firstDifference(received, { shape: [wanted.length], values: wanted }, tolerances.operation);
    });
    expect(differences).toEqual([undefined, undefined]);
  });
});

test("what differs are names that Keras has", () => {
  const names = new Set(golden.cases.map(({ name }) => name));
  expect(Object.keys(differs).filter((name) => !names.has(name))).toEqual([]);
});

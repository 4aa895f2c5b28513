import type { FixedShape, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { Layer } from "../layer.ts";
import { deserializeLayer } from "../serialization.ts";
import { type GoldenLayer, expectClose, hostArrayOf, operationTolerance, tensorOf } from "./golden.ts";

/** What Keras gave for one layer, which may take several inputs, and may have trained. */
export type GoldenCall = Omit<GoldenLayer, "input" | "inputGradient" | "weights" | "weightGradients"> & {
  readonly inputs: readonly GoldenLayer["input"][];
  readonly inputGradients: readonly GoldenLayer["input"][];
  readonly weights?: GoldenLayer["weights"];
  readonly weightGradients?: GoldenLayer["weightGradients"];
};

/** The same for a layer of one input. */
export function goldenCall(golden: GoldenLayer): GoldenCall {
  return { ...golden, inputs: [golden.input], inputGradients: [golden.inputGradient] };
}

/**
 * Makes the layer of Keras's config, and expects its config, output shape, output, and gradients for inputs and weights
 * to be Keras's, on the device in use.
 *
 * @param tolerance as a share, as in {@link expectClose}
 */
export function expectKerasNumbers(golden: GoldenCall, tolerance: number = operationTolerance): void {
  const layer = deserializeLayer(golden.layer, "fixture");
  const shapes: FixedShape[] = golden.inputs.map(({ shape }) => shape);
  layer.buildAll(shapes);
  layer.setWeights((golden.weights ?? []).map(hostArrayOf));
  expect(JSON.parse(JSON.stringify(layer.serialize()))).toEqual(golden.layer);
  const open: Shape[] = shapes.map((shape) => [null, ...shape.slice(1)]);
  expect(layer.inferShapes(open)).toEqual([golden.outputShape]);
  tf.tidy(() => {
    const inputs = golden.inputs.map((input) => tf.variable(tensorOf(input)));
    expectOutput(layer, inputs, golden, tolerance);
    expectGradients(layer, inputs, golden, tolerance);
    tf.dispose(inputs);
  });
  layer.dispose();
}

function expectOutput(layer: Layer, inputs: readonly tf.Tensor[], golden: GoldenCall, tolerance: number): void {
  const training = golden.weightsAfter !== undefined;
  const [output = tf.zeros([0])] = layer.callAll(inputs, { training });
  expectClose(output, golden.output, tolerance);
  golden.weightsAfter?.forEach((after, index) => {
    expectClose(layer.weights[index]?.variable ?? tf.zeros([0]), after, tolerance);
  });
  if (training) layer.setWeights((golden.weights ?? []).map(hostArrayOf));
}

function expectGradients(layer: Layer, inputs: readonly tf.Variable[], golden: GoldenCall, tolerance: number): void {
  const training = golden.weightsAfter !== undefined;
  const upstream = tensorOf(golden.upstream);
  const variables = [...inputs, ...layer.trainableWeights.map(({ variable }) => variable)];
  const { grads } = tf.variableGrads(() => {
    const [output = tf.zeros([0])] = layer.callAll(inputs, { training });
    return tf.sum(tf.mul(output, upstream));
  }, variables);
  [...golden.inputGradients, ...(golden.weightGradients ?? [])].forEach((gradient, index) => {
    expectClose(grads[variables[index]?.name ?? ""] ?? tf.zeros([0]), gradient, tolerance);
  });
}

import { HostArray } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** An array in a fixture file. */
export interface GoldenArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What Keras gave for one layer: see `tooling/fixtures`. */
export interface GoldenLayer {
  readonly name: string;
  /** Keras's JSON. */
  readonly layer: unknown;
  readonly input: GoldenArray;
  readonly weights: readonly GoldenArray[];
  readonly outputShape: readonly (number | null)[];
  readonly output: GoldenArray;
  /** The loss is `sum(output * upstream)`. */
  readonly upstream: GoldenArray;
  readonly inputGradient: GoldenArray;
  readonly weightGradients: readonly GoldenArray[];
  /** After a pass that trains. */
  readonly weightsAfter?: readonly GoldenArray[];
}

export function hostArrayOf({ values, shape }: GoldenArray): HostArray<Float32Array> {
  return new HostArray(Float32Array.from(values), shape);
}

export function tensorOf({ values, shape }: GoldenArray): tf.Tensor {
  return tf.tensor(Float32Array.from(values), [...shape], "float32");
}

/** Allowed difference of single operations, as a share of the larger of the element and the array's mean magnitude. */
export const operationTolerance = 1e-5;

/** Expects shape and elements to be Keras's. */
export function expectClose(actual: tf.Tensor, expected: GoldenArray, tolerance: number = operationTolerance): void {
  expect(actual.shape).toEqual(expected.shape);
  const values = actual.dataSync<"float32">();
  const magnitude = expected.values.reduce((sum, value) => sum + Math.abs(value), 0) / expected.values.length;
  expected.values.forEach((value, index) => {
    const difference = Math.abs((values[index] ?? Number.NaN) - value);
    const allowed = tolerance * Math.max(Math.abs(value), magnitude);
    if (!(difference <= allowed)) {
      expect.fail(`element ${index} is ${values[index]}, must be ${value} within ${allowed}`);
    }
  });
}

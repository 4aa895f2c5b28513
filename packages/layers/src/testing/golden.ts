import { HostArray } from "@featuremap/tensor";
import { firstDifference } from "@featuremap/testing/closeness";
import { tolerances } from "@featuremap/testing/tolerances";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** An array in a fixture file. */
export interface GoldenArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export function hostArrayOf({ values, shape }: GoldenArray): HostArray<Float32Array> {
  return new HostArray(Float32Array.from(values), shape);
}

export function tensorOf({ values, shape }: GoldenArray): tf.Tensor {
  return tf.tensor(Float32Array.from(values), [...shape], "float32");
}

/** Expects shape and elements to be Keras's. */
export function expectClose(actual: tf.Tensor, expected: GoldenArray, tolerance: number = tolerances.operation): void {
  const difference = firstDifference(
    { shape: actual.shape, values: actual.dataSync<"float32">() },
    expected,
    tolerance,
  );
  if (difference !== undefined) expect.fail(difference);
}

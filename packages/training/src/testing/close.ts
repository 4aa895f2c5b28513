import type { Tensor, TensorLike } from "@tensorflow/tfjs-core";
import { tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** Largest relative difference allowed between one operation here and in Keras. */
export const operationTolerance = 1e-5;

/** Largest relative difference allowed after several training steps. */
export const stepsTolerance = 1e-4;

/** Expects a tensor of the same shape and, up to `tolerance` relative to values above 1 and absolute below, values. */
export function expectClose(actual: Tensor | undefined, expected: TensorLike, tolerance: number): void {
  tidy(() => {
    const wanted = tensor(expected as number[]);
    expect(actual?.shape).toEqual(wanted.shape);
    expectCloseNumbers([...(actual?.dataSync() ?? [])], [...wanted.dataSync()], tolerance);
  });
}

/** Expects as many numbers, each within `tolerance * max(1, |expected|)`. */
export function expectCloseNumbers(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) {
    const difference = Math.abs((actual[index] ?? Number.NaN) - value);
    expect(difference, `element ${index}: ${actual[index]} for ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
  }
}

import { HostArray, type NestedNumbers } from "@featuremap/tensor";
import { type NumberArray, firstDifference } from "@featuremap/testing/closeness";
import { tolerances } from "@featuremap/testing/tolerances";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Between one operation here and in Keras. */
export const operationTolerance: number = tolerances.operation;

/** After several training steps. */
export const stepsTolerance: number = tolerances.steps;

/**
 * Expects a tensor of the same shape and of close values, as {@link firstDifference} has it.
 *
 * @param start what a weight was before it moved: how far it has moved is then compared
 */
export function expectClose(
  actual: Tensor | undefined,
  expected: NestedNumbers,
  tolerance: number,
  start?: NestedNumbers,
): void {
  const received = { shape: actual?.shape ?? [], values: actual?.dataSync<"float32">() ?? [] };
  const origin = start === undefined ? {} : { start: arrayOf(start) };
  throwDifference(firstDifference(received, arrayOf(expected), tolerance, origin));
}

/** The same for as many numbers. */
export function expectCloseNumbers(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  const asArray = (values: readonly number[]) => ({ shape: [values.length], values });
  throwDifference(firstDifference(asArray(actual), asArray(expected), tolerance));
}

function arrayOf(nested: NestedNumbers): NumberArray {
  const { data, shape } = HostArray.from(nested);
  return { shape, values: Array.from(data) };
}

function throwDifference(difference: string | undefined): void {
  if (difference !== undefined) throw new Error(difference);
}

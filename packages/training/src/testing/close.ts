import { type Tensor, type TensorLike, tensor, tidy } from "@tensorflow/tfjs-core";

/** Largest relative difference allowed between one operation here and in Keras. */
export const operationTolerance = 1e-5;

/** Largest relative difference allowed after several training steps. */
export const stepsTolerance = 1e-4;

/** Expects a tensor of the same shape whose values {@link expectCloseNumbers} finds close. */
export function expectClose(actual: Tensor | undefined, expected: TensorLike, tolerance: number): void {
  tidy(() => {
    const wanted = tensor(expected);
    if (String(actual?.shape) !== String(wanted.shape)) {
      throw new Error(`expected shape ${String(wanted.shape)}, got ${String(actual?.shape)}`);
    }
    expectCloseNumbers([...(actual?.dataSync() ?? [])], [...wanted.dataSync()], tolerance);
  });
}

/** Expects as many numbers, each within `tolerance * max(1, |expected|)`. */
export function expectCloseNumbers(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  if (actual.length !== expected.length) throw new Error(`expected ${expected.length} numbers, got ${actual.length}`);
  for (const [index, wanted] of expected.entries()) {
    const value = actual[index] ?? Number.NaN;
    // Written so that NaN is far from everything.
    if (!(Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted)))) {
      throw new Error(`expected ${wanted} at ${index}, got ${value}`);
    }
  }
}

/**
 * How far numbers may be from Keras's, for every test of the repository.
 *
 * Each is a share of the larger of the element and the mean magnitude of its array: sums of float32 in another order
 * differ by that much even where what is left of them is small.
 */
export interface Tolerances {
  /** One operation: a layer, a loss, a metric, one step of an optimizer, and their gradients. */
  readonly operation: number;
  /** Several training steps, or a whole network, in which differences of operations add up. */
  readonly steps: number;
}

/** What is measured with one of {@link Tolerances}. */
export type Precision = keyof Tolerances;

/** On the wasm engine and on TensorFlow.js's cpu backend. */
export const tolerances: Tolerances = { operation: 1e-5, steps: 1e-4 };

/**
 * On WebGPU, computed by SwiftShader, which the browser tests ask Chromium for: the same. Of an operation it needs 4e-6,
 * of ten steps 5e-6. WGSL would allow an adapter far less (`exp` may miss by `3 + 2 |x|` units in the last place, `pow` by
 * more): one that needs looser tolerances has them here.
 */
export const webgpuTolerances: Tolerances = { operation: 1e-5, steps: 1e-4 };

/**
 * How far numbers may be from Keras's, for every test of the repository.
 *
 * Each is a share of the larger of the element and the mean magnitude of its array: sums of float32 in another order
 * differ by that much even where what is left of them is small. Of weights that were trained, it is a share of how far
 * they have moved instead: they barely change in a few steps.
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

/**
 * Differences that no tolerance forbids, as a share of the largest magnitude in the array: the distance of float32's
 * numbers. Two devices that round a number of that size differently are this far apart, however little is left of it in
 * another element.
 */
export const leastShare: number = 2 ** -23;

/**
 * The same for a weight that has moved, which each step rounds to float32 anew, as a number of such distances of the
 * weight itself.
 */
export const weightRoundings = 4;

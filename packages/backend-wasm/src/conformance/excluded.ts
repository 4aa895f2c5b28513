/** A case of TensorFlow.js's specs that this backend is right to fail. */
export interface ExcludedCase {
  /** Full name, as Jasmine gives it. */
  readonly name: string;
  readonly reason: string;
}

/** Every case that is not held against the backend; one that passes must go from this list. */
export const excluded: readonly ExcludedCase[] = [
  {
    name: "avgPool featuremap-wasm {} gradient x=[3,3,1] f=[3,3] s=1 p=explicit",
    reason:
      "It expects every window's gradient divided by 9, the size of the window, where the forward pass of the same " +
      "specs divides by the number of values inside the input (4 or 6 here). This backend returns the gradient of " +
      "that forward pass: dy = [0, 3, 0, 6, 0, 9, 0, 12] gives dx[1] = 3/4 + 6/6 = 1.75 and not 9/9.",
  },
];

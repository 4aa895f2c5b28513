import { memory } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect } from "vitest";

/** Fails a test file that ends with more or fewer tensors than it began with; call it once, at the file's top. */
export function expectNoTensorLeaks(): void {
  let before = 0;
  beforeAll(() => {
    before = memory().numTensors;
  });
  afterAll(() => {
    expect(memory().numTensors, "tensors at the end of the file").toBe(before);
  });
}

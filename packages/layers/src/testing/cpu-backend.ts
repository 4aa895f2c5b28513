import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { afterAll, beforeAll, expect } from "vitest";

/** Runs the file's tests on tfjs's cpu backend, and expects them to leave no tensor behind. */
export function useCpuBackend(): void {
  let tensorsBefore = 0;
  beforeAll(async () => {
    await tf.setBackend("cpu");
    tensorsBefore = tf.memory().numTensors;
  });
  afterAll(() => {
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });
}

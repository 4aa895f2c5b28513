import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect } from "vitest";
import { registerGradients } from "../gradients/register-gradients.ts";

/** Runs the file's tests on tfjs's cpu backend, and expects them to leave no tensor behind. */
export function useCpuBackend(): void {
  let tensorsBefore = 0;
  beforeAll(async () => {
    // Keeps tfjs from advising its native backend on the console.
    tf.env().set("IS_TEST", true);
    await tf.setBackend("cpu");
    registerGradients();
    tensorsBefore = tf.memory().numTensors;
  });
  afterAll(() => {
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });
}

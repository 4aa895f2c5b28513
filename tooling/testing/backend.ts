// oxlint-disable-next-line import/no-unassigned-import -- It registers the backend.
import "@tensorflow/tfjs-backend-cpu";
import { env, memory, setBackend } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect } from "vitest";

/**
 * Runs the file's tests on TensorFlow.js's cpu backend, and expects them to leave no tensor behind.
 *
 * @param prepare runs before the tests, on that backend: `registerGradients`, for instance
 */
export function useBackend(prepare: () => void = () => {}): void {
  let tensorsBefore = 0;
  beforeAll(async () => {
    // Keeps TensorFlow.js from advising its native backend on the console.
    env().set("IS_TEST", true);
    await setBackend("cpu");
    prepare();
    tensorsBefore = memory().numTensors;
  });
  afterAll(() => {
    expect(memory().numTensors, "tensors at the end of the file").toBe(tensorsBefore);
  });
}

import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect } from "vitest";
import { registerWasmBackend } from "../index.ts";

/** Runs a file's tests on this backend with two threads, and holds them to leave no tensor behind. */
export function useWasmBackend(): void {
  let numTensors = 0;

  beforeAll(async () => {
    await registerWasmBackend({ threads: 2 });
    await tf.setBackend("featuremap-wasm");
    numTensors = tf.memory().numTensors;
  });

  afterAll(() => {
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.removeBackend("featuremap-wasm");
  });
}

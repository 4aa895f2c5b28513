import { type Device, type DeviceName, openDevice } from "@featuremap/devices";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect } from "vitest";

/** Opens a device for the tests of the block, and expects them to leave no tensor behind. */
export function useDevice(name: DeviceName): void {
  let device: Device | undefined;
  let before = 0;
  beforeAll(async () => {
    // Keeps tfjs from advising its native backend on the console.
    tf.env().set("IS_TEST", true);
    device = await openDevice(name, name === "wasm" ? { threads: 2 } : {});
    before = tf.memory().numTensors;
  });
  afterAll(async () => {
    expect(tf.memory().numTensors, "tensors at the end").toBe(before);
    await device?.dispose();
  });
}

/** The same tests on the reference backend and on our engine. */
export function onEachDevice(tests: () => void): void {
  for (const name of ["cpu", "wasm"] as const) {
    describe(`on ${name}`, () => {
      useDevice(name);
      tests();
    });
  }
}

import { NotReadyError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { requireDevice } from "./device.ts";

test("without a device the error says which call opens one", () => {
  expect(() => requireDevice("Trainer")).toThrow(NotReadyError);
  expect(() => requireDevice("Trainer")).toThrow(
    "Trainer: no device is open. Call await openDevice() of @featuremap/devices first",
  );
});

test("with a backend of tfjs nothing is asked for, though nobody has chosen it yet", async () => {
  await import("@tensorflow/tfjs-backend-cpu");
  requireDevice("Trainer");
  expect(tf.getBackend()).toBe("cpu");
});

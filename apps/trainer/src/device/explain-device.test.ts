import { DeviceFailureError, DeviceLostError } from "@featuremap/tensor";
import { expect, test } from "vitest";
import { explainDevice } from "./explain-device.ts";

test.for([
  new DeviceLostError("wasm: a worker thread failed: x", "Remove the backend and register it again."),
  new DeviceFailureError("WebGPU: a kernel is refused", "Report it."),
])("%s: another device, once", (error) => {
  const explained = explainDevice(error);
  expect(explained).toMatchObject({ code: error.code, what: error.what, cause: error });
  expect(String(explained)).toBe(
    `${error.name}: ${error.what}. Run it again, or with another --device: featuremap doctor lists them.`,
  );
  expect(explainDevice(explained)).toBe(explained);
  const other = new Error("x");
  expect(explainDevice(other)).toBe(other);
});

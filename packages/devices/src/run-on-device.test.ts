import { getBackend, setBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { openDevice } from "./open-device.ts";
import { runOnDevice } from "./run-on-device.ts";

test("work runs on its device, and the backend of tensors stays what it was, even where the work fails", async () => {
  const wasm = await openDevice("wasm", { threads: 1 });
  const cpu = await openDevice("cpu");
  expect(runOnDevice(wasm, getBackend)).toBe("featuremap-wasm");
  const fail = (): never => {
    throw new Error(getBackend());
  };
  expect(() => runOnDevice(wasm, fail)).toThrow("featuremap-wasm");
  expect(getBackend()).toBe("cpu");
  await setBackend(wasm.backend);
  await wasm.dispose();
  expect(() => runOnDevice(wasm, getBackend)).toThrow(
    expect.objectContaining({ code: "UNAVAILABLE", message: expect.stringContaining("The device wasm was closed") }),
  );
  await cpu.dispose();
});

import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, test, vi } from "vitest";
import { registerWasmBackend } from "../register.ts";

vi.mock(import("./platform.node.ts"), async (original) => {
  const platform = await original();
  return {
    ...platform,
    availableThreads: () => 2,
    startWorkers: (start) =>
      platform.startWorkers(start, new URL("../testing/faulty-worker.mjs", import.meta.url), { argv: ["throw"] }),
  };
});

afterEach(() => {
  if (tf.findBackendFactory("featuremap-wasm") !== null) tf.removeBackend("featuremap-wasm");
});

test("one thread works where others do not start and none was asked for, and the console says why", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const info = await registerWasmBackend();
  expect(info).toMatchObject({ threads: 1, sharedMemory: false });
  expect(warn.mock.calls).toEqual([
    [expect.stringMatching(/^featuremap-wasm: using one thread, which is slower\. .*this worker was told to throw/)],
  ]);
  warn.mockRestore();
  await tf.setBackend(info.name);
  const nine = tf.tidy(() => tf.square(tf.scalar(3)));
  expect(await nine.data()).toEqual(Float32Array.of(9));
  nine.dispose();
});

test("threads that were asked for are an error where they do not start", async () => {
  await expect(registerWasmBackend({ threads: 2 })).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

import type { Device, DeviceRequest } from "@featuremap/devices";
import { loadBundle } from "@featuremap/formats";
import { KernelBackend, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { beforeEach, expect, test, vi } from "vitest";
import { loadClassifier } from "./load-classifier.ts";
import { copyingBundle, picture } from "./testing/small-bundle.ts";

const opened = vi.hoisted(() => [] as string[]);

/** A page whose WebGPU opens and then runs nothing, and whose wasm is played by the plain backend. */
vi.mock(import("@featuremap/devices"), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    async leaseDevice(request: DeviceRequest = "auto"): Promise<Device> {
      opened.push(request);
      if (request === "wasm") return { ...(await original.leaseDevice("cpu")), name: "wasm" };
      registerBackend("webgpu", () => new BrokenBackend());
      await setBackend("webgpu");
      const dispose = async (): Promise<void> => removeBackend("webgpu");
      const reason = { kind: "fastest", text: "the fastest here" } as const;
      return { name: "webgpu", backend: "webgpu", description: "WebGPU on nothing", reason, dispose };
    },
  };
});

class BrokenBackend extends KernelBackend {
  override dispose(): void {}
}

beforeEach(() => opened.splice(0));

test("auto falls back to wasm where WebGPU opens and cannot run the model, and says so", async () => {
  const classifier = await loadClassifier(await copyingBundle());
  expect(opened).toEqual(["auto", "wasm"]);
  expect(classifier.device).toMatchObject({
    name: "wasm",
    reason: { kind: "fallback", text: expect.stringContaining("WebGPU on nothing cannot run this model") },
  });
  expect((await classifier.classify(picture(0, 9, 0, 0))).predictions[0]?.label).toBe("north-east");
  classifier.dispose();
});

test("WebGPU that was asked for is no other device, and neither is it for a model that is loaded already", async () => {
  const refusal = expect.objectContaining({ code: "UNAVAILABLE", message: expect.stringContaining("cannot run this") });
  await expect(loadClassifier(await copyingBundle(), { device: "webgpu" })).rejects.toThrow(refusal);
  const bundle = await loadBundle(await copyingBundle());
  await expect(loadClassifier(bundle)).rejects.toThrow(refusal);
  expect(opened).toEqual(["webgpu", "auto"]);
});

import { getBackend, memory, tensor1d } from "@tensorflow/tfjs-core";
import { describe, expect, test, vi } from "vitest";

import { chooseDevice } from "./choose-device.ts";
import { type Device, type DeviceRequest, devices, openDevice } from "./index.ts";
import { platform as page } from "./openers/open.browser.ts";

const openInPage = (request: DeviceRequest): Promise<Device> => chooseDevice(request, {}, page);

describe("openDevice", () => {
  test("cpu computes without a word on the terminal", async () => {
    const warn = vi.spyOn(console, "warn");
    const device = await openDevice("cpu");
    expect(device).toMatchObject({ name: "cpu", backend: "cpu", reason: { kind: "asked" } });
    expect(getBackend()).toBe("cpu");
    const ones = tensor1d([1, 1]);
    expect(await ones.data()).toEqual(Float32Array.of(1, 1));
    ones.dispose();
    await device.dispose();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("auto in Node takes wasm where no GPU package is installed, which is not a fault", async () => {
    const device = await openDevice("auto", { threads: 1 });
    expect(device).toMatchObject({ name: "wasm", backend: "featuremap-wasm", threads: 1 });
    expect(["relaxed", "simd128"]).toContain(device.binary);
    expect(device.description).toMatch(/^WebAssembly, 1 thread/);
    expect(device.reason).toEqual({ kind: "fastest", text: "the fastest here" });
    expect(device.tried).toEqual([
      { name: "node-gpu", problem: expect.stringContaining("npm install @tensorflow/tfjs-node-gpu"), installed: false },
    ]);
    await device.dispose();
  });

  test.for(["wasm", "cpu"] as const)("%s makes the table's backend the one of tensors", async (name) => {
    const device = await openDevice(name);
    expect([device.backend, getBackend()]).toEqual(Array(2).fill(devices[name].backend));
    await device.dispose();
  });

  test("wasm opens again after it was disposed, without a word on the terminal", async () => {
    const warn = vi.spyOn(console, "warn");
    for (const threads of [1, 2]) {
      const device = await openDevice("wasm", { threads });
      const ones = tensor1d([1, 1]);
      expect(await ones.data()).toEqual(Float32Array.of(1, 1));
      ones.dispose();
      await device.dispose();
    }
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("wasm opened twice is one backend, which the last to be disposed ends", async () => {
    const first = await openDevice("wasm", { threads: 2 });
    const held = tensor1d([1, 2]);
    const second = await openDevice("wasm");
    expect(second.threads).toBe(2);
    await expect(openDevice("wasm", { threads: 1 })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining("threads must be 2, like the registered backend's"),
    });
    await second.dispose();
    await second.dispose();
    expect(await held.data()).toEqual(Float32Array.of(1, 2));
    held.dispose();
    await first.dispose();
    const third = await openDevice("wasm", { threads: 1 });
    expect(third.threads).toBe(1);
    await third.dispose();
  });

  test.for(["node-gpu", "node"] as const)("%s names the package to install", async (request) => {
    await expect(openDevice(request)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("npm install @tensorflow/tfjs-node"),
    });
  });

  test("each platform says what to use in place of the other's devices", async () => {
    await expect(openDevice("webgpu")).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(
        /^openDevice: webgpu is not available in Node\. .*npm install @tensorflow\/tfjs-node-gpu/,
      ),
    });
    for (const request of ["node", "node-gpu"] as const) {
      await expect(openInPage(request)).rejects.toMatchObject({
        code: "UNAVAILABLE",
        message: `openDevice: ${request} is not available in a page. It is for Node. Open "webgpu" for the GPU, or "wasm" for all cores.`,
      });
    }
  });

  test("a page without WebGPU says what is missing", async () => {
    await expect(openInPage("webgpu")).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("navigator.gpu is absent"),
    });
  });

  test("no tensor was left behind", async () => {
    await openDevice("cpu");
    expect(memory().numTensors).toBe(0);
  });
});

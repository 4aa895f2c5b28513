import { describe, expect, test } from "vitest";

import { describeAdapter, requestGpu } from "./request-gpu.ts";

const noFields = { vendor: "", architecture: "", device: "", description: "" } as GPUAdapterInfo;

function gpuWith(requestAdapter: () => Promise<unknown>): GPU {
  return { requestAdapter } as unknown as GPU;
}

describe("requestGpu", () => {
  test("says that WebGPU is absent where navigator has no gpu", async () => {
    await expect(requestGpu(undefined)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("navigator.gpu is absent"),
    });
  });

  test("says that no adapter was offered", async () => {
    const gpu = gpuWith(async () => null);
    await expect(requestGpu(gpu)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("offers no adapter"),
    });
  });

  test("keeps the adapter's own reason when it refuses a device", async () => {
    const cause = new Error("out of device memory");
    const gpu = gpuWith(async () => ({ limits: {}, requestDevice: () => Promise.reject(cause) }));
    await expect(requestGpu(gpu)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("no device (out of device memory)"),
      cause,
    });
  });

  test("asks the device for the adapter's own limits", async () => {
    const asked: unknown[] = [];
    const limits = { maxBufferSize: 7, maxStorageBufferBindingSize: 5 };
    const adapter = { limits, info: noFields, requestDevice: async (wanted: unknown) => void asked.push(wanted) };
    await requestGpu(gpuWith(async () => adapter));
    expect(asked).toEqual([{ requiredLimits: expect.objectContaining(limits) }]);
  });
});

describe("describeAdapter", () => {
  test("prefers the description, then vendor and architecture", () => {
    expect(describeAdapter({ ...noFields, description: "SwiftShader Device", vendor: "google" })).toBe(
      "SwiftShader Device",
    );
    expect(describeAdapter({ ...noFields, vendor: "nvidia", architecture: "ampere" })).toBe("nvidia ampere");
    expect(describeAdapter(noFields)).toBe("unnamed adapter");
  });
});

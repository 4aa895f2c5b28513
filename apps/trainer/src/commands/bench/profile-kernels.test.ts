import { type Device, openDevice } from "@featuremap/devices";
import { useBackend } from "@featuremap/testing/backend";
import { Conv2D, type Rank, conv2d, dispose, getKernel, ones, relu, sum, tidy } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { profileKernels } from "./profile-kernels.ts";

describe("profileKernels", () => {
  let device: Device;
  useBackend(async () => {
    device = await openDevice("wasm", { threads: 1 });
    return device;
  });

  test("counts calls, time, operations and bytes of each kernel, the slowest first", async () => {
    const x = ones<Rank.R4>([2, 30, 30, 8]);
    const filter = ones<Rank.R4>([3, 3, 8, 8]);
    const began = performance.now();
    const records = await profileKernels(device.backend, async () => {
      for (let time = 0; time < 3; time++) tidy(() => relu(conv2d(x, filter, 1, "valid"))).dispose();
    });
    const elapsed = performance.now() - began;
    dispose([x, filter]);
    const convolution = records.find(({ kernel }) => kernel === "Conv2D");
    expect(convolution).toMatchObject({
      shapes: "2x30x30x8 * 3x3x8x8",
      calls: 3,
      operations: 3 * 2 * (2 * 28 * 28 * 8) * (3 * 3 * 8),
      bytes: 3 * 4 * (2 * 30 * 30 * 8 + 3 * 3 * 8 * 8 + 2 * 28 * 28 * 8),
    });
    expect(records.find(({ kernel }) => kernel === "Relu")).toMatchObject({ calls: 3 });
    const times = records.map(({ milliseconds }) => milliseconds);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times.reduce((total, time) => total + time, 0)).toBeLessThanOrEqual(elapsed);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
  });

  test("a kernel that runs another leaves that one its time", async () => {
    const x = ones([100, 100, 100]);
    let elapsed = 0;
    const records = await profileKernels(device.backend, async () => {
      const began = performance.now();
      // Axes that are not neighbours are brought together by the transposing kernel.
      sum(x, [0, 2]).dispose();
      elapsed = performance.now() - began;
    });
    x.dispose();
    expect(records.map(({ kernel }) => kernel)).toEqual(expect.arrayContaining(["Sum", "Transpose"]));
    // Counted twice, the transposing alone would exceed what the sum adds.
    expect(records.reduce((total, { milliseconds }) => total + milliseconds, 0)).toBeLessThanOrEqual(elapsed);
  });

  test("leaves the kernels as they were, also after a failure", async () => {
    const before = getKernel(Conv2D, device.backend).kernelFunc;
    await profileKernels(device.backend, async () => {
      expect(getKernel(Conv2D, device.backend).kernelFunc).not.toBe(before);
    });
    expect(getKernel(Conv2D, device.backend).kernelFunc).toBe(before);
    await expect(profileKernels(device.backend, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(getKernel(Conv2D, device.backend).kernelFunc).toBe(before);
  });
});

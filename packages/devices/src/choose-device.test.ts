import { InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";

import { type Platform, chooseDevice } from "./choose-device.ts";
import type { DeviceName, OpenDeviceOptions, Opener } from "./device.ts";

function opens(backend: string, seen: OpenDeviceOptions[] = []): Opener {
  return async (options) => {
    seen.push(options);
    return { backend, description: `${backend} for tests`, async dispose() {} };
  };
}

function fails(message: string): Opener {
  return () => Promise.reject(new Error(message));
}

function platform(entries: [DeviceName, Opener][]): Platform {
  return { name: "a test", openers: new Map(entries), preference: entries.map(([name]) => name) };
}

describe("chooseDevice", () => {
  test("auto takes the first that works, and its reason says what was wrong with those before", async () => {
    const seen: OpenDeviceOptions[] = [];
    const here = platform([
      ["webgpu", fails("no adapter")],
      ["wasm", fails("no SIMD")],
      ["cpu", opens("cpu", seen)],
    ]);
    const device = await chooseDevice("auto", { threads: 2 }, here);
    expect(device).toMatchObject({ name: "cpu", backend: "cpu", reason: "no adapter; no SIMD" });
    expect(seen).toEqual([{}]);
  });

  test("auto fails with every reason when nothing works", async () => {
    const here = platform([
      ["webgpu", fails("no adapter")],
      ["wasm", fails("no SIMD")],
    ]);
    await expect(chooseDevice("auto", {}, here)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: "No device works here. no adapter; no SIMD",
    });
  });

  test("what was asked for is opened, and nothing takes its place when it fails", async () => {
    const here = platform([
      ["wasm", fails("no SIMD")],
      ["cpu", opens("cpu")],
    ]);
    await expect(chooseDevice("wasm", {}, here)).rejects.toThrow("no SIMD");
    await expect(chooseDevice("cpu", {}, here)).resolves.toMatchObject({ reason: "it was asked for" });
  });

  test("a device of another platform is wrong use, and the message lists this platform's", async () => {
    await expect(chooseDevice("webgpu", {}, platform([["cpu", opens("cpu")]]))).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "device",
      message: 'openDevice: device must be one of "auto", "cpu" in a test, received "webgpu".',
    });
  });

  test.for([0, 1.5, -1, Number.NaN])("rejects %s threads", async (threads) => {
    await expect(chooseDevice("auto", { threads }, platform([]))).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "threads",
    });
  });

  test("auto does not take threads that a device refuses for the device's failure", async () => {
    const refuses: Opener = () => Promise.reject(new InvalidConfigError("a device", "threads", "at most 64", 65));
    const here = platform([
      ["wasm", refuses],
      ["cpu", opens("cpu")],
    ]);
    await expect(chooseDevice("auto", { threads: 65 }, here)).rejects.toMatchObject({ option: "threads" });
  });

  test("threads reach the device that has them, and are wrong use for one that has none", async () => {
    const seen: OpenDeviceOptions[] = [];
    const here = platform([
      ["wasm", opens("featuremap-wasm", seen)],
      ["cpu", opens("cpu")],
    ]);
    await chooseDevice("wasm", { threads: 2 }, here);
    expect(seen).toEqual([{ threads: 2 }]);
    await expect(chooseDevice("cpu", { threads: 2 }, here)).rejects.toMatchObject({ option: "threads" });
  });
});

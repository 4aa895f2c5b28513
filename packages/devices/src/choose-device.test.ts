import { InvalidConfigError } from "@featuremap/tensor";
import { describe, expect, test, vi } from "vitest";

import { chooseDevice } from "./choose-device.ts";
import type { DeviceRequest, OpenDeviceOptions, Opener } from "./device.ts";
import type { DeviceName } from "./device-table.ts";
import { NotInstalledError } from "./openers/not-installed-error.ts";
import type { Platform } from "./platform.ts";

function opens(what: string, seen: OpenDeviceOptions[] = []): Opener {
  return async (options) => {
    seen.push(options);
    return { description: `${what} for tests`, async dispose() {} };
  };
}

function fails(message: string): Opener {
  return () => Promise.reject(new Error(message));
}

function platform(entries: [DeviceName, Opener][]): Platform {
  const preference = entries.map(([name]) => name);
  return { name: "a test", openers: new Map(entries), preference, instead: "Use another." };
}

describe("chooseDevice", () => {
  test("auto takes the first that works, and its reason says what was wrong with those before", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const seen: OpenDeviceOptions[] = [];
    const here = platform([
      ["webgpu", fails("no adapter")],
      ["wasm", fails("no SIMD")],
      ["cpu", opens("cpu", seen)],
    ]);
    const device = await chooseDevice("auto", { threads: 2 }, here);
    expect(device).toMatchObject({
      name: "cpu",
      backend: "cpu",
      reason: { kind: "fallback", text: "no adapter; no SIMD" },
      tried: [
        { name: "webgpu", problem: "no adapter", installed: true },
        { name: "wasm", problem: "no SIMD", installed: true },
      ],
    });
    expect(seen).toEqual([{}]);
    await chooseDevice("auto", {}, here);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/plain JavaScript, many times slower.*no adapter; no SIMD/)],
    ]);
    warn.mockRestore();
  });

  test("auto does not count among failures what is not installed, and keeps it as data", async () => {
    const here = platform([
      ["node-gpu", () => Promise.reject(new NotInstalledError("a package is not installed", "Install it."))],
      ["wasm", opens("wasm")],
    ]);
    expect(await chooseDevice("auto", {}, here)).toMatchObject({
      name: "wasm",
      backend: "featuremap-wasm",
      reason: { kind: "fastest", text: "the fastest here" },
      tried: [{ name: "node-gpu", problem: "a package is not installed. Install it.", installed: false }],
    });
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
    await expect(chooseDevice("cpu", {}, here)).resolves.toMatchObject({
      reason: { kind: "asked", text: "it was asked for" },
    });
  });

  test("a device that no platform has is wrong use, and the message lists this platform's", async () => {
    const request = "tpu" as DeviceRequest;
    await expect(chooseDevice(request, {}, platform([["cpu", opens("cpu")]]))).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "device",
      message: 'openDevice: device must be one of "auto", "cpu" in a test, received "tpu".',
    });
  });

  test("a device that another platform has is not available, and the message says what to use instead", async () => {
    await expect(chooseDevice("webgpu", {}, platform([["cpu", opens("cpu")]]))).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: "openDevice: webgpu is not available in a test. Use another.",
    });
  });

  test.for([
    ["gpu", '"auto", "node-gpu", "wasm" in a test (did you mean "node-gpu"?), received "gpu"'],
    ["WASM", '(did you mean "wasm"?), received "WASM"'],
    ["tensorflow", 'in a test, received "tensorflow"'],
    ["", 'in a test, received ""'],
    [{}, "in a test, received "],
    [null, "in a test, received null"],
    [2, "in a test, received 2"],
    [["webgpu"], 'in a test, received ["webgpu"]'],
  ] as const)("refuses %j as a device, and tells which there are", async ([request, message]) => {
    const here = platform([
      ["node-gpu", opens("node-gpu")],
      ["wasm", opens("wasm")],
    ]);
    await expect(chooseDevice(request as DeviceRequest, {}, here)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      option: "device",
      message: expect.stringContaining(message),
    });
  });

  test.for([
    [{ thread: 2 }, 'among those it has (did you mean threads?), received "thread"'],
    [4, "must be an object, as { threads: 4 }, received 4"],
    [null, "must be an object, as { threads }, received null"],
  ] as const)("refuses %j as options", async ([options, message]) => {
    await expect(chooseDevice("auto", options as OpenDeviceOptions, platform([]))).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining(message),
    });
  });

  test.for([0, 1.5, -1, 1e9, Number.NaN, "2", null])("rejects %j threads", async (threads) => {
    await expect(chooseDevice("auto", { threads: threads as number }, platform([]))).rejects.toMatchObject({
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
      ["wasm", opens("wasm", seen)],
      ["cpu", opens("cpu")],
    ]);
    await chooseDevice("wasm", { threads: 2 }, here);
    expect(seen).toEqual([{ threads: 2 }]);
    await expect(chooseDevice("cpu", { threads: 2 }, here)).rejects.toMatchObject({ option: "threads" });
  });
});

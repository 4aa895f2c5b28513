import type { Device, DeviceName, DeviceRequest } from "@featuremap/devices";
import { UnavailableError } from "@featuremap/tensor";
import { KernelBackend, engine, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { leaseDevice } from "./lease-device.ts";

/** Devices of this file: what the machine has, and what was opened. */
const machine = vi.hoisted(() => ({ hasWebgpu: true, opened: [] as string[] }));

vi.mock("@featuremap/devices", () => ({
  async openDevice(request: DeviceRequest): Promise<Device> {
    if (request === "webgpu" && !machine.hasWebgpu) throw new UnavailableError("no adapter", "Use another device.");
    const name: DeviceName = request === "auto" ? (machine.hasWebgpu ? "webgpu" : "wasm") : request;
    const backend = name === "wasm" ? "featuremap-wasm" : name;
    machine.opened.push(name);
    await start(backend);
    const reason = request === "auto" ? "automatic" : "it was asked for";
    return { name, backend, description: `the ${name}`, reason, dispose: async () => removeBackend(backend) };
  },
}));

class FakeBackend extends KernelBackend {
  override dispose(): void {}
}

async function start(backend: string): Promise<void> {
  if (running().includes(backend)) removeBackend(backend);
  registerBackend(backend, () => new FakeBackend());
  await setBackend(backend);
}

const running = (): string[] => Object.keys(engine().registry);

beforeEach(() => Object.assign(machine, { hasWebgpu: true, opened: [] }));
afterEach(() => {
  for (const backend of running()) removeBackend(backend);
});

test("classifiers share a device, which the last of them closes", async () => {
  const [first, second] = await Promise.all([leaseDevice("auto"), leaseDevice("webgpu")]);
  expect(machine.opened).toEqual(["webgpu"]);
  expect([first.device.reason, second.device.reason]).toEqual(["automatic", "it was asked for"]);
  await first.release();
  await first.release();
  expect(running()).toEqual(["webgpu"]);
  await second.release();
  expect(running()).toEqual([]);
});

test("different devices stay open beside each other", async () => {
  const wasm = await leaseDevice("wasm");
  const automatic = await leaseDevice("auto");
  expect(automatic.device.name).toBe("webgpu");
  expect(running().toSorted()).toEqual(["featuremap-wasm", "webgpu"]);
  await Promise.all([wasm.release(), automatic.release()]);
  expect(running()).toEqual([]);
});

test("auto shares what another classifier runs on rather than open it anew", async () => {
  machine.hasWebgpu = false;
  const wasm = await leaseDevice("wasm");
  const automatic = await leaseDevice("auto");
  expect(automatic.device).toMatchObject({ name: "wasm", reason: expect.stringContaining("no adapter") });
  await wasm.release();
  const again = await leaseDevice("auto");
  expect(machine.opened).toEqual(["wasm"]);
  await Promise.all([automatic.release(), again.release()]);
  expect(running()).toEqual([]);
});

test.for(["auto", "wasm"] as const)(
  "%s uses the device that the program opened, and leaves it open",
  async (request) => {
    await start("featuremap-wasm");
    const first = await leaseDevice(request);
    const second = await leaseDevice(request);
    expect(first.device).toMatchObject({ name: "wasm", description: "WebAssembly" });
    await Promise.all([first.release(), second.release()]);
    expect(machine.opened).toEqual([]);
    expect(running()).toEqual(["featuremap-wasm"]);
  },
);

test("auto does not stay with the plain JavaScript backend", async () => {
  await start("cpu");
  const { device, release } = await leaseDevice("auto");
  expect(device.name).toBe("webgpu");
  await release();
});

test("a device that does not open is no hindrance to the next", async () => {
  machine.hasWebgpu = false;
  await expect(leaseDevice("webgpu")).rejects.toThrow("no adapter");
  const { device, release } = await leaseDevice("wasm");
  expect(device.name).toBe("wasm");
  await release();
});

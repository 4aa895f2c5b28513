import { UnavailableError } from "@featuremap/tensor";
import { KernelBackend, engine, getBackend, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OpenedBackend } from "./device.ts";
import { type DeviceNameOn, devices } from "./device-table.ts";
import { leaseDevice } from "./lease-device.ts";
import { openDevice } from "./open-device.ts";

/** Devices of this file: what the machine has, and what was opened. */
const machine = vi.hoisted(() => ({ hasWebgpu: true, opened: [] as string[] }));

/** A page whose devices only seem to compute. */
vi.mock(import("#open"), async () => {
  const { platformOf } = await import("./platform.ts");
  const open = (name: DeviceNameOn<"page">) => async (): Promise<OpenedBackend> => {
    if (name === "webgpu" && !machine.hasWebgpu) throw new UnavailableError("no adapter", "Use another device.");
    const { backend } = devices[name];
    machine.opened.push(name);
    await start(backend);
    return { description: `the ${name}`, dispose: async () => removeBackend(backend) };
  };
  const openers = { webgpu: open("webgpu"), wasm: open("wasm"), cpu: open("cpu") };
  return { platform: platformOf("page", openers, "Use another.") };
});

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

test("leases share a device, which the last of them closes", async () => {
  const [first, second] = await Promise.all([leaseDevice("auto"), leaseDevice("webgpu")]);
  expect(machine.opened).toEqual(["webgpu"]);
  expect([first.reason.kind, second.reason.kind]).toEqual(["fastest", "asked"]);
  await first.dispose();
  await first.dispose();
  expect(running()).toEqual(["webgpu"]);
  await second.dispose();
  expect(running()).toEqual([]);
});

test("different devices stay open beside each other", async () => {
  const wasm = await leaseDevice("wasm");
  const automatic = await leaseDevice("auto");
  expect(automatic.name).toBe("webgpu");
  expect(running().toSorted()).toEqual(["featuremap-wasm", "webgpu"]);
  await Promise.all([wasm.dispose(), automatic.dispose()]);
  expect(running()).toEqual([]);
});

test("auto shares what another lease runs on rather than open it anew", async () => {
  machine.hasWebgpu = false;
  const wasm = await leaseDevice("wasm");
  const automatic = await leaseDevice("auto");
  expect(automatic).toMatchObject({
    name: "wasm",
    reason: { kind: "fallback", text: expect.stringContaining("no adapter") },
  });
  await wasm.dispose();
  const again = await leaseDevice("auto");
  expect(machine.opened).toEqual(["wasm"]);
  await Promise.all([automatic.dispose(), again.dispose()]);
  expect(running()).toEqual([]);
});

test.for(["auto", "wasm"] as const)(
  "%s uses the device that the program opened, and leaves it open",
  async (request) => {
    await start("featuremap-wasm");
    const first = await leaseDevice(request);
    const second = await leaseDevice(request);
    const reason = { kind: request === "auto" ? "open" : "asked" };
    const expected = { name: "wasm", description: "WebAssembly", reason };
    expect([first, second]).toMatchObject([expected, expected]);
    await Promise.all([first.dispose(), second.dispose()]);
    expect(machine.opened).toEqual([]);
    expect(running()).toEqual(["featuremap-wasm"]);
  },
);

test("auto does not stay with the plain JavaScript backend", async () => {
  await start("cpu");
  const device = await leaseDevice("auto");
  expect(device.name).toBe("webgpu");
  await device.dispose();
});

test("a device that does not open is not a hindrance to the next", async () => {
  machine.hasWebgpu = false;
  await expect(leaseDevice("webgpu")).rejects.toThrow("no adapter");
  const device = await leaseDevice("wasm");
  expect(device.name).toBe("wasm");
  await device.dispose();
});

test("a device of the program's is closed when neither the program nor a lease uses it", async () => {
  const own = await openDevice("webgpu");
  const leased = await leaseDevice("auto");
  expect(leased).toMatchObject({ name: "webgpu", description: "the webgpu", reason: { kind: "open" } });
  await own.dispose();
  expect(running()).toEqual(["webgpu"]);
  const again = await leaseDevice("auto");
  expect(again.reason.kind).toBe("fastest");
  await Promise.all([leased.dispose(), again.dispose()]);
  expect(machine.opened).toEqual(["webgpu"]);
  expect(running()).toEqual([]);
});

test("a device that is leased and then opened by the program outlives the lease", async () => {
  const leased = await leaseDevice("wasm");
  const own = await openDevice("webgpu");
  const other = await leaseDevice("webgpu");
  await Promise.all([leased.dispose(), other.dispose()]);
  expect([running(), getBackend()]).toEqual([["webgpu"], "webgpu"]);
  await own.dispose();
  expect(running()).toEqual([]);
});

test("a device that is opened while its last lease ends is open afterwards", async () => {
  const first = await leaseDevice("webgpu");
  const [, second] = await Promise.all([first.dispose(), leaseDevice("webgpu")]);
  expect(running()).toEqual(["webgpu"]);
  await second.dispose();
});

test("a lease of a backend that was removed, and registered by somebody else, leaves that alone", async () => {
  const first = await leaseDevice("webgpu");
  removeBackend("webgpu");
  await start("webgpu");
  await first.dispose();
  expect(running()).toEqual(["webgpu"]);
});

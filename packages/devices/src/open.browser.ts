import { chooseDevice } from "./choose-device.ts";
import type { Device, DeviceName, DeviceRequest, OpenDeviceOptions, Opener } from "./device.ts";
import { openCpu } from "./open-cpu.ts";
import { openWasm } from "./open-wasm.ts";
import { openWebgpu } from "./open-webgpu.ts";

const openers: ReadonlyMap<DeviceName, Opener> = new Map<DeviceName, Opener>([
  ["webgpu", openWebgpu],
  ["wasm", openWasm],
  ["cpu", openCpu],
]);

/** A page's devices; see the package's `openDevice`. */
export function openDevice(request: DeviceRequest = "auto", options: OpenDeviceOptions = {}): Promise<Device> {
  return chooseDevice(request, options, { name: "a page", openers, preference: ["webgpu", "wasm", "cpu"] });
}

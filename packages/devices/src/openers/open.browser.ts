import { chooseDevice } from "../choose-device.ts";
import type { Device, DeviceName, DeviceRequest, OpenDeviceOptions, Opener } from "../device.ts";
import { openCpu } from "./open-cpu.ts";
import { openWasm } from "./open-wasm.ts";
import { openWebgpu } from "./open-webgpu.ts";

const openers: ReadonlyMap<DeviceName, Opener> = new Map<DeviceName, Opener>([
  ["webgpu", openWebgpu],
  ["wasm", openWasm],
  ["cpu", openCpu],
]);

const inPages = 'It is for Node. Open "webgpu" for the GPU, or "wasm" for all cores.';
const elsewhere: ReadonlyMap<DeviceName, string> = new Map<DeviceName, string>([
  ["node-gpu", inPages],
  ["node", inPages],
]);

/** A page's devices; see the package's `openDevice`. */
export function openDevice(request: DeviceRequest = "auto", options: OpenDeviceOptions = {}): Promise<Device> {
  return chooseDevice(request, options, { name: "a page", openers, preference: ["webgpu", "wasm", "cpu"], elsewhere });
}

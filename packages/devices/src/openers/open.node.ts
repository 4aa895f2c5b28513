import { chooseDevice } from "../choose-device.ts";
import type { Device, DeviceName, DeviceRequest, OpenDeviceOptions, Opener } from "../device.ts";
import { openCpu } from "./open-cpu.ts";
import { openTensorflowNode } from "./open-tensorflow-node.ts";
import { openWasm } from "./open-wasm.ts";

const openers: ReadonlyMap<DeviceName, Opener> = new Map<DeviceName, Opener>([
  ["node-gpu", (options) => openTensorflowNode("node-gpu", options)],
  ["node", (options) => openTensorflowNode("node", options)],
  ["wasm", openWasm],
  ["cpu", openCpu],
]);

const elsewhere: ReadonlyMap<DeviceName, string> = new Map<DeviceName, string>([
  [
    "webgpu",
    'It is for pages. For a CUDA GPU, npm install @tensorflow/tfjs-node-gpu and open "node-gpu"; "wasm" computes on all cores.',
  ],
]);

/** Node's devices; see the package's `openDevice`. */
export function openDevice(request: DeviceRequest = "auto", options: OpenDeviceOptions = {}): Promise<Device> {
  return chooseDevice(request, options, { name: "Node", openers, preference: ["node-gpu", "wasm"], elsewhere });
}

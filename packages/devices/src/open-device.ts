import { openDevice as openHere } from "#open";

import type { Device, DeviceRequest, OpenDeviceOptions } from "./device.ts";

/**
 * Opens hardware and makes it the backend of tfjs-core, to which every tensor then goes.
 *
 * In Node: "auto" (node-gpu if it is installed and finds a GPU, else wasm), "node-gpu", "node", "wasm", "cpu".
 * In a page: "auto" (webgpu, else wasm, else cpu), "webgpu", "wasm", "cpu".
 *
 * Where `auto` ends on `cpu` the console says why, once: WebAssembly runs everywhere, so something is broken.
 *
 * @throws {InvalidConfigError} there is no such device, an option is unknown, or `threads` does not fit the device.
 * @throws {UnavailableError} the device does not work here; the message says what to install or to use instead.
 */
export function openDevice(request: DeviceRequest = "auto", options: OpenDeviceOptions = {}): Promise<Device> {
  return openHere(request, options);
}

import { platform } from "#open";

import { chooseDevice } from "./choose-device.ts";
import type { Device, DeviceRequest, OpenDeviceOptions } from "./device.ts";
import { heldBy } from "./holders.ts";
import { inTurn } from "./in-turn.ts";

/**
 * Opens hardware and makes it the backend of tfjs-core, to which every tensor then goes. The table `devices` tells which there
 * are and which of them `auto` tries, in its order.
 *
 * Where `auto` ends on `cpu` the console says why, once: WebAssembly runs everywhere, so something is broken.
 *
 * @throws {InvalidConfigError} there is no such device, an option is unknown, or `threads` does not fit the device.
 * @throws {UnavailableError} the device does not work here; the message says what to install or to use instead.
 */
export function openDevice(request: DeviceRequest = "auto", options: OpenDeviceOptions = {}): Promise<Device> {
  return inTurn(() => chooseDevice(request, options, heldBy("program", platform)));
}

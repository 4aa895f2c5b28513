import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";

import type { Device, DeviceName, DeviceRequest, OpenDeviceOptions, Opener } from "./device.ts";

/** Devices of one platform. */
export interface Platform {
  /** Where this is, for messages: "Node" or "a page". */
  readonly name: string;
  readonly openers: ReadonlyMap<DeviceName, Opener>;
  /** What `auto` tries, the fastest first. */
  readonly preference: readonly DeviceName[];
}

/** Devices that run on threads of ours to count. */
const threaded: ReadonlySet<DeviceName> = new Set<DeviceName>(["node-gpu", "node", "wasm"]);

/**
 * Opens what was asked for, or the first that works. With `auto`, `threads` is for those that have any.
 *
 * @throws {InvalidConfigError} the platform has no such device, or `threads` does not fit it.
 * @throws {UnavailableError} the device does not work here; with `auto`, none does.
 */
export async function chooseDevice(
  request: DeviceRequest,
  options: OpenDeviceOptions,
  { name, openers, preference }: Platform,
): Promise<Device> {
  const { threads } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new InvalidConfigError("openDevice", "threads", "an integer of at least 1", threads);
  }
  if (request === "auto") return openFirst(options, openers, preference);
  const opener = openers.get(request);
  if (opener === undefined) {
    const known = ["auto", ...openers.keys()].map((entry) => `"${entry}"`).join(", ");
    throw new InvalidConfigError("openDevice", "device", `one of ${known} in ${name}`, request);
  }
  if (threads !== undefined && !threaded.has(request)) {
    throw new InvalidConfigError("openDevice", "threads", `absent for "${request}"`, threads);
  }
  return { name: request, reason: "it was asked for", ...(await opener(options)) };
}

async function openFirst(
  options: OpenDeviceOptions,
  openers: Platform["openers"],
  preference: readonly DeviceName[],
): Promise<Device> {
  const failures: string[] = [];
  for (const name of preference) {
    const opener = openers.get(name);
    if (opener === undefined) continue;
    try {
      const opened = await opener(threaded.has(name) ? options : {});
      return { name, reason: failures.length === 0 ? "the fastest here" : failures.join("; "), ...opened };
    } catch (error) {
      if (error instanceof InvalidConfigError) throw error;
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new UnavailableError("No device works here", failures.join("; "));
}

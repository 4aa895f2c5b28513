import type { Opener } from "./device.ts";
import { type DeviceName, type DeviceNameOn, type DevicePlatform, deviceNames } from "./device-table.ts";

/** Devices of one platform. */
export interface Platform {
  /** Where this is, for messages: "Node" or "a page". */
  readonly name: string;
  readonly openers: ReadonlyMap<DeviceName, Opener>;
  /** What `auto` tries, the fastest first. */
  readonly preference: readonly DeviceName[];
  /** What to use here instead of a device that only another platform has, as a sentence. */
  readonly instead: string;
}

/** A platform as the table of devices has it, with an opener for each of its devices. */
export function platformOf<Where extends DevicePlatform>(
  where: Where,
  openers: Readonly<Record<DeviceNameOn<Where>, Opener>>,
  instead: string,
): Platform {
  return {
    name: where === "node" ? "Node" : "a page",
    openers: new Map(deviceNames(where).map((name) => [name, openers[name]])),
    preference: deviceNames(where, "auto"),
    instead,
  };
}

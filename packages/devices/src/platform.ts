import type { Opener } from "./device.ts";
import { type DeviceName, type DeviceNameOn, type DevicePlatform, deviceNames } from "./device-table.ts";

/** Devices of one platform. */
export interface Platform {
  /** Where this is, for messages: "Node" or "a page". */
  readonly name: string;
  readonly openers: ReadonlyMap<DeviceName, Opener>;
  /** What `auto` tries, the fastest first. */
  readonly preference: readonly DeviceName[];
  /** Devices that only the other platform has. */
  readonly elsewhere: readonly DeviceName[];
  /** What to use here instead of those, as a sentence. */
  readonly instead: string;
}

const places: Readonly<Record<DevicePlatform, { readonly name: string; readonly other: DevicePlatform }>> = {
  node: { name: "Node", other: "page" },
  page: { name: "a page", other: "node" },
};

/** A platform as the table of devices has it, with an opener for each of its devices. */
export function platformOf<Where extends DevicePlatform>(
  where: Where,
  openers: Readonly<Record<DeviceNameOn<Where>, Opener>>,
  instead: string,
): Platform {
  const { name, other } = places[where];
  const names = deviceNames(where);
  return {
    name,
    openers: new Map(names.map((each) => [each, openers[each]])),
    preference: deviceNames(where, "auto"),
    elsewhere: deviceNames(other).filter((each) => !Object.hasOwn(openers, each)),
    instead,
  };
}

import type { Device } from "@featuremap/devices";

/** A device in words that can be printed as JSON. */
export type DeviceDescription = Pick<Device, "name" | "description" | "reason">;

/** What a device is and why it was taken. */
export function describeDevice({ name, description, reason }: Device): DeviceDescription {
  return { name, description, reason };
}

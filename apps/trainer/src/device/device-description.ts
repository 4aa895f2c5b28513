import type { Device } from "@featuremap/devices";

/** A device in words that can be printed as JSON. */
export interface DeviceDescription extends Pick<Device, "name" | "description"> {
  /** Why this one, for people. */
  readonly reason: string;
}

/** What a device is and why it was taken. */
export function describeDevice({ name, description, reason }: Device): DeviceDescription {
  return { name, description, reason: reason.text };
}

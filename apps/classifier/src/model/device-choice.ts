import { deviceNames, devices } from "@featuremap/devices/table";
import type { DeviceChoice } from "@featuremap/inference";

/** The page's device of that name; `auto` where it has none. */
export function toDeviceChoice(name: string | null): DeviceChoice {
  return deviceNames("page").find((known) => known === name) ?? "auto";
}

/** Adds every device that pages have. */
export function offerDevices(select: HTMLSelectElement): void {
  select.append(...deviceNames("page").map((name) => new Option(devices[name].label, name)));
}

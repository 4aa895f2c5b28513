import { type DeviceEntry, devices } from "@featuremap/devices/table";
import type { ResolvedOption } from "./resolve-options.ts";

const entries: Readonly<Record<string, DeviceEntry>> = devices;

/** Whether a device computes on as many threads as it is told to; of `auto` that is known only once it is open. */
export function takesThreads(device: unknown): boolean {
  return typeof device !== "string" || !Object.hasOwn(entries, device) || entries[device]?.takesThreads === true;
}

/**
 * What holds for each option, without a number of threads that was said for other devices than the one to compute on: in a config
 * file, such as that of a run which goes on elsewhere, or in a variable. What was typed stays, for the device to refuse.
 */
export function withoutSpareThreads(options: readonly ResolvedOption[]): readonly ResolvedOption[] {
  const device = options.find(({ key }) => key === "device")?.value;
  if (takesThreads(device)) return options;
  return options.map((resolved) => {
    const { key, option, origin } = resolved;
    return key === "threads" && origin !== "flag" ? { key, option, origin: "default" } : resolved;
  });
}

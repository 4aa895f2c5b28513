import type { DeviceRequest } from "@featuremap/devices";
import type { DeviceDescription } from "../device-description.ts";
import type { OptionReader } from "../option-values.ts";

/** `--device` and `--threads`, where they were given. */
export function readDevice(options: OptionReader): { device?: DeviceRequest; threads?: number } {
  const device = options.oneOf("device", ["auto", "node-gpu", "node", "wasm", "cpu"]);
  const threads = options.integer("threads", 1);
  return { ...(device === undefined ? {} : { device }), ...(threads === undefined ? {} : { threads }) };
}

/**
 * What a command runs on, for people.
 *
 * Why that was taken is of use to who asked for a device, or where another one is broken; that an optional package is
 * not installed is no news to anybody else.
 */
export function deviceLine({ name, description, reason }: DeviceDescription, asked: DeviceRequest | undefined): string {
  const isNews = asked !== undefined || !reason.includes(" is not installed");
  return `On ${name}: ${description}${isNews ? ` (${reason})` : ""}`;
}

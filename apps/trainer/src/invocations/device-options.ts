import type { DeviceRequest } from "@featuremap/devices";
import type { DeviceDescription } from "../device-description.ts";
import type { OptionReader } from "../option-values.ts";

/** `--device` and `--threads`, where they were given. */
export function readDevice(options: OptionReader): { device?: DeviceRequest; threads?: number } {
  const device = options.oneOf("device", ["auto", "node-gpu", "node", "wasm", "cpu"]);
  const threads = options.integer("threads", 1);
  return { ...(device === undefined ? {} : { device }), ...(threads === undefined ? {} : { threads }) };
}

/** What a command runs on and why, for people. */
export function deviceLine({ name, description, reason }: DeviceDescription): string {
  return `On ${name}: ${description} (${reason})`;
}
